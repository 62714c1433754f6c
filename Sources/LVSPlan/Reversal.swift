import LVSModel

/// How a change that nobody confirmed is taken back from what is there now.
///
/// Whatever holds neither what the change made of it nor what was there before is somebody else's work since, and stays.
public struct Reversal: Equatable, Sendable {
  /// What the change did, as far as it is still so: from what was there before to what is there now.
  public private(set) var done: [Change] = []
  /// What the machine holds once that is taken back.
  public private(set) var goal: HostState
  /// What others have changed since, in words.
  public private(set) var foreign: [String] = []
  /// Sysctls outside of `net.`, which nothing that is only remembered sets, with their values before.
  public private(set) var withheld: [String] = []

  private let change: UnconfirmedChange
  private let now: HostState
  /// Whether the kernel keeps who added an address (IFA_PROTO): one that does has signed those of `lo` itself.
  private let tellsMarks: Bool
  /// Forwarding of the whole machine that goes back, with its values before: it moves other sysctls.
  private let returningForwarding: [ForwardingSysctl: String]

  /// Works out what is to be taken back of a change, where the machine holds `now`.
  public init(_ change: UnconfirmedChange, now: HostState) {
    self.change = change
    self.now = now
    tellsMarks = now.addresses.values.contains { $0.mark != 0 }
    goal = now
    var forwarding: [ForwardingSysctl: String] = [:]
    for (name, was) in change.before.sysctls where now.sysctls[name] != was {
      guard let found = now.sysctls[name], found == change.after.sysctls[name] else { continue }
      if let sysctl = ForwardingSysctl(name) { forwarding[sysctl] = was }
    }
    returningForwarding = forwarding
    let steps = Dictionary(change.differences.map { ($0.subject.words, $0) }) { first, _ in first }
    for subject in change.subjects {
      if let step = steps[subject] { add(step) }
    }
    for (id, settings) in change.before.routes where change.after.routes[id] != nil && now.routes[id] == nil {
      goal.routes[id] = settings
    }
  }

  /// The addresses that come back and that neighbours are to be told of: those on interfaces that are `heard`.
  public func announced(_ heard: (_ interface: String) -> Bool) -> Set<AddressID> {
    var announced: Set<AddressID> = []
    for change in done where change.after == nil {
      if case .address(let id) = change.subject, heard(id.interface) { announced.insert(id) }
    }
    return announced
  }

  private mutating func add(_ step: Change) {
    let found = now[step.subject]
    var was = step.before
    switch step.subject {
    case .module: return
    case .service(let id): return addService(id, step)
    case .realServer(let service, let id): return addRealServer(id, of: service, step)
    case .timeouts: return addTimeouts(step)
    case .sysctl(let name):
      // What was not there before cannot be set back, and what is gone neither.
      guard let value = was?.sysctl, found != nil else { return }
      if found == was {
        // It is set again behind the forwarding that goes back, and that moves it.
        guard let moved = movedBack(name), moved != value else { return }
        return done.append(.sysctl(name, Difference(before: value, after: moved)))
      }
      guard name.hasPrefix("net.") else { return withheld.append("\(name) = \(value)") }
    case .link:
      if found == nil { return }
      was = was ?? .link(LinkSettings(isUp: false))
    case .address, .route, .syncDaemon: break
    }
    if isSame(found, was) { return }
    guard isOurs(found, step) else { return foreign.append(step.words) }
    goal[step.subject] = was
    done.append(Change(step.subject, before: was, after: found))
  }

  /// What a sysctl is once forwarding of the whole machine has gone back, or nil where that leaves it alone.
  private func movedBack(_ name: String) -> String? {
    for (sysctl, value) in returningForwarding {
      if let moved = sysctl.value(of: name, after: value) { return moved }
    }
    return nil
  }

  /// Whether what is there is what a step made, in whole or in part.
  private func isOurs(_ found: Settings?, _ step: Change) -> Bool {
    if isSame(found, step.after) { return true }
    // An edit may be a removal and an addition, and the end may have come in between.
    if found == nil { return step.action == .update && step.firstHalf != nil }
    guard case .syncDaemon = step.subject, let found, let after = step.after else { return false }
    return found.satisfies(after)
  }

  private func isSame(_ a: Settings?, _ b: Settings?) -> Bool {
    guard !tellsMarks, let a = a?.address, let b = b?.address else { return a == b }
    return a.label == b.label
  }

  private mutating func addService(_ id: ServiceID, _ step: Change) {
    let difference = step.difference(\.service)
    let found = now.services[id]
    if found?.settings == difference.before { return }
    let isBetween =
      isLettingFallBack(found?.settings, difference.before) || isLettingFallBack(found?.settings, difference.after)
    guard found?.settings == difference.after || isBetween else { return foreign.append(step.words) }
    if difference.before == nil {
      // With the service would go what others have put into it.
      let own = change.after.services[id]?.realServers ?? [:]
      guard found?.realServers.allSatisfy({ own[$0.key] == $0.value }) != false else {
        return foreign.append(step.words)
      }
      goal.services[id] = nil
    } else if found == nil {
      goal.services[id] = change.before.services[id]
    } else if let settings = difference.before {
      goal.services[id]?.settings = settings
    }
    done.append(.service(id, Difference(before: difference.before, after: found?.settings)))
  }

  /// Whether a service is as it is while its real servers run empty; see ``Plan/staged(observed:)``.
  private func isLettingFallBack(_ found: ServiceSettings?, _ own: ServiceSettings?) -> Bool {
    guard change.heading.isGraceful, var settings = own else { return false }
    settings.schedulerFlags.insert(.flag1)
    return found == settings
  }

  private mutating func addRealServer(_ id: RealServerID, of service: ServiceID, _ step: Change) {
    let difference = step.difference(\.realServer)
    // A service that went comes back with its real servers, and one that came goes with them.
    guard let there = now.services[service] else { return }
    let found = there.realServers[id]
    if found == difference.before { return }
    // Old kernels list a direct real server on this very machine as local.
    let made = found.flatMap { difference.after?.reconciled(with: $0, takingWeight: false) } ?? difference.after
    guard found == made || isResting(found, difference.before) else { return foreign.append(step.words) }
    goal.services[service]?.realServers[id] = difference.before
    done.append(.realServer(service, id, Difference(before: difference.before, after: found)))
  }

  private func isResting(_ found: RealServerSettings?, _ before: RealServerSettings?) -> Bool {
    guard change.heading.isGraceful, var settings = before else { return false }
    settings.weight = 0
    return found == settings
  }

  private mutating func addTimeouts(_ step: Change) {
    let difference = step.difference(\.timeouts)
    var (was, found) = (Timeouts(), Timeouts())
    var isForeign = false
    for field in Timeouts.all {
      guard let old = difference.before?[keyPath: field], let value = now.timeouts[keyPath: field], value != old
      else { continue }
      guard value == difference.after?[keyPath: field] else {
        isForeign = true
        continue
      }
      was[keyPath: field] = old
      found[keyPath: field] = value
      goal.timeouts[keyPath: field] = old
    }
    if isForeign { foreign.append(step.words) }
    if was != Timeouts() { done.append(.timeouts(Difference(before: was, after: found))) }
  }
}

extension UnconfirmedChange {
  /// What differs between before and after, each thing once, in no particular order.
  fileprivate var differences: [Change] {
    Set(before.subjects).union(after.subjects).map { Change($0, before: before[$0], after: after[$0]) }
  }
}

extension Change {
  fileprivate var words: String { "\(kind.replacing("_", with: " ")) \(id)" }
}
