import LVSConfig
import LVSModel
import LVSPlan
import Testing

/// What the file wants of a director where real servers are down or drained.
struct HealthTargetTests {
  /// How web1 and web2 are, and what the service is to have then: their weights and the fallback's, nil for one that is not
  /// in it. The file has the weights 3, 5 and 7.
  struct Course: Sendable, CustomTestStringConvertible {
    var states: String
    var onFailure = FailurePolicy.drain
    var hasFallback = false
    var weights: [Int32?]

    init(_ states: String, _ onFailure: FailurePolicy = .drain, hasFallback: Bool = false, weights: [Int32?]) {
      self.states = states
      self.onFailure = onFailure
      self.hasFallback = hasFallback
      self.weights = weights
    }

    var testDescription: String { "\(states), \(onFailure.rawValue)\(hasFallback ? ", with a fallback" : "")" }

    /// The words stand for web1, web2 and sorry.
    var health: Health {
      var health = Health()
      for (place, word) in states.split(separator: " ").enumerated() {
        let (name, address) = [("web1", Classic.web1), ("web2", Classic.web2), ("sorry", Checked.sorry)][place]
        let parts = word.split(separator: "+")
        if parts.contains("drained") { health.drains[name] = 100 }
        if parts.contains("down") { health.verdicts[Checked.rule(address)] = Verdict(.down, since: 5, reason: "no") }
        if parts.contains("up") { health.verdicts[Checked.rule(address)] = Verdict(.up, since: 5) }
      }
      return health
    }

    var file: ClusterFile { Checked.file(onFailure: onFailure, hasFallback: hasFallback) }
  }

  static let courses: [Course] = [
    Course("unknown unknown", weights: [3, 5]),
    Course("up up", weights: [3, 5]),
    Course("down up", weights: [0, 5]),
    Course("down down", weights: [0, 0]),
    Course("drained up", weights: [0, 5]),
    Course("drained+down up", weights: [0, 5]),
    Course("down up", .remove, weights: [nil, 5]),
    Course("down down", .remove, weights: [nil, nil]),
    Course("drained up", .remove, weights: [0, 5]),
    Course("drained+down up", .remove, weights: [nil, 5]),
    Course("up up", hasFallback: true, weights: [3, 5, nil]),
    Course("unknown unknown", hasFallback: true, weights: [3, 5, nil]),
    Course("down up", hasFallback: true, weights: [0, 5, nil]),
    Course("down down", hasFallback: true, weights: [0, 0, 7]),
    Course("down drained", hasFallback: true, weights: [0, 0, 7]),
    Course("drained drained", hasFallback: true, weights: [0, 0, 7]),
    Course("down down", .remove, hasFallback: true, weights: [nil, nil, 7]),
    Course("down down drained", hasFallback: true, weights: [0, 0, 0]),
    Course("up up drained", hasFallback: true, weights: [3, 5, nil]),
    // Nothing is asked of the fallback, whatever somebody knows of its address.
    Course("down down down", hasFallback: true, weights: [0, 0, 7]),
  ]

  private func weights(_ file: ClusterFile, _ health: Health) throws -> [Int32?] {
    let target = file.target(for: try file.node(named: "director1", role: .auto), health: health)
    let servers = target.state.services[Classic.service]?.realServers ?? [:]
    return file.services[0].realServers.map { servers[$0.id]?.weight }
  }

  @Test(arguments: courses) func `health decides on weights`(course: Course) throws {
    #expect(try weights(course.file, course.health) == course.weights)
  }

  @Test func `a server of weight 0 in the file does not keep the fallback away`() throws {
    let file = Checked.file(hasFallback: true, weights: [0, 5])
    #expect(try weights(file, Health()) == [0, 5, nil])
    #expect(try weights(file, Course("up down", weights: []).health) == [0, 0, 7])
    #expect(try weights(Checked.file(hasFallback: true, weights: [0, 0]), Health()) == [0, 0, 7])
  }

  @Test func `a fallback goes by drains also where nothing is checked`() throws {
    let file = Checked.file([], hasFallback: true)
    #expect(try weights(file, Health()) == [3, 5, nil])
    #expect(try weights(file, Course("drained drained", weights: []).health) == [0, 0, 7])
    #expect(try weights(file, Course("down down", weights: []).health) == [3, 5, nil])
  }

  @Test func `all checks must pass, and a server's own stand for those of its service`() throws {
    let web = Check(.http(HTTPCheck()))
    let both = Checked.file([Check(.tcp), web])
    let down = Verdict(.down, since: 5, reason: "http 503")
    let up = Verdict(.up, since: 9)
    #expect(
      try weights(both, Health(verdicts: [Checked.rule(Classic.web1): up, Checked.rule(Classic.web1, web): down]))
        == [0, 5])
    let own = Checked.file([Check(.tcp)], own: [web])
    #expect(try weights(own, Health(verdicts: [Checked.rule(Classic.web1): down])) == [3, 5])
    #expect(try weights(own, Health(verdicts: [Checked.rule(Classic.web1, web): down])) == [0, 5])
    let none = Checked.file([Check(.tcp)], own: [])
    #expect(try weights(none, Health(verdicts: [Checked.rule(Classic.web1): down])) == [3, 5])
  }

  @Test func `a verdict on another question says nothing`() throws {
    let others = [
      Checked.rule(Classic.web1, Check(.tcp, port: 81)), Checked.rule(Classic.web1, Check(.tcp, timeout: 9)),
      Checked.rule(Classic.web1, Check(.tcp, fall: 9)), Checked.rule(Classic.web1, Check(.udp(UDPCheck()))),
    ]
    let down = Verdict(.down, since: 5, reason: "no")
    let verdicts = Dictionary(others.map { ($0, down) }) { first, _ in first }
    #expect(verdicts.count == 4)
    #expect(try weights(Checked.file(), Health(verdicts: verdicts)) == [3, 5])
  }

  /// What a director holds when it has been brought to a target.
  private func carriedOut(_ plan: Plan, from state: HostState) throws -> HostState {
    var simulation = Simulation(state)
    for change in plan.changes { try simulation.carryOut(change) }
    return simulation.state
  }

  @Test(arguments: courses) func `from each health to each other one is a plan, and then none`(course: Course) throws {
    for former in Self.courses where former.hasFallback == course.hasFallback {
      let before = former.file.target(for: try former.file.node(named: "director1", role: .auto), health: former.health)
      let after = course.file.target(for: try course.file.node(named: "director1", role: .auto), health: course.health)
      let plan = Planner.plan(after, from: before.state, prune: false)
      let end = try carriedOut(plan, from: before.state)
      #expect(end == after.state)
      #expect(try Planner.plan(after, observed: end).isEmpty)
      #expect(plan.isEmpty == (former.weights == course.weights))
    }
  }

  @Test func `the fallback comes before the last one leaves, and leaves after the first one is back`() throws {
    let all = Course("up down", .remove, hasFallback: true, weights: [])
    let none = Course("down down", .remove, hasFallback: true, weights: [])
    let node = try all.file.node(named: "director1", role: .auto)
    let up = all.file.target(for: node, health: all.health)
    let down = none.file.target(for: node, health: none.health)
    #expect(
      Planner.plan(down, from: up.state, prune: false).words == [
        "create real_server tcp 192.168.147.100:80 -> 192.168.147.2:80",
        "delete real_server tcp 192.168.147.100:80 -> 192.168.147.4:80",
      ])
    #expect(
      Planner.plan(up, from: down.state, prune: false).words == [
        "create real_server tcp 192.168.147.100:80 -> 192.168.147.4:80",
        "delete real_server tcp 192.168.147.100:80 -> 192.168.147.2:80",
      ])
  }

  @Test func `a drain holds where a health checker owns the weights, and so does nothing else`() throws {
    let file = Checked.file(hasFallback: true, policy: .external)
    let node = try file.node(named: "director1", role: .auto)
    var observed = file.target(for: node).state
    let web1 = RealServerID(address: Classic.web1, port: 80)
    let web2 = RealServerID(address: Classic.web2, port: 80)
    observed.services[Classic.service]?.realServers[web1]?.weight = 40
    observed.services[Classic.service]?.realServers[web2]?.weight = 0

    let down = Course("down down", weights: []).health
    #expect(try Planner.plan(file.target(for: node, health: down), observed: observed).isEmpty)
    let drained = file.target(for: node, health: Course("drained up", weights: []).health)
    let plan = try Planner.plan(drained, observed: observed)
    #expect(plan.words == ["update real_server tcp 192.168.147.100:80 -> 192.168.147.4:80"])
    let end = try carriedOut(plan, from: observed)
    #expect(end.services[Classic.service]?.realServers[web1]?.weight == 0)
    #expect(end.services[Classic.service]?.realServers[web2]?.weight == 0)
    #expect(try Planner.plan(drained, observed: end).isEmpty)
    // Once it is undrained the weight is the checker's again, whatever it is.
    #expect(try Planner.plan(file.target(for: node), observed: end).isEmpty)

    // A fallback's weight is the file's, also where it comes to a service that is there.
    let all = file.target(for: node, health: Course("drained drained", weights: []).health)
    let coming = try Planner.plan(all, observed: observed)
    let sorry = RealServerID(address: Checked.sorry, port: 80)
    #expect(try carriedOut(coming, from: observed).services[Classic.service]?.realServers[sorry]?.weight == 7)
  }

  @Test func `a standby goes by it as the active director does, and a real server has no use for it`() throws {
    let course = Course("down drained", .remove, hasFallback: true, weights: [])
    let file = course.file
    let standby = file.target(for: try file.node(named: "director2", role: .auto), health: course.health)
    let active = file.target(for: try file.node(named: "director1", role: .auto), health: course.health)
    #expect(standby.state.services == active.state.services)
    for name in ["web1", "sorry"] {
      let node = try file.node(named: name, role: .auto)
      #expect(file.target(for: node, health: course.health) == file.target(for: node))
      #expect(!file.target(for: node).state.addresses.isEmpty)
    }
  }
}
