import LVSModel
import LVSText

/// What a real server has to do with packets that reach it, beyond holding the VIP.
extension Examination {
  // MARK: GUE

  func askGUEPorts(_ query: inout SurroundingsQuery) {
    if !guePorts.isEmpty { query.readsGUEPorts = true }
  }

  func guePortFindings(_ surroundings: Surroundings) -> [Finding] {
    let guePorts = guePorts
    if guePorts.isEmpty { return [] }
    guard let open = surroundings.guePorts else { return [] }
    let missing = guePorts.subtracting(open).sorted { ($0.family, $0.port) < ($1.family, $1.port) }
    return missing.map { port in
      let command = "\(port.family == .ipv4 ? "ip" : "ip -6") fou add port \(port.port) gue"
      return finding(
        .guePort, .error, String(port.port),
        "Nothing takes GUE apart on UDP port \(port.port), so tunneled packets are lost at \(node.name).",
        facts: [Finding.Fact("family", port.family.word), Finding.Fact("port", String(port.port))],
        help: "Open the port: \(command).")
    }
  }

  private var guePorts: Set<GUEPort> {
    guard let index = servingIndex else { return [] }
    return Set(
      file.services.representatives.lazy.flatMap(\.realServers).compactMap { member in
        guard member.server == index, case .tun(let tunnel) = member.settings.forward, tunnel.kind == .gue
        else { return nil }
        return GUEPort(member.id.address.family, tunnel.port)
      })
  }

  // MARK: ARP

  private static let arpKeys = ["arp_ignore", "arp_announce"]

  /// Asked only where the file takes away what the role implies.
  func askARP(_ query: inout SurroundingsQuery) { askARP(on: loudInterfaces, &query) }

  /// Asks what some interfaces do with questions and announcements of ARP.
  func askARP(on interfaces: [String], _ query: inout SurroundingsQuery) {
    for interface in interfaces {
      for key in Self.arpKeys {
        for scope in ["all", interface] { query.sysctls.insert(interfaceSysctl(.ipv4, scope, key)) }
      }
    }
  }

  func arpFindings(_ surroundings: Surroundings) -> [Finding] {
    loudInterfaces.flatMap { interface in
      Self.arpKeys.compactMap { key in
        guard greatest(key, interface, surroundings) == 0 else { return nil }
        let name = interfaceSysctl(.ipv4, interface, key)
        let what: Message =
          key == "arp_ignore" ? "\(interface) answers ARP for the VIPs" : "\(interface) names VIPs in its ARP requests"
        return finding(
          .arpNotMuted, .warning, name,
          "\(what), since the file leaves \(key) to others and it is 0: clients can find \(node.name) instead of the "
            + "director.",
          facts: [Finding.Fact("interface", interface)],
          help: "Take \(key) out of `sysctls`, unless arptables or the like mutes ARP here.")
      }
    }
  }

  /// The interfaces of this node's addresses where it holds IPv4 VIPs, and where the file leaves ARP to others.
  private var loudInterfaces: [String] {
    let wished =
      Self.arpKeys.contains { key in target.state.sysctls[interfaceSysctl(.ipv4, "all", key)] == nil }
      || Self.arpKeys.contains { key in target.state.sysctls[interfaceSysctl(.ipv4, "all", key)] == "0" }
    guard wished, servingIndex != nil, holdsServedIPv4VIP else { return [] }
    return arrivals.map(\.interface)
  }

  private var holdsServedIPv4VIP: Bool {
    target.state.addresses.keys.contains {
      $0.address.family == .ipv4 && target.scope.realServerInterfaces.contains($0.interface)
    }
  }

  // MARK: The reverse path

  func askReversePath(_ query: inout SurroundingsQuery) {
    guard !otherNetworks.isEmpty else { return }
    for arrival in directArrivals {
      for scope in ["all", arrival.interface] { query.sysctls.insert(interfaceSysctl(.ipv4, scope, "rp_filter")) }
    }
    if !directArrivals.isEmpty { query.routes.append(RouteQuestion(anybody(.ipv4))) }
  }

  /// A client's packet comes by the interface that the director is on. Where the way back to the client is another one,
  /// a strict filter drops it (fib_validate_source).
  func reversePathFindings(_ surroundings: Surroundings) -> [Finding] {
    let otherNetworks = otherNetworks
    if otherNetworks.isEmpty { return [] }
    return directArrivals.compactMap { arrival in
      guard greatest("rp_filter", arrival.interface, surroundings) == 1 else { return nil }
      var asked: (network: String, interface: String)?
      switch surroundings.routes[RouteQuestion(anybody(.ipv4))] {
      case .onLink(let interface), .gateway(_, let interface):
        if interface != arrival.interface { asked = ("other networks", interface) }
      default: break
      }
      let vips = target.state.addresses.keys.lazy.map(\.address)
      if let network = otherNetworks.first(where: { network in
        network.interface != arrival.interface && vips.contains { networks.network(of: $0) == network }
      }) {
        asked = (network.words, network.interface)
      }
      guard let asked else { return nil }
      return finding(
        .rpFilter, .warning, arrival.interface,
        "Packets from clients come by \(arrival.interface), where rp_filter is strict (1), and the way back to "
          + "\(asked.network) is \(asked.interface): the kernel drops what clients there ask.",
        facts: [Finding.Fact("interface", arrival.interface), Finding.Fact("back", asked.interface)],
        help:
          "Set net.ipv4.conf.all.rp_filter and \(interfaceSysctl(.ipv4, arrival.interface, "rp_filter")) to 0 or 2, "
          + "here or in `sysctls.real_server` of the file.")
    }
  }

  typealias Arrival = (address: IPAddress, interface: String)

  /// Where packets for this real server come in: its IPv4 addresses in the file with their interfaces.
  var arrivals: [Arrival] {
    guard let index = servingIndex else { return [] }
    let own = Set(file.realServers[index].addresses.filter { $0.family == .ipv4 })
    return observed.addresses.keys.filter { own.contains($0.address) && links[$0.interface]?.isLoopback != true }
      .sorted().map { ($0.address, $0.interface) }
  }

  private var directArrivals: [Arrival] {
    guard let index = servingIndex, uses[index, .ipv4].contains(.direct) else { return [] }
    return arrivals
  }

  /// IPv4 networks of this machine that packets for it do not come in by.
  private var otherNetworks: [ConnectedNetwork] {
    guard servingIndex != nil else { return [] }
    let arriving = Set(arrivals.map(\.interface))
    return networks.filter {
      $0.prefix.family == .ipv4 && !arriving.contains($0.interface) && links[$0.interface]?.isUp == true
    }
    .sorted { ($0.interface, $0.words) < ($1.interface, $1.words) }
  }
}
