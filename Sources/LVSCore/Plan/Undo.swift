/// Works out how steps that were done are taken back.
public enum Undo {
  /// The steps that take `done` back, last first; `before` is the state that was observed ahead of them.
  ///
  /// A loaded module stays: unloading it could take away what others use by now.
  public static func changes(for done: [Change], before: HostState) -> [Change] {
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

  /// What of the things that `done` touched is not as it was before, in words; empty when all is back.
  public static func remains(of done: [Change], before: HostState, after: HostState) -> [String] {
    var remains: [String] = []
    var seen: Set<String> = []
    for change in done where !isBack(change, before, after) {
      let words = "\(change.kind) \(subject(of: change))"
      if seen.insert(words).inserted { remains.append(words) }
    }
    return remains
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
        && (before.addresses[id] == nil) == (after.addresses[id] == nil)
    case .route(let id, _): (before.routes[id] == nil) == (after.routes[id] == nil)
    case .service(let id, _), .realServer(let id, _, _): before.services[id] == after.services[id]
    case .timeouts: before.timeouts == after.timeouts
    case .syncDaemon(let role, _): before.syncDaemons[role] == after.syncDaemons[role]
    }
  }
}
