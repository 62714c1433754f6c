import LVSModel
import LVSText

/// Why no plan can be made for this machine as it is.
public struct PlanRefusal: Error, Equatable, Sendable {
  /// Each thing that stands in the way: what was found, where, and what to do.
  public var reasons: [Finding]
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
/// 8. VIPs that have moved leave their old interface, now that they are on the new one;
/// 9. what was set earlier and is not wanted any more, and forwarding that ends: nothing depends on it by now.
///
/// A director that is itself a real server of a service must never balance what another director sends it. So the backup
/// daemon that keeps it from balancing starts before everything from 3 on, and ends after 7; a service that it is to
/// balance itself from now on comes after 7, while the packets are answered here; one that it shall not have any more
/// goes right after 3.
public struct Planner {
  private let target: Target
  private let observed: HostState
  private let options: PlanOptions
  /// The VIPs that this node will hold as a director, or as a real server.
  private let wantedVIPs: Set<IPAddress>

  private init(_ target: Target, _ observed: HostState, _ options: PlanOptions) {
    self.target = target
    self.observed = observed
    self.options = options
    wantedVIPs = Set(target.state.addresses.keys.map(\.address))
  }

  /// Plans the way from `observed` to `target`; with `prune`, services the file does not name are removed too, and with
  /// `adopt` addresses that somebody else added are signed where the file wants them.
  /// Throws what stands in the way.
  public static func plan(
    _ target: Target, observed: HostState, prune: Bool = false, adopt: Bool = false
  ) throws(PlanRefusal) -> Plan {
    let planner = Planner(target, observed, PlanOptions(prunes: prune, adopts: adopt))
    let reasons = planner.conflicts()
    if !reasons.isEmpty { throw PlanRefusal(reasons: reasons) }
    return planner.plan()
  }

  /// Plans the way from what another file wants of the node: that is lvsctl's own, so nothing stands in the way.
  public static func plan(_ target: Target, from former: HostState, prune: Bool) -> Plan {
    Planner(target, former, PlanOptions(prunes: prune)).plan()
  }

  /// Plans the way out: what apply put there is taken away, and the rest goes back to what is remembered of it.
  ///
  /// `target` is what the file wants of the node. VIPs leave first, and sysctls come last, so that a real server stays
  /// mute to ARP for as long as it holds a VIP. What others added stays, and so do modules.
  public static func teardown(_ target: Target, observed: HostState, memory: MachineMemory = MachineMemory()) -> Plan {
    var empty = Target(state: HostState(), scope: target.scope)
    if memory.syncDaemons != nil { empty.scope.coversSyncDaemons = false }
    empty.giveBack(memory)
    return Planner(empty, observed, PlanOptions()).plan()
  }

  private func plan() -> Plan {
    let sysctls = sysctlChanges()
    let addresses = addressChanges()
    let daemons = syncDaemonChanges()
    let stage = ServiceStages(target, observed)
    var plan = Plan(changes: moduleChanges() + sysctls.early + daemons.first)
    plan.changes += addresses.removals
    plan.changes += routeRemovals()
    plan.changes += linkChanges()
    let early = servicesToLeaveFirst()
    plan.changes += early.map { .service($0, Difference(before: observed.services[$0]?.settings, after: nil)) }
    plan.changes += timeoutChanges() + daemons.removals
    addServiceChanges(leaving: addresses.leavingVIPs, stage, without: early, to: &plan)
    plan.changes += daemons.additions
    plan.changes += addresses.additions
    plan.changes += routeAdditions(flushed: flushedDevices(addresses.removals))
    plan.changes += daemons.last
    addLateServices(stage, to: &plan)
    plan.changes += addresses.moves
    plan.changes += devicesToRest() + sysctls.late
    plan.unsigned = addresses.unsigned
    plan.announced = target.announced
    plan.withheld = sysctls.withheld
    return plan
  }

  // MARK: Modules, sysctls, devices

  private func moduleChanges() -> [Change] {
    target.state.modules.subtracting(observed.modules).sorted().map {
      .module($0, Difference(before: nil, after: ModuleSettings()))
    }
  }

  private func linkChanges() -> [Change] {
    target.state.links.sorted { $0.key < $1.key }.compactMap { name, wanted in
      let found = observed.links[name]
      return found == wanted ? nil : .link(name, Difference(before: found, after: wanted))
    }
  }

  /// Devices that lvsctl brought up and that nothing needs any more.
  private func devicesToRest() -> [Change] {
    target.restored.devices.sorted().filter { observed.links[$0]?.isUp == true }.map {
      .link($0, Difference(before: observed.links[$0], after: LinkSettings(isUp: false)))
    }
  }

  // MARK: Timeouts and sync daemons

  private func timeoutChanges() -> [Change] {
    let found = observed.timeouts
    var before = Timeouts()
    var after = Timeouts()
    for field in Timeouts.all {
      let wanted = target.state.timeouts[keyPath: field]
      // Where IPVS is not there any more its timeouts need not go back.
      let restored = found[keyPath: field] == nil ? nil : target.restored.timeouts[keyPath: field]
      guard let value = wanted ?? restored, value != found[keyPath: field] else { continue }
      before[keyPath: field] = found[keyPath: field]
      after[keyPath: field] = value
    }
    return after == Timeouts() ? [] : [.timeouts(Difference(before: before, after: after))]
  }

  private struct SyncDaemonChanges {
    /// Ahead of the VIPs that leave.
    var first: [Change] = []
    var removals: [Change] = []
    var additions: [Change] = []
    /// After the VIPs that come.
    var last: [Change] = []
  }

  /// Daemons that end come first: the kernel refuses a second one of the same role, and both would hear each other.
  private func syncDaemonChanges() -> SyncDaemonChanges {
    var result = SyncDaemonChanges()
    let wanted: [SyncRole: SyncDaemon]
    if target.scope.coversSyncDaemons {
      wanted = target.state.syncDaemons
    } else if let before = target.restored.syncDaemons {
      wanted = before
    } else {
      return result
    }
    for role in SyncRole.allCases {
      let found = observed.syncDaemons[role]
      guard let asked = wanted[role] else {
        if found != nil { result.removals.append(.syncDaemon(role, Difference(before: found, after: nil))) }
        continue
      }
      if let found, found.satisfies(asked, former: target.restored.formerSync) { continue }
      let after = found.map { asked.keepingUnnamed(of: $0, former: target.restored.formerSync) } ?? asked
      result.additions.append(.syncDaemon(role, Difference(before: found, after: after)))
    }
    if !target.resting.isEmpty && !observed.tunnelsBetweenFamilies {
      result.first = result.additions.filter { $0.isOfSyncDaemon(.backup) }
      result.additions.removeAll { $0.isOfSyncDaemon(.backup) }
    }
    let becomesActive = wanted[.backup] == nil && wanted[.master] != nil && !target.servedHere.isEmpty
    if becomesActive && result.removals.contains(where: { $0.isOfSyncDaemon(.backup) }) {
      result.last = result.removals + result.additions
      result.removals = []
      result.additions = []
    }
    return result
  }
}

/// What a plan may do beyond the file's own word.
private struct PlanOptions {
  /// Services that the file does not name go.
  var prunes = false
  /// Addresses that somebody else added are signed.
  var adopts = false
}

extension Change {
  fileprivate func isOfSyncDaemon(_ wanted: SyncRole) -> Bool {
    subject == .syncDaemon(wanted)
  }
}

extension HostState {
  /// Whether a real server is of another family than its service, which the kernel allows only without sync daemons.
  fileprivate var tunnelsBetweenFamilies: Bool {
    services.contains { id, service in service.realServers.keys.contains { $0.address.family != id.family } }
  }
}

// MARK: Services

extension Planner {
  /// Most of a large plan is services and real servers: they go straight to their place in it.
  private func addServiceChanges(
    leaving: Set<IPAddress>, _ stage: ServiceStages, without early: [ServiceID], to plan: inout Plan
  ) {
    guard target.scope.coversServices else { return }
    var differing: [ServiceID] = []
    var steps = plan.changes.count + 64
    for (id, wanted) in target.state.services where observed.services[id] != wanted && !stage.late.contains(id) {
      differing.append(id)
      steps += 1 + wanted.realServers.count
    }
    plan.changes.reserveCapacity(steps)
    differing.sort()
    for id in differing {
      if let wanted = target.state.services[id] { append(id, wanted, found: observed.services[id], to: &plan.changes) }
    }
    let gone = Set(early)
    for id in observed.services.keys.filter({ target.state.services[$0] == nil && !gone.contains($0) }).sorted() {
      if target.scope.leavesAlone(id) { continue }
      if options.prunes || target.scope.covers(id) || id.vip.map(leaving.contains) == true {
        plan.changes.append(.service(id, Difference(before: observed.services[id]?.settings, after: nil)))
      } else {
        plan.unmanaged.append(id)
      }
    }
  }

  /// Services that come once the VIP is here.
  private func addLateServices(_ stage: ServiceStages, to plan: inout Plan) {
    for id in stage.late.sorted() {
      if let wanted = target.state.services[id] { append(id, wanted, found: nil, to: &plan.changes) }
    }
  }

  /// Services that this node serves itself and shall not balance any more, now that it does not hold their VIP: another
  /// director may be active already, and its packets would go round in circles.
  private func servicesToLeaveFirst() -> [ServiceID] {
    guard target.scope.coversServices, !target.scope.ownAddresses.isEmpty else { return [] }
    let held = Set(target.announcedAddresses.lazy.map(\.address))
    return observed.services.keys.filter { id in
      guard target.state.services[id] == nil, target.scope.covers(id), !target.scope.leavesAlone(id) else {
        return false
      }
      if let vip = id.vip, held.contains(vip) { return false }
      return observed.services[id]?.realServers.contains {
        target.scope.ownAddresses.contains($0.key.address) && $0.value.forward.keepsDestination
      } == true
    }.sorted()
  }

  private func append(
    _ id: ServiceID, _ wanted: VirtualService, found: VirtualService?, to changes: inout [Change]
  ) {
    let isExternallyWeighted = target.externallyWeighted.contains(id)
    let weightedHere = isExternallyWeighted ? target.weightedHere[id] ?? [] : []
    if found?.settings != wanted.settings {
      changes.append(.service(id, Difference(before: found?.settings, after: wanted.settings)))
    }
    let existing = found?.realServers ?? [:]
    if existing == wanted.realServers { return }
    var edits: [Change] = []
    for (server, settings) in wanted.realServers.sorted(by: { $0.key < $1.key }) {
      guard let before = existing[server] else {
        var fresh = settings
        // A health checker may have taken it out: it puts it back when it answers.
        if isExternallyWeighted && found != nil && !weightedHere.contains(server) { fresh.weight = 0 }
        changes.append(.realServer(id, server, Difference(before: nil, after: fresh)))
        continue
      }
      let after = settings.reconciled(
        with: before, takingWeight: isExternallyWeighted && !weightedHere.contains(server))
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
  func reconciled(with found: RealServerSettings, takingWeight: Bool) -> RealServerSettings {
    var wanted = self
    if takingWeight { wanted.weight = found.weight }
    // Old kernels list a direct real server on this very machine as local.
    if forward == .dr && found.forward == .local { wanted.forward = .local }
    return wanted
  }
}

// MARK: Addresses and routes

extension AddressID {
  /// The address on its interface, whatever the prefix length.
  fileprivate var place: AddressID { AddressID(address, interface: interface) }
}

extension Planner {
  private struct AddressChanges {
    var removals: [Change] = []
    var additions: [Change] = []
    var moves: [Change] = []
    /// VIPs that are on no interface of this node afterwards.
    var leavingVIPs: Set<IPAddress> = []
    /// Addresses of the file that somebody else added where the file wants them.
    var unsigned: [AddressID] = []
  }

  private func addressChanges() -> AddressChanges {
    var result = AddressChanges()
    let inTheWay = addressesInTheWay()
    let differing = target.state.addresses.lazy.filter { observed.addresses[$0.key] != $0.value }.map(\.key)
    for id in differing.sorted() {
      guard let wanted = target.state.addresses[id] else { continue }
      guard let found = observed.addresses[id] else {
        if let removal = inTheWay[id.place] { result.additions.append(removal) }
        result.additions.append(.address(id, Difference(before: nil, after: wanted)))
        continue
      }
      let isForeign = found.mark != ownershipMark
      if isForeign && !options.adopts {
        result.unsigned.append(id)
        continue
      }
      var after = wanted
      if !target.labelled.contains(id) { after.label = found.label }
      if after.label == found.label && !isForeign { continue }
      result.additions.append(.address(id, Difference(before: found, after: after)))
    }
    let ended = observed.addresses.lazy.filter { id, found in
      found.mark == ownershipMark && target.state.addresses[id] == nil && target.scope.covers(id)
    }.map(\.key)
    for id in ended.sorted() {
      let removal = Change.address(id, Difference(before: observed.addresses[id], after: nil))
      if inTheWay[id.place] != nil {
        // It leaves with the step ahead of the one that brings it back.
        continue
      } else if wantedVIPs.contains(id.address) {
        result.moves.append(removal)
      } else {
        result.removals.append(removal)
        if !target.scope.vips.contains(id.address) { result.leavingVIPs.insert(id.address) }
      }
    }
    return result
  }

  /// The removals of addresses that stay on their interface with another prefix length, by their place: the kernel takes an
  /// IPv6 address once for each interface (ipv6_chk_same_addr), so the old one goes first.
  private func addressesInTheWay() -> [AddressID: Change] {
    var coming: Set<AddressID> = []
    for id in target.state.addresses.keys where id.address.family == .ipv6 && observed.addresses[id] == nil {
      coming.insert(id.place)
    }
    var removals: [AddressID: Change] = [:]
    if coming.isEmpty { return removals }
    for (id, found) in observed.addresses where id.address.family == .ipv6 && coming.contains(id.place) {
      if found.mark == ownershipMark && target.scope.covers(id) {
        removals[id.place] = .address(id, Difference(before: found, after: nil))
      }
    }
    return removals
  }

  /// Whether an IPv4 VIP stays on this machine that the file does not want there and somebody else added.
  private var isStranded: Bool {
    observed.addresses.contains { id, found in
      guard id.address.family == .ipv4, target.state.addresses[id] == nil,
        target.scope.vips.contains(id.address) || target.scope.formerVIPs.contains(id.address)
      else { return false }
      return found.mark != ownershipMark && target.scope.covers(id)
    }
  }

  private func sysctlChanges() -> SysctlChanges { SysctlChanges(target, observed, isStranded: isStranded) }

  private func routeRemovals() -> [Change] {
    observed.routes.lazy.filter { id, found in
      found.mark == ownershipMark && target.state.routes[id] == nil && target.scope.covers(id)
    }.map(\.key).sorted().map { .route($0, Difference(before: observed.routes[$0], after: nil)) }
  }

  private func routeAdditions(flushed: Set<String>) -> [Change] {
    target.state.routes.keys.filter { id in
      observed.routes[id] == nil || id.destination.family == .ipv4 && flushed.contains(id.interface)
    }.sorted().map { .route($0, Difference(before: nil, after: target.state.routes[$0])) }
  }

  /// The interfaces that lose their last IPv4 address, and all their IPv4 routes with it (fib_disable_ip), before the VIPs
  /// that come are there.
  private func flushedDevices(_ removals: [Change]) -> Set<String> {
    var leaving: Set<AddressID> = []
    for removal in removals {
      if case .address(let id) = removal.subject, id.address.family == .ipv4 { leaving.insert(id) }
    }
    var devices = Set(leaving.map(\.interface))
    if devices.isEmpty { return devices }
    for id in observed.addresses.keys where id.address.family == .ipv4 && !leaving.contains(id) {
      devices.remove(id.interface)
    }
    return devices
  }

  /// VIPs that somebody else put where the file does not want them: not lvsctl's to move, and not to be ignored.
  private func conflicts() -> [Finding] { ForeignVIP.all(on: target, observed).map(\.finding) }
}
