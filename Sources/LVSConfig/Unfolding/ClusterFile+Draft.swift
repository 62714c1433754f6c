import LVSModel

extension ClusterFile {
  /// What a draft without faults says of machines and of the cluster as a whole; services and VIPs are not among it.
  init(_ draft: ClusterDraft) {
    self.init(name: draft.name?.value ?? "cluster")
    directors = (draft.directors?.value ?? []).map { director in
      Director(
        name: director.name?.value ?? "", addresses: director.addresses?.value?.compactMap(\.value) ?? [],
        interface: director.interface?.value ?? "")
    }
    realServers = (draft.realServers?.value ?? []).map { server in
      RealServer(
        name: server.name?.value ?? "", addresses: server.values, weight: server.weight?.value ?? 1,
        interface: server.interface?.value)
    }
    vrrp = draft.vrrp?.value.map { vrrp in
      VRRP(
        id: vrrp.id?.value ?? 0, interface: vrrp.interface?.value, interval: vrrp.interval?.value ?? 1,
        isUnicast: vrrp.unicast?.value ?? true, preempts: vrrp.preempt?.value ?? false,
        priority: vrrp.priority?.value ?? VRRP.standardPriority)
    }
    ignored = IgnoredServices(draft.ignored?.value ?? [])
    let timeouts = draft.timeouts?.value
    self.timeouts = Timeouts(tcp: timeouts?.tcp?.value, tcpFin: timeouts?.tcpFin?.value, udp: timeouts?.udp?.value)
    sync = draft.sync?.value.map { sync in
      SyncDaemon(
        interface: sync.interface?.value ?? "", id: sync.id?.value ?? 0, group: sync.group?.value,
        port: sync.port?.value, ttl: sync.ttl?.value, maxlen: sync.maxlen?.value)
    }
    if let sysctls = draft.sysctls?.value { self.sysctls = SysctlOverrides(sysctls) }
  }
}

extension IgnoredServices {
  init(_ elements: [IgnoredDraft]) {
    self.init()
    for element in elements {
      switch element {
      case .network(let network, _): networks.append(network)
      case .fwmark(let mark, _): fwmarks.insert(mark)
      }
    }
  }
}

extension SysctlOverrides {
  init(_ draft: SysctlsDraft) {
    func wishes(_ entries: Placed<[SysctlsDraft.Entry]>?) -> [String: SysctlWish]? {
      guard let entries else { return nil }
      return Dictionary(entries.value?.map { ($0.name, $0.wish) } ?? []) { _, last in last }
    }
    self.init(
      director: wishes(draft.director) ?? [:], standby: wishes(draft.standby),
      realServer: wishes(draft.realServer) ?? [:])
  }
}
