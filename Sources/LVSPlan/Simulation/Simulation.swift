import LVSModel

/// What the kernel makes of steps, as a value: it holds what a machine would hold after them, and refuses what the kernel
/// would refuse.
///
/// The state it begins with is taken for the whole machine: a device, a sysctl or a service that is not in it is not there.
/// `lo` always is, and so are the sysctls of devices and modules that are there.
public struct Simulation: Sendable {
  /// What the machine holds now.
  public internal(set) var state: HostState
  /// Where on the way traffic would have been lost, in the order of the steps; empty where nothing was watched.
  public private(set) var losses: [TrafficLoss] = []
  private let passage: Passage?
  /// Real servers of another family than their service (`mixed_address_family_dests` of struct netns_ipvs).
  var mixedRealServers = 0

  /// Begins with a machine; what a `passage` says must not be lost on the way is watched.
  public init(_ state: HostState, watching passage: Passage? = nil) {
    self.state = state
    self.passage = passage
    for (id, service) in state.services { mixedRealServers += service.mixedRealServers(id) }
  }

  /// Carries out a step, and returns what was done as an undo has to know it: with the values that were not known when the
  /// step was planned, and ahead of a sysctl those that the kernel sets along with it.
  @discardableResult
  public mutating func carryOut(_ change: Change) throws(SimulatedRefusal) -> [Change] {
    do throws(Refusal) {
      switch change.subject {
      case .module(let name): try change.after == nil ? unload(name) : load(name)
      case .sysctl(let name):
        guard let value = change.after?.sysctl else { break }
        var written = try write(name, value)
        watch { $0.losses(ofSysctl: name, in: $1) }
        if let known = change.before?.sysctl { written[written.count - 1].before = known }
        return written.map { .sysctl($0.name, Difference(before: $0.before, after: $0.after)) }
      case .link(let name): try setLink(name, isUp: change.after?.link?.isUp ?? false)
      case .address(let id):
        try setAddress(id, change.difference(\.address))
        watch { $0.losses(of: id, in: $1) }
      case .route(let id): try setRoute(id, change.difference(\.route))
      case .service(let id):
        try setService(id, change.difference(\.service))
        watch { $0.losses(of: id, in: $1) }
      case .realServer(let service, let id):
        try setRealServer(id, of: service, change.difference(\.realServer))
        watch { $0.losses(of: service, in: $1) }
      case .timeouts:
        let wanted = change.after?.timeouts ?? Timeouts()
        let before = try setTimeouts(wanted)
        if change.before?.timeouts?.covers(wanted) == true { break }
        return [.timeouts(Difference(before: before, after: wanted))]
      case .syncDaemon(let role): try setSyncDaemon(role, change.difference(\.syncDaemon))
      }
      return [change]
    } catch {
      throw SimulatedRefusal(
        change: change, errno: error.errno, reason: error.reason, isHalfDone: error.isHalfDone,
        hasGoneAlong: error.hasGoneAlong)
    }
  }

  private mutating func watch(_ losses: (Passage, HostState) -> [TrafficLoss]) {
    if let passage { self.losses += losses(passage, state) }
  }
}
