import LVSConfig
import LVSModel

/// The live state of a real server's part, for a status. A plan says what will be; this says what is.
extension Examination {
  /// What has to be looked at for ``realServerView(_:)``, beside what the rules have to know.
  public var viewQuery: SurroundingsQuery {
    var query = query
    if servingIndex == nil { return query }
    query.readsListeners = true
    askARP(on: arrivals.map(\.interface), &query)
    // The way back of addresses behind NAT is a rule's question too.
    let ways = sources.map { RouteQuestion(anybody($0.family), from: $0) }
    query.routes += ways.filter { !query.routes.contains($0) }
    return query
  }

  /// What there is to see of this machine as a real server; nil where it is none.
  public func realServerView(_ surroundings: Surroundings) -> RealServerView? {
    guard let index = servingIndex else { return nil }
    let waysBack = sources.map { source in
      RealServerView.WayBack(
        source: source, answer: surroundings.routes[RouteQuestion(anybody(source.family), from: source)])
    }
    return RealServerView(
      vips: servedVIPs.map { vip(named: $0, surroundings) }, ports: ports(of: index, surroundings.listeners),
      waysBack: waysBack)
  }

  // MARK: VIPs

  private var servedVIPs: [ClusterFile.VIP] {
    let served = Set(
      target.state.addresses.keys.lazy.filter { target.scope.realServerInterfaces.contains($0.interface) }.map(
        \.address))
    return file.vips.filter { served.contains($0.address) }
  }

  private func vip(named vip: ClusterFile.VIP, _ surroundings: Surroundings) -> RealServerView.VIP {
    let interfaces = observed.addresses.keys.filter { $0.address == vip.address }.map(\.interface)
    // The one that would answer is the one to be shown.
    let interface = interfaces.first(where: isAnswering) ?? interfaces.min()
    return RealServerView.VIP(
      address: vip.address, name: vip.name, interface: interface,
      isMute: interface.flatMap { isMute(vip.address.family, on: $0, surroundings) })
  }

  private func isAnswering(_ interface: String) -> Bool {
    links[interface].map { !$0.isLoopback && $0.answersARP } ?? false
  }

  /// Whether questions for an address on an interface stay without an answer: neighbour discovery asks an interface for its
  /// own addresses alone (ndisc_recv_ns), and ARP is answered for any unless arp_ignore says otherwise.
  private func isMute(_ family: AddressFamily, on interface: String, _ surroundings: Surroundings) -> Bool? {
    if isAnswering(interface) { return false }
    guard family == .ipv4 else { return true }
    var isKnown = false
    for arrival in arrivals {
      guard let ignore = live("arp_ignore", arrival.interface, surroundings),
        let announce = live("arp_announce", arrival.interface, surroundings)
      else { return nil }
      // 1 and 2 answer for the asked interface's own addresses, 8 for none (ip-sysctl.rst).
      guard [1, 2, 8].contains(ignore), announce >= 2 else { return false }
      isKnown = true
    }
    return isKnown ? true : nil
  }

  /// The greater of what is set for all interfaces and for one (IN_DEV_MAXCONF).
  private func live(_ key: String, _ interface: String, _ surroundings: Surroundings) -> Int? {
    let values = ["all", interface].map { surroundings.sysctls[interfaceSysctl(.ipv4, $0, key)].flatMap { Int($0) } }
    return values.contains(nil) ? nil : values.compactMap { $0 }.max()
  }

  // MARK: Ports

  private func ports(of index: Int, _ listeners: Set<Listener>?) -> [RealServerView.Port] {
    struct Place: Hashable {
      var transport: TransportProtocol
      var address: IPAddress
      var port: UInt16
    }
    var places: Set<Place> = []
    for service in file.services {
      guard case .address(let transport, let vip, let port) = service.id, port != 0 else { continue }
      for member in service.realServers where member.server == index {
        let isRewritten = member.settings.forward == .nat
        places.insert(
          Place(
            transport: transport, address: isRewritten ? member.id.address : vip,
            port: isRewritten ? member.id.port : port))
      }
    }
    let sorted = places.sorted {
      ($0.address, $0.port, $0.transport.rawValue) < ($1.address, $1.port, $1.transport.rawValue)
    }
    return sorted.map { place in
      RealServerView.Port(
        transport: place.transport, address: place.address, port: place.port,
        isListening: place.transport == .sctp
          ? nil : listeners.map { $0.takes(place.transport, place.address, place.port) })
    }
  }

  // MARK: The way back

  /// The addresses that replies come from, one a family for VIPs and for the machine's own: those that it holds, since the
  /// kernel says nothing of the others.
  private var sources: [IPAddress] {
    let vips = servedVIPs.map(\.address).filter(held.contains)
    return [vips, natAddresses].flatMap { addresses in
      AddressFamily.allCases.compactMap { family in addresses.first { $0.family == family } }
    }
  }
}

extension Set<Listener> {
  /// Whether a socket takes what comes to an address and port; one of `::` mostly takes IPv4, too.
  fileprivate func takes(_ transport: TransportProtocol, _ address: IPAddress, _ port: UInt16) -> Bool {
    let places = [address, IPAddress(ipv4: 0), IPAddress(ipv6High: 0, low: 0)]
    return places.contains { place in
      (place.family == .ipv6 || address.family == .ipv4) && contains(Listener(transport, place, port: port))
    }
  }
}
