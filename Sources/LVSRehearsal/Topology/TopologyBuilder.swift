import LVSConfig
import LVSModel
import LVSSandbox

extension Topology {
  /// Chooses the machines and networks for some files, the first of which is what the others lead to; `named` are networks
  /// that the files cannot tell.
  public init(_ files: [ClusterFile], named: [Prefix] = []) throws(Unbuildable) {
    var builder = TopologyBuilder(files, try Prefixes(files, named: named))
    self = try builder.build()
  }
}

/// An interface of a machine of the file.
private struct Card {
  var name: String
  var addresses: [IPAddress]
  /// The number of its segment.
  var segment: Int
}

/// A machine of the files.
private struct Host {
  var name: String
  var isDirector: Bool
  var cards: [Card] = []
  var dummies: [String] = []

  func cards(in segment: Int) -> [Card] { cards.filter { $0.segment == segment } }

  func address(_ family: AddressFamily, in segment: Int) -> IPAddress? {
    cards.lazy.filter { $0.segment == segment }.flatMap(\.addresses).first { $0.family == family }
  }
}

private struct TopologyBuilder {
  private let files: [ClusterFile]
  private let prefixes: Prefixes
  private let vips: [ClusterFile.VIP]
  /// The interfaces of those that are not on the director's own.
  private let interfaces: [IPAddress: String]
  /// The families of VIPs and real servers.
  private let families: Set<AddressFamily>
  private var hosts: [Host] = []
  /// Their numbers by name.
  private var numbers: [String: Int] = [:]
  /// The prefixes of each segment.
  private var segments: [[Prefix]] = []
  private var segmentNames: [String] = []
  private var segmentOf: [Prefix: Int] = [:]
  private var taken: Set<IPAddress> = []
  /// Segments that only directors talk on.
  private var quiet: Set<Int> = []

  /// From where the client asks (RFC 2544, RFC 5180: networks for benchmarks).
  private static let sourcePrefixes = [
    Prefix(of: IPAddress(ipv4: 0xc612_0000), length: 16),
    Prefix(of: IPAddress(ipv6High: 0x2001_0002 << 32, low: 0), length: 48),
  ]
  private static let sourceCount = 64

  init(_ files: [ClusterFile], _ prefixes: Prefixes) {
    self.files = files
    self.prefixes = prefixes
    vips = files.flatMap(\.vips)
    interfaces = Dictionary(vips.compactMap { vip in vip.interface.map { (vip.address, $0) } }) { first, _ in first }
    var families = Set(vips.map(\.address.family))
    for file in files {
      for service in file.services {
        families.insert(service.id.family)
        for member in service.realServers { families.insert(member.id.address.family) }
      }
    }
    self.families = families
  }

  mutating func build() throws(Unbuildable) -> Topology {
    try collectHosts()
    addBareInterfaces()
    fillFamilies()
    return try plug()
  }

  // MARK: The machines of the files

  /// The segment of a prefix; one that is new gets its own, or that of `other`.
  private mutating func segment(of prefix: Prefix, joining other: Int? = nil) -> Int {
    if let known = segmentOf[prefix] {
      if let other, other != known { join(known, other) }
      return segmentOf[prefix] ?? known
    }
    if let other {
      segments[other].append(prefix)
      segmentOf[prefix] = other
      return other
    }
    segments.append([prefix])
    segmentNames.append("net\(segments.count)")
    segmentOf[prefix] = segments.count - 1
    return segments.count - 1
  }

  /// Makes two segments one: a card is in both.
  private mutating func join(_ from: Int, _ to: Int) {
    segments[to] += segments[from]
    for prefix in segments[from] { segmentOf[prefix] = to }
    segments[from] = []
    for host in hosts.indices {
      for card in hosts[host].cards.indices where hosts[host].cards[card].segment == from {
        hosts[host].cards[card].segment = to
      }
    }
  }

  private mutating func collectHosts() throws(Unbuildable) {
    for file in files {
      for machine in file.machines {
        let director = machine.director.map { file.directors[$0] }
        let server = machine.realServer.map { file.realServers[$0] }
        let addresses = (director?.addresses ?? []) + (server?.addresses ?? [])
        taken.formUnion(addresses)
        var host = Host(name: machine.name, isDirector: director != nil)
        // The same machine of another file: what it has there besides.
        let index = numbers[machine.name] ?? hosts.count
        if index < hosts.count { host = hosts[index] } else { hosts.append(host) }
        numbers[machine.name] = index
        for address in addresses { add(address, to: index, director: director, file) }
        if let interface = server?.interface, needsDummy(interface),
          !hosts[index].cards.contains(where: { $0.name == interface })
        {
          if !hosts[index].dummies.contains(interface) { hosts[index].dummies.append(interface) }
        }
      }
    }
    taken.formUnion(vips.map(\.address))
  }

  /// Devices that the kernel has, or makes with a module of a tunnel.
  private func needsDummy(_ interface: String) -> Bool {
    !["lo", "tunl0", "ip6tnl0", "sit0", "gre0", "ip6gre0"].contains(interface)
  }

  private mutating func add(_ address: IPAddress, to host: Int, director: ClusterFile.Director?, _ file: ClusterFile) {
    if hosts[host].cards.contains(where: { $0.addresses.contains(address) }) { return }
    let prefix = prefixes.prefix(of: address)
    // A card that is in the network already.
    if let card = hosts[host].cards.firstIndex(where: { segmentOf[prefix] == $0.segment }) {
      hosts[host].cards[card].addresses.append(address)
      return
    }
    // The first card has an address of each family, as the cards of most machines do.
    let isFirst = !hosts[host].cards.contains { $0.addresses.contains { $0.family == address.family } }
    if isFirst, let card = hosts[host].cards.first {
      let segment = segment(of: prefix, joining: card.segment)
      hosts[host].cards[0].segment = segment
      hosts[host].cards[0].addresses.append(address)
      return
    }
    let segment = segment(of: prefix)
    let name: String
    if hosts[host].cards.isEmpty {
      name = director?.interface ?? "eth0"
    } else {
      let named = file.vips.first { vip in
        prefix.contains(vip.address) && vip.interface.map { $0 != director?.interface } == true
      }
      name = director == nil ? free("eth", at: host) : named?.interface ?? free("lan", at: host)
    }
    hosts[host].cards.append(Card(name: name, addresses: [address], segment: segment))
  }

  /// A name that no interface of the machine has.
  private func free(_ stem: String, at host: Int) -> String {
    var number = 0
    while hosts[host].cards.contains(where: { $0.name == "\(stem)\(number)" }) { number += 1 }
    return "\(stem)\(number)"
  }

  // MARK: What the file leaves open

  /// Interfaces that the file names and no address of a machine is on.
  private mutating func addBareInterfaces() {
    for file in files {
      for vip in file.vips {
        guard let interface = vip.interface else { continue }
        for host in hosts.indices where hosts[host].isDirector && lacks(interface, host) {
          let segment = segmentOf[prefixes.prefix(of: vip.address)] ?? hosts[host].cards[0].segment
          hosts[host].cards.append(Card(name: interface, addresses: [], segment: segment))
        }
      }
      for interface in [file.sync?.interface, file.vrrp?.interface].compactMap(\.self) {
        for host in hosts.indices where hosts[host].isDirector && lacks(interface, host) {
          addLink(interface, to: host)
        }
      }
    }
  }

  private func lacks(_ interface: String, _ host: Int) -> Bool {
    !hosts[host].cards.contains { $0.name == interface }
  }

  /// A link between directors, with an address of its own at each.
  private mutating func addLink(_ interface: String, to host: Int) {
    let prefix = invented(.ipv4, "link \(interface)")
    let segment = segment(of: prefix)
    quiet.insert(segment)
    hosts[host].cards.append(
      Card(name: interface, addresses: [prefix.takeLast(&taken)].compactMap(\.self), segment: segment))
  }

  private var inventions: [String: Prefix] = [:]

  /// A network that the file has nothing of, always the same for one purpose.
  private mutating func invented(_ family: AddressFamily, _ purpose: String) -> Prefix {
    let key = "\(family.word) \(purpose)"
    if let known = inventions[key] { return known }
    var number: UInt64 = 0
    while true {
      number += 1
      let prefix =
        family == .ipv4
        ? Prefix(of: IPAddress(ipv4: 0xac1e_0000 + UInt32(number & 0xffff) << 8), length: 24)
        : Prefix(of: IPAddress(ipv6High: 0xfd76_6c76_7363_0000 + number, low: 0), length: 64)
      let isFree = !inventions.values.contains(prefix) && !taken.contains(where: prefix.contains)
      if isFree {
        inventions[key] = prefix
        return prefix
      }
    }
  }

  private var hostsBySegment: [Int: [Int]] {
    var members: [Int: [Int]] = [:]
    for host in hosts.indices {
      for segment in Set(hosts[host].cards.map(\.segment)) { members[segment, default: []].append(host) }
    }
    return members
  }

  /// Gives each network both families where the files have both, as a tunnel between them needs.
  private mutating func fillFamilies() {
    let members = hostsBySegment
    for segment in segments.indices where !segments[segment].isEmpty && !quiet.contains(segment) {
      for family in AddressFamily.allCases where families.contains(family) {
        if segments[segment].contains(where: { $0.family == family }) { continue }
        let prefix = invented(family, "segment \(segment)")
        segments[segment].append(prefix)
        segmentOf[prefix] = segment
      }
      for host in members[segment, default: []] {
        guard let card = hosts[host].cards.firstIndex(where: { $0.segment == segment && !$0.addresses.isEmpty }) else {
          continue
        }
        for prefix in segments[segment] where hosts[host].address(prefix.family, in: segment) == nil {
          guard families.contains(prefix.family), let address = prefix.takeLast(&taken) else { continue }
          hosts[host].cards[card].addresses.append(address)
        }
      }
    }
  }

  // MARK: Client, router, routes

  private func segment(ofVIP vip: IPAddress) -> Int? {
    if let segment = segmentOf[prefixes.prefix(of: vip)] { return segment }
    let interface = interfaces[vip]
    let director = hosts.first { $0.isDirector }
    return (director?.cards.first { $0.name == interface } ?? director?.cards.first)?.segment
  }

  /// The segments in which clients ask for VIPs.
  private var asked: [Int] {
    var found: [Int] = []
    let services = Set(files.flatMap { file in file.services.compactMap(\.id.vip) })
    let listed = files.contains { file in file.services.contains { $0.id.vip == nil } }
    for vip in vips where services.contains(vip.address) || listed && !vip.isNamedByService {
      if let segment = segment(ofVIP: vip.address), !found.contains(segment) { found.append(segment) }
    }
    return found
  }

  /// Addresses of real servers that answer by NAT, and are on a network.
  private var natAddresses: Set<IPAddress> {
    var found: Set<IPAddress> = []
    for file in files {
      for service in file.services {
        for member in service.realServers where member.settings.forward == .nat && !member.id.address.isLoopback {
          found.insert(member.id.address)
        }
      }
    }
    return found.subtracting(files.flatMap(\.directors).flatMap(\.addresses))
  }

  private mutating func plug() throws(Unbuildable) -> Topology {
    let nat = natAddresses
    let asked = asked
    // Clients on the network of real servers by NAT would get replies past the director: they come from elsewhere.
    let isOutside = nat.contains { address in segmentOf[prefixes.prefix(of: address)].map(asked.contains) == true }
    let names = Set(hosts.map(\.name))
    let client = free("client", among: names)
    let router = free("router", among: names.union([client]))
    var clientCard = Host(name: client, isDirector: false)
    var routerHost = Host(name: router, isDirector: false)

    var clientSegments = asked
    if isOutside {
      let outside = invented(.ipv4, "outside")
      let segment = segment(of: outside)
      if families.contains(.ipv6) { _ = self.segment(of: invented(.ipv6, "outside"), joining: segment) }
      clientSegments = [segment]
    }
    for segment in clientSegments {
      clientCard.cards.append(try card(free(clientCard, "eth"), in: segment))
    }
    let reached = Set(hosts.filter(\.isDirector).flatMap(\.cards).map(\.segment))
    var routed = segments.indices.filter { !segments[$0].isEmpty && !quiet.contains($0) && !reached.contains($0) }
    if !routed.isEmpty {
      for segment in asked where !routed.contains(segment) { routed.append(segment) }
      for segment in clientSegments where !routed.contains(segment) { routed.append(segment) }
      for segment in routed.sorted() { routerHost.cards.append(try card(free(routerHost, "eth"), in: segment)) }
    }

    let near = nearVIPs
    var stations = hosts.map { host in
      Topology.Station(
        name: host.name, part: .node, links: links(host), routes: routes(host, clientCard, routerHost, nat, near),
        dummies: host.dummies)
    }
    let hasRouter = !routerHost.cards.isEmpty
    stations.append(
      Topology.Station(
        name: client, part: .client, links: links(clientCard),
        routes: (isOutside ? [] : vipRoutes(clientCard)) + (hasRouter ? gateways(of: clientCard, to: routerHost) : [])))
    if hasRouter {
      stations.append(
        Topology.Station(
          name: router, part: .router, links: links(routerHost),
          routes: vipRoutes(routerHost) + sourceRoutes(from: routerHost, to: clientCard)))
    }
    let used = segments.indices.filter { !segments[$0].isEmpty }
    return Topology(
      segments: used.map { Topology.Segment(name: segmentNames[$0], prefixes: segments[$0]) }, stations: stations,
      client: client, router: hasRouter ? router : nil,
      sources: Dictionary(uniqueKeysWithValues: Self.sourcePrefixes.map { ($0.family, Self.sources(in: $0)) }))
  }

  /// One in each /24, or /64: clients of different networks.
  private static func sources(in prefix: Prefix) -> [IPAddress] {
    (0..<UInt64(sourceCount)).map { number in
      prefix.family == .ipv4
        ? IPAddress(ipv4: prefix.base.ipv4Bits + UInt32(number) << 8 + 1)
        : IPAddress(ipv6High: prefix.base.high + number, low: 1)
    }
  }

  private func free(_ stem: String, among names: Set<String>) -> String {
    var name = stem
    while names.contains(name) { name += "x" }
    return name
  }

  private func free(_ host: Host, _ stem: String) -> String { "\(stem)\(host.cards.count)" }

  private mutating func card(_ name: String, in segment: Int) throws(Unbuildable) -> Card {
    var addresses: [IPAddress] = []
    for prefix in segments[segment] where !addresses.contains(where: { $0.family == prefix.family }) {
      guard let address = prefix.takeLast(&taken) else {
        throw Unbuildable(
          """
          Every address of \(prefix) is one of the file, so there is none for a client. Name the network that it is \
          part of: --network \(Prefix(of: prefix.base, length: prefix.length - 1)).
          """)
      }
      addresses.append(address)
    }
    return Card(name: name, addresses: addresses, segment: segment)
  }

  private func links(_ host: Host) -> [Network.Link] {
    host.cards.map { card in
      Network.Link(
        name: card.name, lan: segmentNames[card.segment],
        addresses: card.addresses.map { address in
          let prefix = segments[card.segment].first { $0.contains(address) } ?? address.hostPrefix
          return address.written(in: prefix)
        })
    }
  }

  /// VIPs outside of the networks of the segment that they are asked in: their holder answers ARP for them all the same.
  private func vipRoutes(_ host: Host) -> [String] {
    vips.compactMap { vip in
      guard let segment = segment(ofVIP: vip.address), !segments[segment].contains(where: { $0.contains(vip.address) }),
        let card = host.cards(in: segment).first
      else { return nil }
      return "\(vip.address.hostPrefix) dev \(card.name)"
    }
  }

  private func gateways(of host: Host, to router: Host) -> [String] {
    var routes: [String] = []
    for family in AddressFamily.allCases {
      let gateway = host.cards.lazy.compactMap { router.address(family, in: $0.segment) }.first
      if let gateway, families.contains(family) { routes.append("default via \(gateway)") }
    }
    return routes
  }

  /// The ways to the client's further addresses.
  private func sourceRoutes(from host: Host, to client: Host) -> [String] {
    Self.sourcePrefixes.compactMap { prefix in
      let gateway = host.cards.lazy.compactMap { client.address(prefix.family, in: $0.segment) }.first
      guard let gateway, families.contains(prefix.family) else { return nil }
      return "\(prefix) via \(gateway)"
    }
  }

  private func routes(
    _ host: Host, _ client: Host, _ router: Host, _ nat: Set<IPAddress>, _ near: [Int: [AddressFamily: IPAddress]]
  ) -> [String] {
    var routes: [String] = []
    for family in AddressFamily.allCases where families.contains(family) {
      if let gateway = natGateway(of: host, family, nat, near) {
        routes.append("default via \(gateway)")
        continue
      }
      routes += sourceRoutes(from: host, to: client).filter { $0.contains(":") == (family == .ipv6) }
      routes += gateways(of: host, to: router).filter { $0.contains(":") == (family == .ipv6) }
    }
    return routes
  }

  /// The VIP of each segment, and family, that is the best gateway there: one that no service names, where there is one.
  private var nearVIPs: [Int: [AddressFamily: IPAddress]] {
    var near: [Int: [AddressFamily: IPAddress]] = [:]
    for vip in vips.filter({ !$0.isNamedByService }) + vips.filter(\.isNamedByService) {
      guard let segment = segmentOf[prefixes.prefix(of: vip.address)] else { continue }
      if near[segment]?[vip.address.family] == nil { near[segment, default: [:]][vip.address.family] = vip.address }
    }
    return near
  }

  /// The director's own address that replies by NAT pass: one that moves with its role, where the file has one.
  private func natGateway(
    of host: Host, _ family: AddressFamily, _ nat: Set<IPAddress>, _ near: [Int: [AddressFamily: IPAddress]]
  ) -> IPAddress? {
    for card in host.cards {
      guard card.addresses.contains(where: { $0.family == family && nat.contains($0) }) else { continue }
      if let vip = near[card.segment]?[family] { return vip }
      return hosts.first { $0.isDirector }?.address(family, in: card.segment)
    }
    return nil
  }
}
