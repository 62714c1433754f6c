import LVSModel

/// How a change that nobody confirmed is taken back from what is there now.
///
/// Whatever holds neither what the change made of it nor what was there before is somebody else's work since, and stays.
package struct Reversal: Equatable, Sendable {
  /// What the change did, as far as it is still so: from what was there before to what is there now.
  package private(set) var done: [Change] = []
  /// What the machine holds once that is taken back.
  package private(set) var goal: HostState
  /// What others have changed since, in words.
  package private(set) var foreign: [String] = []
  /// Sysctls outside of `net.`, which nothing that is only remembered sets, with their values before.
  package private(set) var withheld: [String] = []

  private let change: UnconfirmedChange
  private let now: HostState
  /// Whether the kernel keeps who added an address (IFA_PROTO): one that does has signed those of `lo` itself.
  private let tellsMarks: Bool
  /// Forwarding of the whole machine that goes back, with its values before: it moves other sysctls.
  private let returningForwarding: [ForwardingSysctl: String]

  /// Works out what is to be taken back of a change, where the machine holds `now`.
  package init(_ change: UnconfirmedChange, now: HostState) {
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
    let steps = Dictionary(change.differences.map { ($0.subject, $0) }) { first, _ in first }
    for subject in change.subjects {
      if let step = steps[subject] { add(step) }
    }
    for (id, settings) in change.before.routes where change.after.routes[id] != nil && now.routes[id] == nil {
      goal.routes[id] = settings
    }
  }

  /// Has the addresses that come back told to the neighbours, on interfaces that are `heard`.
  package mutating func announceComing(_ heard: (_ interface: String) -> Bool) {
    for index in done.indices {
      guard case .address(let id, var difference) = done[index], difference.after == nil, heard(id.interface) else {
        continue
      }
      difference.before?.isAnnounced = true
      done[index] = .address(id, difference)
    }
  }

  private mutating func add(_ step: Change) {
    switch step {
    case .module: break
    case .sysctl(let name, let difference):
      // What was not there before cannot be set back, and what is gone neither.
      guard let was = difference.before, let found = now.sysctls[name] else { return }
      if found == was {
        // It is set again behind the forwarding that goes back, and that moves it.
        guard let moved = movedBack(name), moved != was else { return }
        return done.append(.sysctl(name, Difference(before: was, after: moved)))
      }
      guard name.hasPrefix("net.") else { return withheld.append("\(name) = \(was)") }
      guard found == difference.after else { return foreign.append(step.words) }
      goal.sysctls[name] = was
      done.append(.sysctl(name, Difference(before: was, after: found)))
    case .link(let name, let difference):
      guard let found = now.links[name] else { return }
      let was = difference.before ?? LinkSettings(isUp: false)
      if found == was { return }
      guard found == difference.after else { return foreign.append(step.words) }
      goal.links[name] = was
      done.append(.link(name, Difference(before: was, after: found)))
    case .address(let id, let difference): add(id, difference, step)
    case .route(let id, let difference):
      let found = now.routes[id]
      if found == difference.before { return }
      guard found == difference.after else { return foreign.append(step.words) }
      goal.routes[id] = difference.before
      done.append(.route(id, Difference(before: difference.before, after: found)))
    case .service(let id, let difference): addService(id, difference, step)
    case .realServer(let service, let id, let difference): addRealServer(id, of: service, difference, step)
    case .timeouts(let difference): addTimeouts(difference, step)
    case .syncDaemon(let role, let difference):
      let found = now.syncDaemons[role]
      if found == difference.before { return }
      let isOurs = found == nil || difference.after.map { found?.satisfies($0) == true } == true
      guard isOurs else { return foreign.append(step.words) }
      goal.syncDaemons[role] = difference.before
      done.append(.syncDaemon(role, Difference(before: difference.before, after: found)))
    }
  }

  /// What a sysctl is once forwarding of the whole machine has gone back, or nil where that leaves it alone.
  private func movedBack(_ name: String) -> String? {
    for (sysctl, value) in returningForwarding {
      if let moved = sysctl.value(of: name, after: value) { return moved }
    }
    return nil
  }

  private mutating func add(_ id: AddressID, _ difference: Difference<AddressSettings>, _ step: Change) {
    let (was, found) = (difference.before, now.addresses[id])
    func same(_ a: AddressSettings?, _ b: AddressSettings?) -> Bool {
      (a == nil) == (b == nil) && a?.label == b?.label && (a?.mark == b?.mark || !tellsMarks)
    }
    if same(was, found) { return }
    // An edit is a removal and an addition, and the end may have come in between.
    let isBetween = found == nil && difference.before != nil && difference.after != nil
    guard isBetween || same(found, difference.after) else { return foreign.append(step.words) }
    goal.addresses[id] = was
    done.append(.address(id, Difference(before: was, after: found)))
  }

  private mutating func addService(_ id: ServiceID, _ difference: Difference<ServiceSettings>, _ step: Change) {
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

  private mutating func addRealServer(
    _ id: RealServerID, of service: ServiceID, _ difference: Difference<RealServerSettings>, _ step: Change
  ) {
    // A service that went comes back with its real servers, and one that came goes with them.
    guard let there = now.services[service] else { return }
    let found = there.realServers[id]
    if found == difference.before { return }
    // Old kernels list a direct real server on this very machine as local.
    let made = found.flatMap { difference.after?.reconciled(with: $0, weights: .fixed) } ?? difference.after
    guard found == made || isResting(found, difference.before) else { return foreign.append(step.words) }
    goal.services[service]?.realServers[id] = difference.before
    done.append(.realServer(service, id, Difference(before: difference.before, after: found)))
  }

  private func isResting(_ found: RealServerSettings?, _ before: RealServerSettings?) -> Bool {
    guard change.heading.isGraceful, var settings = before else { return false }
    settings.weight = 0
    return found == settings
  }

  private mutating func addTimeouts(_ difference: Difference<Timeouts>, _ step: Change) {
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
    var all: [Change] = []
    for name in Set(before.sysctls.keys).union(after.sysctls.keys) {
      all.append(.sysctl(name, Difference(before: before.sysctls[name], after: after.sysctls[name])))
    }
    for name in Set(before.links.keys).union(after.links.keys) {
      all.append(.link(name, Difference(before: before.links[name], after: after.links[name])))
    }
    for id in Set(before.addresses.keys).union(after.addresses.keys) {
      all.append(.address(id, Difference(before: before.addresses[id], after: after.addresses[id])))
    }
    for id in Set(before.routes.keys).union(after.routes.keys) {
      all.append(.route(id, Difference(before: before.routes[id], after: after.routes[id])))
    }
    for id in Set(before.services.keys).union(after.services.keys) {
      let (old, new) = (before.services[id], after.services[id])
      all.append(.service(id, Difference(before: old?.settings, after: new?.settings)))
      for server in Set((old?.realServers ?? [:]).keys).union((new?.realServers ?? [:]).keys) {
        all.append(
          .realServer(id, server, Difference(before: old?.realServers[server], after: new?.realServers[server])))
      }
    }
    all.append(.timeouts(Difference(before: before.timeouts, after: after.timeouts)))
    for role in SyncRole.allCases {
      all.append(.syncDaemon(role, Difference(before: before.syncDaemons[role], after: after.syncDaemons[role])))
    }
    return all
  }
}

extension Change {
  fileprivate var words: String { "\(kind.replacing("_", with: " ")) \(id)" }
}
