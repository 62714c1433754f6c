import LVSConfig
import LVSModel
import LVSPlan

/// Cluster files as random as the reader lets them be, of few enough names that two of them have much in common.
struct RandomCluster {
  static let vips = ["10.0.0.100", "10.0.0.101", "2001:db8::100", "2001:db8::101"].compactMap { IPAddress($0) }
  private static let directors = [("10.0.0.1", "2001:db8::1"), ("10.0.0.2", "2001:db8::2")]
  private static let servers = [("10.0.0.11", "2001:db8::11"), ("10.0.0.12", "2001:db8::12")]

  var random: SeededNumbers
  /// Whether the second director is a real server, too.
  let directorServes: Bool
  /// The interface of the real servers, nil for the default of their forwarding method.
  let serverInterface: String?

  init(seed: UInt64) {
    random = SeededNumbers(seed: seed)
    // Seeds that follow each other begin alike.
    for _ in 0..<8 { _ = random.next() }
    directorServes = random.chance(40)
    serverInterface = random.chance(35) ? "dummy0" : nil
  }

  /// The machines, the same in every file of a seed.
  private var machines: ClusterFile {
    func addresses(_ pair: (String, String)) -> [IPAddress] { [pair.0, pair.1].compactMap { IPAddress($0) } }
    var servers = Self.servers
    if directorServes { servers.append(Self.directors[1]) }
    return ClusterFile(
      directors: Self.directors.enumerated().map {
        ClusterFile.Director(name: "d\($0 + 1)", addresses: addresses($1), interface: "eth0")
      },
      realServers: servers.enumerated().map {
        ClusterFile.RealServer(name: "w\($0 + 1)", addresses: addresses($1), interface: serverInterface)
      })
  }

  /// A file; one that `mixes` has tunnels to the other family and no sync daemon.
  mutating func file(mixes: Bool) -> ClusterFile {
    var file = machines
    var services: [ClusterFile.Service] = []
    for id in random.some(of: Self.serviceIDs, percent: 22) { services.append(service(id, file, mixes: mixes)) }
    finish(&file, services, mixes: mixes)
    return file
  }

  /// A file that has something in common with a former one.
  mutating func file(after former: ClusterFile, mixes: Bool) -> ClusterFile {
    var file = machines
    var services: [ClusterFile.Service] = []
    for old in former.services where !random.chance(20) {
      let isMixed = old.realServers.contains { $0.id.address.family != old.id.family }
      let stays = random.chance(60) && (mixes || !isMixed)
      var next = stays ? old : service(old.id, file, mixes: mixes)
      // One that another program is to keep stays as it is, and its tunnels would keep a sync daemon from starting.
      if isMixed { next.isHeldExternally = false }
      services.append(next)
    }
    let known = Set(services.map(\.id))
    for id in random.some(of: Self.serviceIDs, percent: 8) where !known.contains(id) {
      services.append(service(id, file, mixes: mixes))
    }
    finish(&file, services, mixes: mixes)
    return file
  }

  private static let serviceIDs: [ServiceID] =
    vips.flatMap { [.address(.tcp, $0, port: 80), .address(.tcp, $0, port: 443), .address(.udp, $0, port: 53)] }
    + [.fwmark(1, .ipv4), .fwmark(1, .ipv6)]

  private mutating func finish(_ file: inout ClusterFile, _ services: [ClusterFile.Service], mixes: Bool) {
    file.services = ServiceList(services)
    let named = Set(services.compactMap(\.id.vip))
    file.vips = Self.vips.filter { named.contains($0) || random.chance(15) }.map { vip($0, named.contains($0)) }
    file.timeouts = Timeouts(tcp: seconds(), tcpFin: seconds(), udp: seconds())
    if !mixes && random.chance(45) {
      file.sync = SyncDaemon(
        interface: random.one(of: ["eth0", "eth1"]), id: UInt32(random.number(0...2)),
        port: random.chance(20) ? 9000 : nil, ttl: random.chance(20) ? 7 : nil)
    }
    let wishes: [(String, SysctlWish)] = [
      ("net.ipv4.vs.expire_nodest_conn", .value("1")), ("net.ipv4.conf.all.accept_redirects", .value("0")),
      ("net.ipv4.conf.eth0.forwarding", .value("0")), ("net.ipv6.conf.eth1.forwarding", .value("1")),
      ("net.ipv4.ip_forward", .value("1")), ("net.ipv4.conf.all.send_redirects", .keep),
    ]
    for (name, wish) in random.some(of: wishes, percent: 12) { file.sysctls.director[name] = wish }
    for (name, wish) in random.some(of: wishes.dropFirst(), percent: 6) { file.sysctls.realServer[name] = wish }
  }

  private mutating func seconds() -> UInt32? { random.chance(15) ? UInt32(random.number(1...1000)) : nil }

  private mutating func vip(_ address: IPAddress, _ isNamed: Bool) -> ClusterFile.VIP {
    var vip = ClusterFile.VIP(address: address, isNamedByService: isNamed)
    if random.chance(20) { vip.interface = "eth1" }
    if address.family == .ipv4 && random.chance(20) { vip.label = random.one(of: ["", "eth0:web", "eth0:shop"]) }
    // On the other interface no address of the machine is in that network: a VIP would be the first one there.
    if vip.interface == nil && random.chance(20) { vip.prefixLength = address.family == .ipv4 ? 24 : 64 }
    if random.chance(15) { vip.holder = random.one(of: [.director(0), .director(1), .external]) }
    return vip
  }

  private mutating func service(_ id: ServiceID, _ file: ClusterFile, mixes: Bool) -> ClusterFile.Service {
    var settings = ServiceSettings(
      scheduler: Scheduler(random.one(of: ["rr", "wlc", "sh", "mh"])),
      schedulerFlags: random.chance(20) ? .flag1 : [])
    if random.chance(20) { settings.persistence = Persistence(timeout: 300, netmask: .host(id.family)) }
    var service = ClusterFile.Service(id: id, settings: settings, weights: random.chance(15) ? .external : .fixed)
    service.isHeldExternally = random.chance(4)
    let forward = forwardingMethod()
    for index in file.realServers.indices where random.chance(60) {
      let isMixed = mixes && !service.isHeldExternally && random.chance(25)
      let family: AddressFamily = isMixed == (id.family == .ipv4) ? .ipv6 : .ipv4
      guard let address = file.realServers[index].addresses.first(where: { $0.family == family }) else { continue }
      var settings = RealServerSettings(
        forward: random.chance(85) ? forward : forwardingMethod(), weight: Int32(random.number(0...3)))
      if isMixed { settings.forward = .tun(Tunnel()) }
      if random.chance(10) { settings.upperThreshold = 100 }
      let port = settings.forward == .nat && random.chance(40) ? 8080 : id.port
      service.realServers.append(
        ClusterFile.Member(server: index, id: RealServerID(address: address, port: port), settings: settings))
    }
    return service
  }

  private mutating func forwardingMethod() -> ForwardingMethod {
    random.one(of: [
      .dr, .dr, .nat, .tun(Tunnel()), .tun(Tunnel(kind: .gre)), .tun(Tunnel(kind: .gue, port: 6080)),
    ])
  }

  /// A node of the file in some role.
  mutating func node(_ name: String, of file: ClusterFile) throws -> Node {
    var roles: [RoleRequest] = [.auto]
    if name.hasPrefix("d") { roles = [.auto, .auto, .director, .standby] }
    if name == "d2" && directorServes && random.chance(10) { roles = [.realserver] }
    return try file.node(named: name, role: random.one(of: roles))
  }
}

extension SeededNumbers {
  mutating func chance(_ percent: Int) -> Bool { number(0...99) < percent }

  mutating func number(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + Int(next() >> 33) % (range.upperBound - range.lowerBound + 1)
  }

  mutating func one<Element>(of list: [Element]) -> Element { list[number(0...(list.count - 1))] }

  mutating func some<Element>(of list: some Sequence<Element>, percent: Int) -> [Element] {
    list.filter { _ in chance(percent) }
  }
}
