import Glibc
import LVSKernel
import LVSModel
import LVSNode
import LVSPlan
import Testing

/// A kernel of values in which another program is at work too, and a device loses its routes with its last address.
private final class SharedKernel: StepSink {
  var state: HostState
  /// What the other program does before a step, and how the step then ends where it is refused.
  var meet: (Change, SharedKernel) -> Int32?
  private(set) var tried: [Change] = []

  init(_ state: HostState, meet: @escaping (Change, SharedKernel) -> Int32? = { _, _ in nil }) {
    self.state = state
    self.meet = meet
  }

  func carryOut(_ changes: [Change], pastRefusals: Bool, shouldStop: () -> Bool) -> Progress {
    var progress = Progress()
    for change in changes {
      tried.append(change)
      if let code = meet(change, self) ?? refusal(of: change) {
        progress.failures.append(StepRefusal(change: change, errno: code, message: "errno \(code)"))
        if pastRefusals { continue }
        return progress
      }
      carryOut(change)
      progress.done.append(change)
    }
    return progress
  }

  /// As the kernel answers: a service that is there cannot be made, one that is gone cannot be changed.
  private func refusal(of change: Change) -> Int32? {
    let isThere = state[change.subject] != nil
    switch change.subject {
    case .service:
      if change.after == nil { return nil }
      return isThere != (change.before == nil) ? nil : isThere ? EEXIST : ESRCH
    case .realServer(let service, _):
      if change.after == nil { return nil }
      if state.services[service] == nil { return ESRCH }
      return isThere != (change.before == nil) ? nil : isThere ? EEXIST : ENOENT
    default: return nil
    }
  }

  private func carryOut(_ change: Change) {
    state[change.subject] = change.after
    if case .address(let id) = change.subject {
      if !state.addresses.keys.contains(where: { $0.interface == id.interface }) {
        state.routes = state.routes.filter { $0.key.interface != id.interface }
      }
    }
  }
}

/// A step that meets what another program has done is looked at: done, planned anew, or told.
struct EncounterTests {
  private static let vip = IPAddress(ipv4: 0xc0a8_9364)
  private static let web = ServiceID.address(.tcp, vip, port: 80)
  private static let tls = ServiceID.address(.tcp, vip, port: 443)
  private static let one = RealServerID(address: IPAddress(ipv4: 0xc0a8_9304), port: 80)
  private static let two = RealServerID(address: IPAddress(ipv4: 0xc0a8_9303), port: 80)
  private static let settings = ServiceSettings(scheduler: Scheduler("rr"))

  private static var target: Target {
    var state = HostState()
    state.sysctls = ["net.ipv4.ip_forward": "0"]
    state.services = [
      web: VirtualService(
        settings: settings, realServers: [one: RealServerSettings(weight: 2), two: RealServerSettings(weight: 2)]),
      tls: VirtualService(settings: settings, realServers: [one: RealServerSettings()]),
    ]
    state.addresses = [AddressID(vip, interface: "ens33"): AddressSettings()]
    return Target(state: state, scope: Scope(vips: [vip]))
  }

  private static var before: HostState {
    var state = HostState()
    state.sysctls = ["net.ipv4.ip_forward": "1"]
    state.services = [
      web: VirtualService(settings: ServiceSettings(), realServers: [one: RealServerSettings(weight: 9)])
    ]
    return state
  }

  private func apply(_ kernel: SharedKernel, shouldStop: @escaping () -> Bool = { false }) throws -> [Change] {
    let applier = Applier(
      sink: kernel, observe: { kernel.state }, replan: { try Planner.plan(Self.target, observed: $0) },
      shouldStop: shouldStop)
    let plan = try Planner.plan(Self.target, observed: kernel.state)
    return try applier.apply(plan.changes, before: kernel.state, keepsPartial: false)
  }

  @Test func `what another program has put there first, as wanted, is done and not ours`() throws {
    let kernel = SharedKernel(Self.before) { change, kernel in
      if change.subject == .service(Self.tls), kernel.state.services[Self.tls] == nil {
        kernel.state.services[Self.tls] = Self.target.state.services[Self.tls]
      }
      return nil
    }
    let done = try apply(kernel)
    #expect(try Planner.plan(Self.target, observed: kernel.state).isEmpty)
    #expect(!done.contains { $0.id.hasPrefix("\(Self.tls)") })
  }

  @Test func `what another program has put there first stays when the rest is taken back`() throws {
    let kernel = SharedKernel(Self.before) { change, kernel in
      if case .address = change.subject { return EPERM }
      if change.subject == .service(Self.tls), kernel.state.services[Self.tls] == nil {
        kernel.state.services[Self.tls] = VirtualService(settings: Self.settings)
      }
      return nil
    }
    let error = #expect(throws: ApplyError.self) { _ = try apply(kernel) }
    #expect(error?.progress.failure?.errno == EPERM)
    #expect(error?.encounters.map(\.errno) == [EEXIST])
    var expected = Self.before
    expected.services[Self.tls] = VirtualService(settings: Self.settings)
    #expect(kernel.state == expected)
  }

  @Test func `what another program takes away in the middle is made again`() throws {
    var hasMet = false
    let kernel = SharedKernel(Self.before) { change, kernel in
      guard case .realServer = change.subject, !hasMet else { return nil }
      hasMet = true
      kernel.state.services = [:]
      return nil
    }
    _ = try apply(kernel)
    #expect(try Planner.plan(Self.target, observed: kernel.state).isEmpty)
  }

  @Test func `an undo goes back to the first state before, over all rounds`() throws {
    var hasMet = false
    let kernel = SharedKernel(Self.before) { change, kernel in
      if case .address = change.subject { return EPERM }
      guard case .realServer = change.subject, !hasMet else { return nil }
      hasMet = true
      kernel.state.services = [:]
      return nil
    }
    let error = #expect(throws: ApplyError.self) { _ = try apply(kernel) }
    #expect(error?.takenBack?.isWhole == true)
    #expect(error?.takenBack?.failures == [])
    #expect(kernel.state == Self.before)
  }

  @Test func `three rounds, and then the other program is told of`() throws {
    let kernel = SharedKernel(Self.before) { change, kernel in
      if change.subject == .service(Self.tls), change.action == .create { return EEXIST }
      return nil
    }
    let error = #expect(throws: ApplyError.self) { _ = try apply(kernel) }
    #expect(error?.encounters.count == 2)
    #expect(error?.hasEncounters == true)
    #expect(error?.progress.failure?.errno == EEXIST)
    #expect(kernel.state == Self.before)
    #expect(kernel.tried.count { $0.id == "\(Self.tls)" && $0.action == .create } == 3)
  }

  @Test func `an end on request is one in later rounds too`() throws {
    var meetings = 0
    let kernel = SharedKernel(Self.before) { change, kernel in
      guard change.subject == .service(Self.tls), change.action == .create else { return nil }
      meetings += 1
      return EEXIST
    }
    let error = #expect(throws: ApplyError.self) { _ = try apply(kernel, shouldStop: { meetings > 0 }) }
    #expect(meetings == 1)
    #expect(error?.takenBack?.isWhole == true)
    #expect(kernel.state == Self.before)
  }

  @Test func `an undo of fifty thousand refused steps takes three rounds at most`() throws {
    let servers = (0..<50_000).map { RealServerID(address: IPAddress(ipv4: 0x0a00_0000 + UInt32($0)), port: 80) }
    var before = Self.before
    before.services[Self.web]?.realServers = Dictionary(
      uniqueKeysWithValues: servers.map { ($0, RealServerSettings(weight: 1)) })
    let done = servers.map { server in
      Change.realServer(
        Self.web, server, Difference(before: RealServerSettings(weight: 1), after: RealServerSettings(weight: 2)))
    }
    // Somebody's ipvsadm -C.
    let kernel = SharedKernel(HostState())
    let applier = Applier(
      sink: kernel, observe: { kernel.state }, replan: { try Planner.plan(Self.target, observed: $0) })
    let takenBack = applier.takeBack(done, before: before)
    #expect(takenBack?.remains == [])
    #expect(takenBack?.failures == [])
    #expect(kernel.state.services == before.services)
    #expect(kernel.tried.count == 50_000 + 50_001)
  }

  @Test func `an undo that is refused throughout ends after the second time`() throws {
    let kernel = SharedKernel(Self.before) { _, _ in EPERM }
    let steps = (0..<1000).map { Change.sysctl("s.\($0)", Difference(before: "0", after: "1")) }
    var before = HostState()
    for number in 0..<1000 {
      before.sysctls["s.\(number)"] = "0"
      kernel.state.sysctls["s.\(number)"] = "1"
    }
    let applier = Applier(sink: kernel, observe: { kernel.state }, replan: { _ in Plan() })
    let takenBack = applier.takeBack(steps, before: before)
    #expect(takenBack?.failures.count == 1000)
    #expect(takenBack?.remains.count == 1000)
    #expect(kernel.tried.count == 2000)
  }

  @Test func `the routes that went with the last address of a device come back with it`() throws {
    let address = AddressID(Self.vip, interface: "dummy0")
    let own = RouteID(Self.vip, interface: "dummy0")
    let foreign = RouteID(IPAddress(ipv4: 0x0a08_0001), interface: "dummy0")
    var before = HostState()
    before.addresses[address] = AddressSettings()
    before.routes = [own: RouteSettings(), foreign: RouteSettings(mark: 3)]
    let kernel = SharedKernel(before)
    let removal = Change.address(address, Difference(before: AddressSettings(), after: nil))
    _ = kernel.carryOut([removal], shouldStop: { false })
    #expect(kernel.state.routes == [:])
    var after = HostState()
    #expect(
      Undo.remains(of: [removal], before: before, after: after)
        == ["address \(address)", "route \(foreign)", "route \(own)"])
    after.addresses = before.addresses
    #expect(Undo.remains(of: [removal], before: before, after: after) == ["route \(foreign)", "route \(own)"])
    let applier = Applier(sink: kernel, observe: { kernel.state }, replan: { _ in Plan() })
    #expect(applier.takeBack([removal], before: before)?.isWhole == true)
    #expect(kernel.state == before)
  }
}
