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

  /// The steps of `uncertain` that a later `state` shows to be done; of a replacement perhaps its removal alone.
  public static func done(of uncertain: [Change], in state: HostState) -> [Change] {
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
        && before.addresses[id]?.mark == after.addresses[id]?.mark
        && (before.addresses[id] == nil) == (after.addresses[id] == nil)
    case .route(let id, _): (before.routes[id] == nil) == (after.routes[id] == nil)
    case .service(let id, _), .realServer(let id, _, _): before.services[id] == after.services[id]
    case .timeouts(let difference): difference.before.map(after.timeouts.holds) ?? true
    case .syncDaemon(let role, _): before.syncDaemons[role] == after.syncDaemons[role]
    }
  }
}

extension Change {
  /// Of a change that the kernel takes as a removal and an addition the removal, otherwise nil.
  public var firstHalf: Change? {
    switch self {
    case .address(let id, let difference): .address(id, Difference(before: difference.before, after: nil))
    case .syncDaemon(let role, let difference): .syncDaemon(role, Difference(before: difference.before, after: nil))
    default: nil
    }
  }
}

extension Timeouts {
  /// Whether these are what `wanted` says, as far as it says anything.
  func holds(_ wanted: Timeouts) -> Bool {
    [\Timeouts.tcp, \.tcpFin, \.udp].allSatisfy { field in
      wanted[keyPath: field] == nil || wanted[keyPath: field] == self[keyPath: field]
    }
  }

  /// Whether everything that `other` says is said here, too.
  public func covers(_ other: Timeouts) -> Bool {
    [\Timeouts.tcp, \.tcpFin, \.udp].allSatisfy { field in
      other[keyPath: field] == nil || self[keyPath: field] != nil
    }
  }
}
