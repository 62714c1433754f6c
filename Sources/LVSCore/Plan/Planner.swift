/// Why no plan can be made for this machine as it is; the message is whole sentences.
public struct PlanRefusal: Error, Equatable, Sendable {
  /// Each thing that stands in the way: what was found, where, and what to do.
  public var reasons: [String]
}

/// Works out the way from what a node holds to what the file wants of it.
///
/// The order of the steps is part of their safety:
/// 1. modules, since sysctls and devices come with them;
/// 2. sysctls, so that a real server is mute to ARP before it holds a VIP;
/// 3. VIPs that leave, then their routes: nobody is sent here any more before anything else is taken apart;
/// 4. devices and timeouts, and sync daemons that end: while one runs, the kernel tunnels within one family only;
/// 5. services with their real servers, additions and edits before removals;
/// 6. sync daemons that start, which the kernel refuses while a tunnel leads to the other family;
/// 7. VIPs that come, now that there is something behind them, then their routes;
/// 8. VIPs that have moved leave their old interface, now that they are on the new one.
public struct Planner {
  private let target: Target
  private let observed: HostState
  private let prunes: Bool

  /// Plans the way from `observed` to `target`; with `prune`, services the file does not name are removed too.
  /// Throws what stands in the way.
  public static func plan(_ target: Target, observed: HostState, prune: Bool = false) throws(PlanRefusal) -> Plan {
    let planner = Planner(target: target, observed: observed, prunes: prune)
    let reasons = planner.conflicts()
    if !reasons.isEmpty { throw PlanRefusal(reasons: reasons) }
    return planner.plan()
  }

  /// Plans the way out: what apply put there is taken away, and sysctls go back to what is remembered of them.
  ///
  /// `target` is what the file wants of the node, `devices` are those that apply brought up. VIPs leave first, and sysctls
  /// come last, so that a real server stays mute to ARP for as long as it holds a VIP. What others added stays, and so do
  /// modules and timeouts.
  public static func teardown(
    _ target: Target, observed: HostState, remembered: [String: String], devices: Set<String> = []
  ) -> Plan {
    var empty = Target(state: HostState(), scope: target.scope)
    empty.state.sysctls = remembered.filter { observed.sysctls[$0.key] != nil }
    for name in devices where observed.links[name]?.isUp == true {
      empty.state.links[name] = LinkSettings(isUp: false)
    }
    let planner = Planner(target: empty, observed: observed, prunes: false)
    let addresses = planner.addressChanges()
    var plan = Plan(changes: addresses.removals + planner.routeRemovals())
    planner.addServiceChanges(leaving: addresses.leavingVIPs, to: &plan)
    plan.changes += planner.syncDaemonChanges().removals + planner.linkChanges() + planner.sysctlChanges()
    return plan
  }

  private func plan() -> Plan {
    let addresses = addressChanges()
    let daemons = syncDaemonChanges()
    var plan = Plan(changes: moduleChanges() + sysctlChanges())
    plan.changes += addresses.removals
    plan.changes += routeRemovals()
    plan.changes += linkChanges() + timeoutChanges() + daemons.removals
    addServiceChanges(leaving: addresses.leavingVIPs, to: &plan)
    plan.changes += daemons.additions
    plan.changes += addresses.additions
    plan.changes += routeAdditions()
    plan.changes += addresses.moves
    return plan
  }

  // MARK: Modules, sysctls, devices

  private func moduleChanges() -> [Change] {
    target.state.modules.subtracting(observed.modules).sorted().map {
      .module($0, Difference(before: nil, after: ModuleSettings()))
    }
  }

  /// Forwarding goes first: writing it moves other sysctls, which then have to be set whatever they are now.
  private func sysctlChanges() -> [Change] {
    let wanted = target.state.sysctls.sorted { $0.key < $1.key }
    var forwarding: [(sysctl: ForwardingSysctl, value: String)] = []
    var changes: [Change] = []
    for (name, value) in wanted where observed.sysctls[name] != value {
      guard let sysctl = ForwardingSysctl(name) else { continue }
      forwarding.append((sysctl, value))
      changes.append(.sysctl(name, Difference(before: observed.sysctls[name], after: value)))
    }
    for (name, value) in wanted where ForwardingSysctl(name) == nil {
      let moved = forwarding.lazy.compactMap { $0.sysctl.value(of: name, after: $0.value) }.first
      let found = observed.sysctls[name].map { moved ?? $0 }
      if found != value { changes.append(.sysctl(name, Difference(before: found, after: value))) }
    }
    return changes
  }

  private func linkChanges() -> [Change] {
    target.state.links.sorted { $0.key < $1.key }.compactMap { name, wanted in
      let found = observed.links[name]
      return found == wanted ? nil : .link(name, Difference(before: found, after: wanted))
    }
  }

  // MARK: Timeouts and sync daemons

  private func timeoutChanges() -> [Change] {
    let wanted = target.state.timeouts
    let found = observed.timeouts
    var before = Timeouts()
    var after = Timeouts()
    for field in [\Timeouts.tcp, \.tcpFin, \.udp] {
      guard let value = wanted[keyPath: field], value != found[keyPath: field] else { continue }
      before[keyPath: field] = found[keyPath: field]
      after[keyPath: field] = value
    }
    return after == Timeouts() ? [] : [.timeouts(Difference(before: before, after: after))]
  }

  /// Daemons that end come first: the kernel refuses a second one of the same role, and both would hear each other.
  private func syncDaemonChanges() -> (removals: [Change], additions: [Change]) {
    guard target.scope.coversSyncDaemons else { return ([], []) }
    var removals: [Change] = []
    var additions: [Change] = []
    for role in SyncRole.allCases {
      let found = observed.syncDaemons[role]
      guard let wanted = target.state.syncDaemons[role] else {
        if found != nil { removals.append(.syncDaemon(role, Difference(before: found, after: nil))) }
        continue
      }
      if let found, found.satisfies(wanted) { continue }
      additions.append(.syncDaemon(role, Difference(before: found, after: wanted)))
    }
    return (removals, additions)
  }
}

extension SyncDaemon {
  /// Whether this running daemon is what the file asks for; what the file leaves out may be anything.
  func satisfies(_ wanted: SyncDaemon) -> Bool {
    interface == wanted.interface && id == wanted.id
      && (wanted.group == nil || group == wanted.group)
      && (wanted.port == nil || port == wanted.port)
      && (wanted.ttl == nil || ttl == wanted.ttl)
      && (wanted.maxlen == nil || maxlen == wanted.maxlen)
  }
}

// MARK: Services

extension Planner {
  /// Most of a large plan is services and real servers: they go straight to their place in it.
  private func addServiceChanges(leaving: Set<IPAddress>, to plan: inout Plan) {
    guard target.scope.coversServices else { return }
    let differing = target.state.services.filter { observed.services[$0.key] != $0.value }
    plan.changes.reserveCapacity(differing.values.reduce(plan.changes.count + 64) { $0 + 1 + $1.realServers.count })
    for (id, wanted) in differing.sorted(by: { $0.key < $1.key }) {
      append(id, wanted, found: observed.services[id], to: &plan.changes)
    }
    for id in observed.services.keys.filter({ target.state.services[$0] == nil }).sorted() {
      if prunes || target.scope.covers(id) || id.vip.map(leaving.contains) == true {
        plan.changes.append(.service(id, Difference(before: observed.services[id]?.settings, after: nil)))
      } else {
        plan.unmanaged.append(id)
      }
    }
  }

  private func append(
    _ id: ServiceID, _ wanted: VirtualService, found: VirtualService?, to changes: inout [Change]
  ) {
    if found?.settings != wanted.settings {
      changes.append(.service(id, Difference(before: found?.settings, after: wanted.settings)))
    }
    let existing = found?.realServers ?? [:]
    if existing == wanted.realServers { return }
    var edits: [Change] = []
    for (server, settings) in wanted.realServers.sorted(by: { $0.key < $1.key }) {
      guard let before = existing[server] else {
        changes.append(.realServer(id, server, Difference(before: nil, after: settings)))
        continue
      }
      let after = settings.reconciled(with: before, weights: wanted.weights)
      if after != before { edits.append(.realServer(id, server, Difference(before: before, after: after))) }
    }
    changes += edits
    for server in existing.keys.filter({ wanted.realServers[$0] == nil }).sorted() {
      changes.append(.realServer(id, server, Difference(before: existing[server], after: nil)))
    }
  }
}

extension RealServerSettings {
  /// These settings with what the file does not decide taken over from the kernel's.
  func reconciled(with found: RealServerSettings, weights: WeightPolicy) -> RealServerSettings {
    var wanted = self
    if weights == .external { wanted.weight = found.weight }
    // Old kernels list a direct real server on this very machine as local.
    if forward == .dr && found.forward == .local { wanted.forward = .local }
    return wanted
  }
}

// MARK: Addresses and routes

extension Planner {
  private struct AddressChanges {
    var removals: [Change] = []
    var additions: [Change] = []
    var moves: [Change] = []
    /// VIPs that are on no interface of this node afterwards.
    var leavingVIPs: Set<IPAddress> = []
  }

  private func addressChanges() -> AddressChanges {
    var result = AddressChanges()
    for (id, wanted) in target.state.addresses.sorted(by: { $0.key < $1.key }) {
      let found = observed.addresses[id]
      if let found, !wanted.labelIsExplicit || found.label == wanted.label { continue }
      result.additions.append(.address(id, Difference(before: found, after: wanted)))
    }
    let wantedVIPs = Set(target.state.addresses.keys.map(\.address))
    for (id, found) in observed.addresses.sorted(by: { $0.key < $1.key }) {
      guard found.mark == ownershipMark, target.state.addresses[id] == nil, target.scope.covers(id) else { continue }
      let removal = Change.address(id, Difference(before: found, after: nil))
      if wantedVIPs.contains(id.address) {
        result.moves.append(removal)
      } else {
        result.removals.append(removal)
        if !target.scope.vips.contains(id.address) { result.leavingVIPs.insert(id.address) }
      }
    }
    return result
  }

  private func routeRemovals() -> [Change] {
    observed.routes.sorted { $0.key < $1.key }.compactMap { id, found in
      guard found.mark == ownershipMark, target.state.routes[id] == nil, target.scope.covers(id) else { return nil }
      return .route(id, Difference(before: found, after: nil))
    }
  }

  private func routeAdditions() -> [Change] {
    target.state.routes.sorted { $0.key < $1.key }.compactMap { id, wanted in
      observed.routes[id] == nil ? .route(id, Difference(before: nil, after: wanted)) : nil
    }
  }

  /// VIPs that somebody else put where the file does not want them: not lvsctl's to move, and not to be ignored.
  private func conflicts() -> [String] {
    observed.addresses.keys.sorted().compactMap { id in
      guard target.scope.vips.contains(id.address), target.state.addresses[id] == nil, target.scope.covers(id),
        observed.addresses[id]?.mark != ownershipMark
      else { return nil }
      let wanted = target.state.addresses.keys.filter { $0.address == id.address }.sorted()
      let place = wanted.isEmpty ? "on no interface of this node" : "as \(wanted[0])"
      return """
        The VIP \(id) was not put there by lvsctl, and the file wants it \(place). \
        Remove it (ip addr del \(id)), or give the VIP "held_by: external" where another program moves it.
        """
    }
  }
}
