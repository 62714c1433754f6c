import LVSConfig
import LVSModel
import LVSPlan
import Testing

/// The steps of a drain and of its end, which are about nothing else.
struct HealthStepTests {
  private let web1 = RealServerID(address: Classic.web1, port: 80)
  private let web2 = RealServerID(address: Classic.web2, port: 80)
  private let sorry = RealServerID(address: Checked.sorry, port: 80)

  private func target(_ file: ClusterFile, _ health: Health = Health()) throws -> Target {
    file.target(for: try file.node(named: "director1", role: .auto), health: health)
  }

  private func words(_ plan: Plan) -> [String] {
    plan.changes.map { change in
      let weight = change.after?.realServer.map { " weight \($0.weight)" } ?? ""
      return "\(change.action.rawValue) \(change.id.split(separator: " ").last ?? "")\(weight)"
    }
  }

  /// The steps that drain web1, or bring it back, from what a director holds.
  private func steps(
    _ file: ClusterFile, _ health: Health = Health(), drains: Bool, _ change: (inout HostState) -> Void = { _ in }
  ) throws -> [String] {
    var drained = health
    drained.drains["web1"] = 5
    let (without, with) = (try target(file, health), try target(file, drained))
    var observed = (drains ? without : with).state
    change(&observed)
    let weighing = drains ? [Classic.service: Set([web1])] : [:]
    let (former, wanted) = drains ? (without, with) : (with, without)
    let plan = Plan.healthSteps(from: former, to: wanted, of: observed, weighing: weighing)
    var simulation = Simulation(observed)
    for step in plan.changes { try simulation.carryOut(step) }
    #expect(Plan.healthSteps(from: former, to: wanted, of: simulation.state, weighing: weighing).isEmpty)
    return words(plan)
  }

  @Test func `a drain is one weight, and its end the file's`() throws {
    #expect(try steps(Checked.file(), drains: true) == ["update 192.168.147.4:80 weight 0"])
    #expect(try steps(Checked.file(), drains: false) == ["update 192.168.147.4:80 weight 3"])
  }

  @Test func `whatever else differs from the file stays as it is`() throws {
    let drift: (inout HostState) -> Void = { [web1, web2] state in
      state.services[Classic.service]?.settings.scheduler = .wlc
      state.services[Classic.service]?.realServers[web2]?.weight = 99
      state.services[Classic.service]?.realServers[web1]?.upperThreshold = 10
      state.addresses = [:]
      state.sysctls = [:]
    }
    #expect(try steps(Checked.file(), drains: true, drift) == ["update 192.168.147.4:80 weight 0"])
    #expect(try steps(Checked.file(), drains: false, drift) == ["update 192.168.147.4:80 weight 3"])
    #expect(
      try steps(Checked.file(), drains: true) { $0.services[Classic.service]?.realServers[self.web1] = nil } == [])
    #expect(try steps(Checked.file(), drains: true) { $0.services = [:] } == [])
  }

  @Test func `a server that is down and has a weight all the same is drained to 0`() throws {
    let down = Health(verdicts: [Checked.rule(Classic.web1): Verdict(.down)])
    #expect(try steps(Checked.file(), down, drains: true) == [])
    #expect(
      try steps(Checked.file(), down, drains: true) {
        $0.services[Classic.service]?.realServers[self.web1]?.weight = 8
      } == ["update 192.168.147.4:80 weight 0"])
    #expect(try steps(Checked.file(), down, drains: false) == [])
  }

  @Test func `the fallback comes with the drain of the last one, and leaves with its end`() throws {
    let down = Health(verdicts: [Checked.rule(Classic.web2): Verdict(.down)])
    let file = Checked.file(hasFallback: true)
    #expect(
      try steps(file, down, drains: true) == ["create 192.168.147.2:80 weight 7", "update 192.168.147.4:80 weight 0"])
    #expect(
      try steps(file, down, drains: false) == ["update 192.168.147.4:80 weight 3", "delete 192.168.147.2:80"])
    #expect(try steps(file, drains: true) == ["update 192.168.147.4:80 weight 0"])
  }

  @Test func `where another program owns the weights, the end of a drain gives the file's once`() throws {
    let file = Checked.file(policy: .external)
    let heavy: (inout HostState) -> Void = { [web1] in
      $0.services[Classic.service]?.realServers[web1]?.weight = 40
    }
    #expect(try steps(file, drains: true, heavy) == ["update 192.168.147.4:80 weight 0"])
    #expect(try steps(file, drains: false) == ["update 192.168.147.4:80 weight 3"])
    #expect(try steps(file, drains: false, heavy) == [])
  }
}
