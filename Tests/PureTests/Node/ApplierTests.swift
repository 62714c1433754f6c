import LVSModel
import LVSNode
import LVSPlan
import Testing

struct ApplierTests {
  private static let vip = IPAddress(ipv4: 0xc0a8_9364)
  private static let service = ServiceID.address(.tcp, vip, port: 80)
  private static let old = ServiceID.address(.tcp, vip, port: 8080)
  private static let server = RealServerID(address: IPAddress(ipv4: 0xc0a8_9304), port: 80)
  private static let other = RealServerID(address: IPAddress(ipv4: 0xc0a8_9303), port: 80)
  private static let address = AddressID(vip, interface: "ens33")

  /// Before: a service that goes, one whose server changes, a sysctl, a daemon of the other role.
  private static var before: HostState {
    var state = HostState()
    state.modules = ["ip_vs"]
    state.sysctls = ["net.ipv4.ip_forward": "1"]
    state.timeouts = Timeouts(tcp: 900, tcpFin: 120, udp: 300)
    state.links = ["ens33": LinkSettings(isUp: true)]
    state.syncDaemons = [
      .backup: SyncDaemon(
        interface: "ens33", group: IPAddress(ipv4: 0xe000_0051), port: 8848, ttl: 1, maxlen: 1472)
    ]
    state.services = [
      old: VirtualService(settings: ServiceSettings(), realServers: [server: RealServerSettings(weight: 7)]),
      service: VirtualService(settings: ServiceSettings(), realServers: [server: RealServerSettings(weight: 3)]),
    ]
    return state
  }

  private static var target: Target {
    var state = HostState()
    state.modules = ["ip_vs"]
    state.sysctls = ["net.ipv4.ip_forward": "0"]
    state.timeouts = Timeouts(udp: 60)
    state.syncDaemons = [.master: SyncDaemon(interface: "ens33")]
    state.addresses = [address: AddressSettings(label: "ens33:0")]
    state.services = [
      service: VirtualService(
        settings: ServiceSettings(scheduler: Scheduler("rr")), realServers: [other: RealServerSettings()])
    ]
    let scope = Scope(vips: [vip], coversSyncDaemons: true)
    return Target(state: state, scope: scope)
  }

  private func plan() throws -> Plan { try Planner.plan(Self.target, observed: Self.before) }

  private func apply(_ kernel: SimulatedKernel, keepsPartial: Bool = false, stopBefore step: Int? = nil) throws {
    var asked = 0
    let applier = Applier(
      sink: kernel, observe: { kernel.state }, replan: { try Planner.plan(Self.target, observed: $0) },
      shouldStop: {
        asked += 1
        return asked - 1 == step
      })
    try applier.apply(plan().changes, before: Self.before, keepsPartial: keepsPartial)
  }

  @Test func `a plan that the kernel accepts leaves nothing to plan`() throws {
    let kernel = SimulatedKernel(Self.before)
    try apply(kernel)
    #expect(try Planner.plan(Self.target, observed: kernel.state).isEmpty)
  }

  @Test func `whichever step is refused, the state before comes back`() throws {
    let steps = try plan().changes
    try #require(steps.count > 8)
    for step in steps {
      let kernel = SimulatedKernel(Self.before, refusing: [step])
      let error = #expect(throws: ApplyError.self) { try apply(kernel) }
      #expect(error?.progress.failure?.change == step)
      #expect(error?.takenBack?.failures ?? [] == [] && error?.takenBack?.remains ?? [] == [])
      #expect(kernel.state == Self.before, "after \(step.kind) \(step.id) was refused")
    }
  }

  @Test func `wherever an operator asks for an end, the state before comes back`() throws {
    for step in try plan().changes.indices {
      let kernel = SimulatedKernel(Self.before)
      let error = #expect(throws: ApplyError.self) { try apply(kernel, stopBefore: step) }
      #expect(error?.progress.wasInterrupted == true && error?.progress.done.count == step)
      #expect(kernel.state == Self.before)
    }
  }

  @Test func `with --keep-partial what was done stays`() throws {
    let steps = try plan().changes
    let kernel = SimulatedKernel(Self.before, refusing: [try #require(steps.last)])
    let error = #expect(throws: ApplyError.self) { try apply(kernel, keepsPartial: true) }
    #expect(error?.takenBack == nil)
    #expect(kernel.log == Array(steps.dropLast()))
  }

  @Test func `an undo that is refused is told step by step and the rest is still undone`() throws {
    let steps = try plan().changes
    let first = try #require(steps.first { $0.kind == "address" })
    let refusedUndo = first.reversed
    let kernel = SimulatedKernel(Self.before, refusing: [try #require(steps.last), refusedUndo])
    let error = #expect(throws: ApplyError.self) { try apply(kernel) }
    #expect(error?.takenBack?.failures.map(\.change) == [refusedUndo])
    #expect(error?.takenBack?.remains == ["\(first.kind) \(first.id)"])
    #expect(kernel.state.services == Self.before.services)
  }

  @Test func `a kernel that accepts everything and does nothing is found out`() throws {
    let applier = Applier(
      sink: SimulatedKernel(Self.before), observe: { Self.before },
      replan: { try Planner.plan(Self.target, observed: $0) })
    let error = #expect(throws: NotConverged.self) {
      try applier.apply(plan().changes, before: Self.before, keepsPartial: false)
    }
    #expect(error?.rest == (try plan()))
  }

  @Test func `a proof that cannot be read says how far it came, and leaves what was done`() throws {
    struct Unreadable: Error {}
    let kernel = SimulatedKernel(Self.before)
    let applier = Applier(
      sink: kernel, observe: { throw Unreadable() }, replan: { try Planner.plan(Self.target, observed: $0) })
    let error = #expect(throws: BrokenOff.self) {
      try applier.apply(plan().changes, before: Self.before, keepsPartial: false)
    }
    #expect(error?.reason is Unreadable)
    #expect(error?.done == kernel.log)
    #expect(error?.takenBack == nil)
    #expect(try Planner.plan(Self.target, observed: kernel.state).isEmpty)
  }

  @Test func `an undo that cannot be read back is done all the same, and is no proof`() throws {
    struct Unreadable: Error {}
    let kernel = SimulatedKernel(Self.before, refusing: [try #require(plan().changes.last)])
    let applier = Applier(
      sink: kernel, observe: { throw Unreadable() }, replan: { try Planner.plan(Self.target, observed: $0) })
    let error = #expect(throws: ApplyError.self) {
      try applier.apply(plan().changes, before: Self.before, keepsPartial: false)
    }
    #expect(error?.takenBack?.unread != nil)
    #expect(error?.takenBack?.isWhole == false)
    #expect(kernel.state == Self.before)
  }
}
