extension ClusterFile {
  /// Adds what the active director or a standby holds.
  func addDirector(_ directing: Node.Directing, to state: inout HostState, scope: inout Scope) {
    let director = directors[directing.director]
    scope.externalVIPs = Set(vips.lazy.filter(\.isHeldExternally).map(\.address))
    state.modules.insert("ip_vs")
    addDirectorSysctls(director, to: &state)
    for service in services {
      var realServers: [RealServerID: RealServerSettings] = [:]
      realServers.reserveCapacity(service.realServers.count)
      for member in service.realServers { realServers[member.id] = member.settings }
      state.services[service.id] = VirtualService(
        settings: service.settings, weights: service.weights, realServers: realServers)
    }
    if directing.role == .director { addVIPs(of: director, to: &state) }
    state.timeouts = timeouts
    if let sync {
      scope.coversSyncDaemons = true
      state.syncDaemons[directing.role == .director ? .master : .backup] = sync
    }
  }

  private func addVIPs(of director: Director, to state: inout HostState) {
    let numbers = labelNumbers
    for vip in vips where !vip.isHeldExternally {
      let interface = vip.interface ?? director.interface
      let label = vip.label(on: interface, implied: impliedLabel(interface, number: numbers[vip.address]))
      state.addresses[AddressID(vip.address, interface: interface)] = AddressSettings(
        label: vip.address.family == .ipv4 ? label : nil, labelIsExplicit: vip.label != nil, isAnnounced: true)
    }
  }

  private func addDirectorSysctls(_ director: Director, to state: inout HostState) {
    var nat: Set<AddressFamily> = []
    for service in services where service.realServers.contains(where: { $0.settings.forward == .nat }) {
      nat.insert(service.id.family)
    }
    state.sysctls["net.ipv4.ip_forward"] = nat.isEmpty ? "0" : "1"
    // A reply of an IPv6 real server behind NAT is routed, not delivered: without forwarding it is dropped.
    if nat.contains(.ipv6) { state.sysctls["net.ipv6.conf.all.forwarding"] = "1" }
    // The kernel sends redirects where either `all` or the interface allows it, so both have to say no.
    let interfaces = ["all", "default", director.interface] + vips.compactMap(\.interface)
    for interface in interfaces { state.sysctls[interfaceSysctl(.ipv4, interface, "send_redirects")] = "0" }
  }
}
