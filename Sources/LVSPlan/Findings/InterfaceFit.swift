import LVSConfig
import LVSModel
import LVSText

/// Whether the file fits the interfaces of this machine, which is looked at before anything is planned.
public struct InterfaceFit {
  private let file: ClusterFile
  private let node: Node
  private let target: Target
  private let observed: HostState
  private let links: [String: NetworkLink]

  /// Holds a node of the file against the interfaces of this machine.
  public init(_ file: ClusterFile, _ node: Node, _ target: Target, observed: HostState, links: [NetworkLink]) {
    self.file = file
    self.node = node
    self.target = target
    self.observed = observed
    self.links = Dictionary(links.map { ($0.name, $0) }) { first, _ in first }
  }

  /// Why it does not fit: an interface that is not there, or a network card in the place of a mute device; empty where it
  /// fits.
  public var refusals: [Finding] { missingInterfaces + loudRealServerInterfaces }

  /// The interfaces that the node's part needs, with the key that names each.
  private var namedInterfaces: [(name: String, key: String)] {
    var named: [(name: String, key: String)] = []
    if let directing = node.directing {
      named.append((file.directors[directing.director].interface, "`directors`"))
      named += file.vips.compactMap { vip in vip.interface.map { ($0, "`vips`") } }
      if let interface = file.vrrp?.interface { named.append((interface, "`vrrp`")) }
      named += target.state.syncDaemons.values.map { ($0.interface, "`sync`") }
    }
    named += target.scope.realServerInterfaces.sorted().map { ($0, "`real_servers`") }
    named += target.state.sysctls.keys.sorted().compactMap { name in
      observed.sysctls[name] == nil ? interface(ofSysctl: name).map { ($0, "`sysctls`") } : nil
    }
    return named
  }

  private var missingInterfaces: [Finding] {
    var seen: Set<String> = []
    // A tunnel's device comes with its module, which the plan loads.
    let comesWithModule = target.state.modules.isSubset(of: observed.modules) ? [] : TunnelDevice.fallbackNames
    return namedInterfaces.filter { name, _ in
      links[name] == nil && !comesWithModule.contains(name) && seen.insert(name).inserted
    }.map { name, key in
      if let link = links.values.first(where: { $0.alternativeNames.contains(name) }) {
        return refusal(
          .interfaceAltname, name,
          """
          \(name) in \(key) is another name (altname) of the interface \(link.name). Write \(link.name) in the file: \
          sysctls and labels go by that name.
          """, facts: [Finding.Fact("interface", link.name)])
      }
      let present = links.keys.sorted()
      let more = present.count > 20 ? " and \(present.count - 20) more" : ""
      return refusal(
        .missingInterface, name,
        """
        This machine has no interface \(name), which \(key) in the file names. Its interfaces: \
        \(present.prefix(20).joined(separator: ", "))\(more). Correct the file, or bring the interface into being first.
        """)
    }
  }

  /// A VIP on a card is answered for by ARP, and the director loses its traffic to the real server.
  private var loudRealServerInterfaces: [Finding] {
    target.scope.realServerInterfaces.sorted().compactMap { name in
      guard let link = links[name], link.answersARP else { return nil }
      return refusal(
        .loudInterface, name,
        """
        \(name), where \(node.name) holds VIPs as a real server, is a network card: it would answer ARP for them and \
        take the director's traffic. Leave `interface` out for lo, or name a device that answers no ARP: loopback, \
        dummy or tunnel.
        """)
    }
  }

  private func refusal(
    _ code: FindingCode, _ interface: String, _ message: Message, facts: [Finding.Fact] = []
  ) -> Finding {
    Finding(code, .error, node: node.name, subject: interface, message, facts: facts)
  }

  /// The interface in the name of a sysctl such as `net.ipv4.conf.eth0/100.arp_ignore`; nil for those of all, and others.
  private func interface(ofSysctl name: String) -> String? {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 5, parts[0] == "net", parts[1] == "ipv4" || parts[1] == "ipv6",
      parts[2] == "conf" || parts[2] == "neigh", parts[3] != "all", parts[3] != "default"
    else { return nil }
    return String(parts[3].map { $0 == "/" ? "." : $0 })
  }
}

extension TunnelDevice {
  /// The devices that the kernel makes itself when a tunnel's module is loaded.
  static let fallbackNames: Set<String> = ["tunl0", "sit0", "ip6tnl0", "gre0", "ip6gre0"]
}
