import LVSModel

/// The steps of a plan that set sysctls.
struct SysctlChanges {
  /// What the file wants, ahead of everything that depends on it.
  var early: [Change] = []
  /// What goes back to what it was, and forwarding that ends, once nothing depends on it any more.
  var late: [Change] = []
  /// What would go back and must not yet: with a VIP of the file still here, this machine would answer for it.
  var withheld: [String] = []
}

extension SysctlChanges {
  /// Works out the steps; `isStranded` says whether a VIP stays on this machine that nothing of the plan takes away.
  ///
  /// Forwarding goes ahead of the others of its stage: writing it moves other sysctls, which then have to be set whatever
  /// they are now.
  init(_ target: Target, _ observed: HostState, isStranded: Bool) {
    var early = target.state.sysctls
    var late: [String: String] = [:]
    for (name, value) in target.restored.sysctls where observed.sysctls[name] != nil {
      if isStranded && name.mutesARP {
        if observed.sysctls[name] != value { withheld.append(name) }
      } else {
        late[name] = value
      }
    }
    var ending = early.filter { name, value in
      ForwardingSysctl(name) != nil && value == "0" && observed.sysctls[name].map { $0 != "0" } == true
    }
    for (name, value) in late where ForwardingSysctl(name) != nil && observed.sysctls[name] != value {
      ending[name] = value
    }
    for (name, value) in early where ending.contains(where: { Self.moves(name, $0.key, $0.value) }) {
      late[name] = value
      early[name] = nil
    }
    withheld.sort()
    var moves: [(sysctl: ForwardingSysctl, value: String)] = []
    self.early = Self.changes(early, observed, &moves)
    self.late = Self.changes(late, observed, &moves)
  }

  /// Whether a sysctl is this forwarding one, or is set along with it.
  private static func moves(_ name: String, _ forwarding: String, _ value: String) -> Bool {
    name == forwarding || ForwardingSysctl(forwarding)?.value(of: name, after: value) != nil
  }

  /// The steps of one stage; `moves` are the forwarding sysctls that were written so far, the latest first.
  private static func changes(
    _ wanted: [String: String], _ observed: HostState, _ moves: inout [(sysctl: ForwardingSysctl, value: String)]
  ) -> [Change] {
    let wanted = wanted.sorted { $0.key < $1.key }
    var changes: [Change] = []
    for (name, value) in wanted where observed.sysctls[name] != value {
      guard let sysctl = ForwardingSysctl(name) else { continue }
      moves.insert((sysctl, value), at: 0)
      changes.append(.sysctl(name, Difference(before: observed.sysctls[name], after: value)))
    }
    for (name, value) in wanted where ForwardingSysctl(name) == nil {
      let moved = moves.lazy.compactMap { $0.sysctl.value(of: name, after: $0.value) }.first
      let found = observed.sysctls[name].map { moved ?? $0 }
      if found != value { changes.append(.sysctl(name, Difference(before: found, after: value))) }
    }
    return changes
  }
}

extension String {
  /// Whether a sysctl of this name keeps a machine from answering ARP for a VIP.
  fileprivate var mutesARP: Bool {
    hasPrefix("net.ipv4.conf.") && (hasSuffix(".arp_ignore") || hasSuffix(".arp_announce"))
  }
}
