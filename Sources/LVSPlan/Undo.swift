import LVSModel

/// Works out how steps that were done are taken back.
package enum Undo {
  /// The steps that take `done` back, last first; `before` is the state that was observed ahead of them.
  ///
  /// A loaded module stays: unloading it could take away what others use by now.
  package static func changes(for done: [Change], before: HostState) -> [Change] {
    done.reversed().flatMap { change -> [Change] in
      switch change {
      case .module: []
      case .sysctl(_, let difference) where difference.before == nil: []
      case .link(let name, let difference) where difference.before == nil:
        [.link(name, Difference(before: difference.after, after: LinkSettings(isUp: false)))]
      case .service(let id, let difference) where difference.after == nil:
        // Its real servers went with the service, without steps of their own.
        [change.reversed]
          + (before.services[id]?.realServers ?? [:]).sorted { $0.key < $1.key }.map {
            .realServer(id, $0.key, Difference(before: nil, after: $0.value))
          }
      default: [change.reversed]
      }
    }
  }

  /// The steps of `uncertain` that a later `state` shows to be done; of a replacement perhaps its removal alone.
  package static func done(of uncertain: [Change], in state: HostState) -> [Change] {
    uncertain.compactMap { change in
      if isDone(change, in: state) { return change }
      guard change.action == .update, let removal = change.firstHalf, isDone(removal, in: state) else { return nil }
      return removal
    }
  }

  private static func isDone(_ change: Change, in state: HostState) -> Bool {
    switch change {
    case .module(let name, let difference): state.modules.contains(name) == (difference.after != nil)
    case .sysctl(let name, let difference): state.sysctls[name] == difference.after
    case .link(let name, let difference): state.links[name]?.isUp == difference.after?.isUp
    case .address(let id, let difference):
      (state.addresses[id] == nil) == (difference.after == nil) && state.addresses[id]?.label == difference.after?.label
        && (!difference.isSignature || state.addresses[id]?.mark == difference.after?.mark)
    case .route(let id, let difference): state.routes[id]?.mark == difference.after?.mark
    case .service(let id, let difference): state.services[id]?.settings == difference.after
    case .realServer(let service, let id, let difference):
      state.services[service]?.realServers[id] == difference.after
    case .timeouts(let difference): difference.after.map(state.timeouts.holds) ?? true
    case .syncDaemon(let role, let difference):
      if let wanted = difference.after {
        state.syncDaemons[role]?.satisfies(wanted) ?? false
      } else {
        state.syncDaemons[role] == nil
      }
    }
  }

  /// What of the things that `done` touched is not as it was before, in words; empty when all is back.
  package static func remains(of done: [Change], before: HostState, after: HostState) -> [String] {
    var remains: [String] = []
    var seen: Set<String> = []
    func note(_ words: String) { if seen.insert(words).inserted { remains.append(words) } }
    // Many steps are about one service, which may have as many real servers: it is compared once.
    var services: [ServiceID: Bool] = [:]
    for change in done {
      let isBack: Bool
      switch change {
      case .service(let id, _), .realServer(let id, _, _):
        isBack = services[id] ?? (before.services[id] == after.services[id])
        services[id] = isBack
      default: isBack = Self.isBack(change, before, after)
      }
      if !isBack { note("\(change.kind) \(subject(of: change))") }
    }
    for id in lostRoutes(of: done, before, after) { note("route \(id)") }
    return remains
  }

  /// The steps that take back what an undo of `done` has left, as `after` shows it; they touch nothing that `done` did not.
  package static func rest(of done: [Change], before: HostState, after: HostState) -> [Change] {
    var way = WayBack(before: before, after: after)
    for change in done.reversed() { way.add(change) }
    for id in lostRoutes(of: done, before, after) { way.add(.route(id, Difference(before: nil, after: nil))) }
    return way.steps
  }

  /// The routes that are gone with the last address of their device: the kernel then flushes its IPv4 routes
  /// (fib_disable_ip).
  private static func lostRoutes(of done: [Change], _ before: HostState, _ after: HostState) -> [RouteID] {
    var devices: Set<String> = []
    for case .address(let id, let difference) in done where difference.before != nil && id.address.family == .ipv4 {
      devices.insert(id.interface)
    }
    if devices.isEmpty { return [] }
    return before.routes.keys.filter { id in
      id.destination.family == .ipv4 && devices.contains(id.interface) && after.routes[id] == nil
    }.sorted()
  }

  private static func subject(of change: Change) -> String {
    if case .realServer(let service, _, _) = change { "of \(service)" } else { change.id }
  }

  private static func isBack(_ change: Change, _ before: HostState, _ after: HostState) -> Bool {
    switch change {
    case .module: true
    case .sysctl(let name, _): before.sysctls[name] == nil || before.sysctls[name] == after.sysctls[name]
    case .link(let name, _): (before.links[name]?.isUp ?? false) == (after.links[name]?.isUp ?? false)
    case .address(let id, _):
      before.addresses[id]?.label == after.addresses[id]?.label
        && before.addresses[id]?.mark == after.addresses[id]?.mark
    case .route(let id, _): before.routes[id] == after.routes[id]
    case .service(let id, _), .realServer(let id, _, _): before.services[id] == after.services[id]
    case .timeouts(let difference): difference.before.map(after.timeouts.holds) ?? true
    case .syncDaemon(let role, _): before.syncDaemons[role] == after.syncDaemons[role]
    }
  }
}

/// The steps from what an undo has left to what was there before, each thing once.
private struct WayBack {
  let before: HostState
  let after: HostState
  private(set) var steps: [Change] = []
  private var dealtWith: Set<Change> = []

  init(before: HostState, after: HostState) {
    self.before = before
    self.after = after
  }

  /// Adds what is left to do for the thing that a step was about.
  mutating func add(_ change: Change) {
    switch change {
    case .module: break
    case .sysctl(let name, _):
      guard let value = before.sysctls[name], value != after.sysctls[name] else { return }
      append(.sysctl(name, Difference(before: after.sysctls[name], after: value)))
    case .link(let name, _):
      let wasUp = before.links[name]?.isUp ?? false
      guard let now = after.links[name], now.isUp != wasUp else { return }
      append(.link(name, Difference(before: now, after: LinkSettings(isUp: wasUp))))
    case .address(let id, _):
      let (was, now) = (before.addresses[id], after.addresses[id])
      if was?.label != now?.label || was?.mark != now?.mark {
        append(.address(id, Difference(before: now, after: was)))
      }
    case .route(let id, _):
      let (was, now) = (before.routes[id], after.routes[id])
      if was != now { append(.route(id, Difference(before: now, after: was))) }
    case .service(let id, let difference): addService(id, wasRemoved: difference.after == nil)
    case .realServer(let service, let id, _): addRealServer(id, of: service)
    case .timeouts(let difference):
      guard let was = difference.before, !after.timeouts.holds(was) else { return }
      append(.timeouts(Difference(before: after.timeouts, after: was)))
    case .syncDaemon(let role, _):
      let (was, now) = (before.syncDaemons[role], after.syncDaemons[role])
      if was != now { append(.syncDaemon(role, Difference(before: now, after: was))) }
    }
  }

  /// A service that is gone comes back with its real servers, and so do those of one that the steps took away.
  private mutating func addService(_ id: ServiceID, wasRemoved: Bool) {
    let (was, now) = (before.services[id], after.services[id])
    if was?.settings != now?.settings {
      append(.service(id, Difference(before: now?.settings, after: was?.settings)))
    }
    guard let was, now == nil || wasRemoved else { return }
    for server in was.realServers.keys.sorted() { addRealServer(server, of: id) }
  }

  private mutating func addRealServer(_ id: RealServerID, of service: ServiceID) {
    let (was, now) = (before.services[service], after.services[service])
    if was != nil, now == nil, !dealtWith.contains(restoration(of: service)) {
      addService(service, wasRemoved: true)
      return
    }
    // Where the service was not there before, it goes, and its real servers with it.
    if was == nil && now == nil { return }
    let (settings, found) = (was?.realServers[id], now?.realServers[id])
    if settings != found { append(.realServer(service, id, Difference(before: found, after: settings))) }
  }

  private func restoration(of service: ServiceID) -> Change {
    .service(service, Difference(before: nil, after: before.services[service]?.settings))
  }

  private mutating func append(_ step: Change) { if dealtWith.insert(step).inserted { steps.append(step) } }
}
