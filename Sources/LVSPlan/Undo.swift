import LVSModel

/// Works out how steps that were done are taken back.
public enum Undo {
  /// The steps that take `done` back, last first; `before` is the state that was observed ahead of them.
  ///
  /// A loaded module stays: unloading it could take away what others use by now.
  public static func changes(for done: [Change], before: HostState) -> [Change] {
    done.reversed().flatMap { change -> [Change] in
      switch change.subject {
      case .module: []
      case .sysctl where change.before == nil: []
      case .link where change.before == nil:
        [Change(change.subject, before: change.after, after: .link(LinkSettings(isUp: false)))]
      case .service(let id) where change.after == nil:
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
  public static func done(of uncertain: [Change], in state: HostState) -> [Change] {
    uncertain.compactMap { change in
      if change.isDone(in: state) { return change }
      guard change.action == .update, let removal = change.firstHalf, removal.isDone(in: state) else { return nil }
      return removal
    }
  }

  /// What of the things that `done` touched is not as it was before, in words; empty when all is back.
  public static func remains(of done: [Change], before: HostState, after: HostState) -> [String] {
    var remains: [String] = []
    var seen: Set<String> = []
    func note(_ words: String) { if seen.insert(words).inserted { remains.append(words) } }
    // Many steps are about one service, which may have as many real servers: it is compared once.
    var services: [ServiceID: Bool] = [:]
    for change in done {
      let isBack: Bool
      if let id = change.subject.service {
        isBack = services[id] ?? (before.services[id] == after.services[id])
        services[id] = isBack
      } else {
        isBack = Self.isBack(change, before, after)
      }
      if !isBack { note("\(change.kind) \(name(of: change))") }
    }
    for id in lostRoutes(of: done, before, after) { note("route \(id)") }
    return remains
  }

  /// The steps that take back what an undo of `done` has left, as `after` shows it; they touch nothing that `done` did not.
  public static func rest(of done: [Change], before: HostState, after: HostState) -> [Change] {
    var way = WayBack(before: before, after: after)
    for change in done.reversed() { way.add(change) }
    for id in lostRoutes(of: done, before, after) { way.add(.route(id, Difference(before: nil, after: nil))) }
    return way.steps
  }

  /// The routes that are gone with the last address of their device: the kernel then flushes its IPv4 routes
  /// (fib_disable_ip).
  private static func lostRoutes(of done: [Change], _ before: HostState, _ after: HostState) -> [RouteID] {
    var devices: Set<String> = []
    for change in done where change.before != nil {
      if case .address(let id) = change.subject, id.address.family == .ipv4 { devices.insert(id.interface) }
    }
    if devices.isEmpty { return [] }
    return before.routes.keys.filter { id in
      id.destination.family == .ipv4 && devices.contains(id.interface) && after.routes[id] == nil
    }.sorted()
  }

  private static func name(of change: Change) -> String {
    if case .realServer(let service, _) = change.subject { "of \(service)" } else { change.id }
  }

  /// Whether a thing is back; of the timeouts only those that the step changed count, which others may have been set since.
  fileprivate static func isBack(_ change: Change, _ before: HostState, _ after: HostState) -> Bool {
    guard change.subject == .timeouts else { return after.isBack(change.subject, to: before) }
    return change.before?.timeouts.map(after.timeouts.holds) ?? true
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
    let subject = change.subject
    switch subject {
    case .service(let id): return addService(id, wasRemoved: change.after == nil)
    case .realServer(let service, let id): return addRealServer(id, of: service)
    default: break
    }
    if Undo.isBack(change, before, after) { return }
    let now = after[subject]
    switch subject {
    case .link:
      // One that is gone cannot be taken down.
      guard now != nil else { return }
      append(Change(subject, before: now, after: before[subject] ?? .link(LinkSettings(isUp: false))))
    case .timeouts: append(Change(subject, before: now, after: change.before))
    default: append(Change(subject, before: now, after: before[subject]))
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
