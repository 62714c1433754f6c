import LVSConfig
import LVSModel

extension ClusterFile {
  /// Adds what the active director or a standby holds.
  func addDirector(_ node: Node, _ directing: Node.Directing, to target: inout Target) {
    let director = directors[directing.director]
    target.scope.externalVIPs = Set(vips.lazy.filter(\.isHeldExternally).map(\.address))
    target.state.modules.insert("ip_vs")
    addDirectorSysctls(director, to: &target.state)
    addVIPs(directing, to: &target)
    target.state.timeouts = timeouts
    if let sync {
      target.scope.coversSyncDaemons = true
      for role in syncRoles(directing) { target.state.syncDaemons[role] = sync }
    }
  }

  /// Adds the services of a director or a standby, once its sysctls are known.
  ///
  /// A standby that is itself a real server of a service, by direct routing or a tunnel, would balance the packets that the
  /// active director sends it once more: half of them back, in circles. It does without such a service, unless
  /// `backup_only` keeps it from balancing for as long as its backup daemon runs (ip_vs_in of ip_vs_core.c).
  func addServices(_ node: Node, _ directing: Node.Directing, _ health: HealthView, to target: inout Target) {
    let rests = target.state.syncDaemons[.backup] != nil && target.state.sysctls[backupOnly] == "1"
    let holders = Dictionary(
      hasSeveralActiveDirectors ? vips.map { ($0.address, $0.holder) } : []
    ) { first, _ in first }
    let knowsHealth = !health.isEmpty
    target.state.services.reserveCapacity(services.count)
    for service in services {
      guard !service.isHeldExternally else {
        target.scope.externalServices.insert(service.id)
        continue
      }
      if isServed(service, by: node.realServer) {
        let holder = service.id.vip.flatMap { holders[$0] } ?? .activeDirector
        let isActive = isActive(directing, for: holder)
        guard isActive || rests else { continue }
        target.servedHere.insert(service.id)
        if !isActive { target.resting.insert(service.id) }
      }
      target.state.services[service.id] = VirtualService(
        settings: service.settings,
        realServers: knowsHealth || service.health.hasFallback ? health.realServers(of: service) : all(of: service))
      guard service.weights == .external else { continue }
      target.externallyWeighted.insert(service.id)
      let weighted = knowsHealth || service.health.hasFallback ? health.weighted(of: service) : []
      if !weighted.isEmpty { target.weightedHere[service.id] = weighted }
    }
  }

  /// Every real server of a service, as the file has it.
  private func all(of service: Service) -> [RealServerID: RealServerSettings] {
    var realServers: [RealServerID: RealServerSettings] = [:]
    realServers.reserveCapacity(service.realServers.count)
    for member in service.realServers { realServers[member.id] = member.settings }
    return realServers
  }

  /// Whether packets of a service come to this real server as they are, addressed to the VIP.
  private func isServed(_ service: Service, by realServer: Int?) -> Bool {
    guard let realServer else { return false }
    return service.realServers.contains { $0.server == realServer && $0.settings.forward.keepsDestination }
  }

  // MARK: Who is active for what

  /// Whether a director in its part holds a VIP, or would if no other program moved it.
  private func isActive(_ directing: Node.Directing, for holder: VIPHolder) -> Bool {
    switch holder {
    case .activeDirector, .external: directing.role == .director
    case .director(let index): index == directing.director && !directing.isDemoted
    }
  }

  /// Whether the VIPs are spread over directors that are active at the same time.
  private var hasSeveralActiveDirectors: Bool {
    let active = vips.lazy.compactMap { vip -> Int? in
      switch vip.holder {
      case .activeDirector: 0
      case .director(let index): index
      case .external: nil
      }
    }
    return Set(active).count > 1
  }

  /// The daemons of a director: it sends where it is active, and receives where another one is.
  private func syncRoles(_ directing: Node.Directing) -> Set<SyncRole> {
    guard hasSeveralActiveDirectors else { return [directing.role == .director ? .master : .backup] }
    return Set(vips.map { isActive(directing, for: $0.holder) ? .master : .backup })
  }

  // MARK: VIPs and sysctls

  private func addVIPs(_ directing: Node.Directing, to target: inout Target) {
    let director = directors[directing.director]
    let numbers = labelNumbers
    for vip in vips where !vip.isHeldExternally && isActive(directing, for: vip.holder) {
      let interface = vip.interface ?? director.interface
      let label = vip.label(on: interface, implied: impliedLabel(interface, number: numbers[vip.address]))
      let id = AddressID(vip.address, prefixLength: vip.prefixLength, interface: interface)
      target.state.addresses[id] = AddressSettings(label: vip.address.family == .ipv4 ? label : nil)
      target.announced.insert(id)
      if vip.label != nil { target.labelled.insert(id) }
    }
  }

  private func addDirectorSysctls(_ director: Director, to state: inout HostState) {
    var nat: Set<AddressFamily> = []
    for service in services.representatives
    where service.realServers.contains(where: { $0.settings.forward == .nat }) {
      nat.insert(service.id.family)
    }
    state.sysctls["net.ipv4.ip_forward"] = nat.isEmpty ? "0" : "1"
    // A reply of an IPv6 real server behind NAT is routed, not delivered: without forwarding it is dropped.
    if nat.contains(.ipv6) { state.sysctls["net.ipv6.conf.all.forwarding"] = "1" }
    // The kernel sends redirects where either `all` or the interface allows it, so both have to say no.
    let interfaces = ["all", "default", director.interface] + vips.compactMap(\.interface)
    for interface in interfaces { state.sysctls[interfaceSysctl(.ipv4, interface, "send_redirects")] = "0" }
    if sync != nil, !hasSeveralActiveDirectors, aDirectorServes { state.sysctls[backupOnly] = "1" }
  }

  /// Whether a director is itself a real server by direct routing or a tunnel.
  private var aDirectorServes: Bool {
    let both = Set(machines.lazy.filter { $0.director != nil }.compactMap(\.realServer))
    guard !both.isEmpty else { return false }
    return services.representatives.contains { service in
      !service.isHeldExternally
        && service.realServers.contains { both.contains($0.server) && $0.settings.forward.keepsDestination }
    }
  }
}

/// With 1 the kernel balances nothing while a backup daemon runs (Documentation/networking/ipvs-sysctl.rst).
private let backupOnly = "net.ipv4.vs.backup_only"

extension ForwardingMethod {
  /// Whether a packet reaches the real server with the VIP as its destination.
  var keepsDestination: Bool {
    switch self {
    case .dr, .tun, .local: true
    case .nat, .bypass, .unknown: false
    }
  }
}
