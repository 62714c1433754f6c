/// A state and a file that a test brings it to, all of it given by a seed.
struct RandomPair {
  let seed: Int
  let state: IPVSModel
  let file: IPVSModel

  init(seed: Int) {
    self.seed = seed
    var random = Randomness(seed: seed)
    let hadSync = random.chance(6)
    let wantsSync = random.chance(6)
    // One pair in thirty is of the size of a real cluster, where the order of the kernel's lists shows.
    let most = random.chance(3) ? 60 : 5
    var state = IPVSModel(random: &random, services: 0...most, mixesFamilies: !hadSync)
    state.timeouts = (0..<3).map { _ in random.number(in: 1...100_000) }
    if hadSync { state.sync = IPVSModel.Sync(random: &random, isMaster: random.chance(50)) }

    // A daemon that the file does not mention goes on, and the kernel then tunnels within one family only.
    let mixes = !wantsSync && !hadSync
    var file =
      random.chance(60)
      ? state.changed(&random, mixesFamilies: mixes)
      : IPVSModel(random: &random, services: 0...most, mixesFamilies: mixes)
    file.timeouts = (0..<3).map { _ in random.chance(15) ? random.number(in: 1...100_000) : nil }
    file.sync = wantsSync ? IPVSModel.Sync(random: &random, isMaster: false) : nil
    for index in file.services.indices { file.services[index].hasExternalWeights = random.chance(15) }
    self.state = state
    self.file = file
  }
}

extension IPVSModel {
  fileprivate init(random: inout Randomness, services: ClosedRange<Int>, mixesFamilies: Bool) {
    let count = random.number(in: services)
    add(count, &random, mixesFamilies: mixesFamilies)
  }

  private mutating func add(_ count: Int, _ random: inout Randomness, mixesFamilies: Bool) {
    var known = Set(services.map(\.identity))
    for _ in 0..<count {
      let identity = Identity(random: &random)
      guard known.insert(identity).inserted else { continue }
      services.append(Service(identity, random: &random, mixesFamilies: mixesFamilies))
    }
  }

  /// This model with some things changed, some taken away and some added.
  fileprivate func changed(_ random: inout Randomness, mixesFamilies: Bool) -> IPVSModel {
    var result = IPVSModel()
    for service in services where !random.chance(12) {
      result.services.append(service.changed(&random, mixesFamilies: mixesFamilies))
    }
    result.add(random.number(in: 0...2), &random, mixesFamilies: mixesFamilies)
    return result
  }
}

extension IPVSModel.Identity {
  /// Out of so few that two random tables have much in common.
  fileprivate init(random: inout Randomness) {
    if random.chance(20) {
      self = .fwmark(random.one(of: [1, 2, 10, 4_294_967_295]), isIPv6: random.chance(40))
      return
    }
    let vips = ["192.168.147.100", "192.168.147.101", "10.255.0.1", "2001:db8:147::100", "2001:db8:ffff::1"]
    self = .address(
      proto: random.one(of: ["tcp", "tcp", "udp", "sctp"]), vip: random.one(of: vips),
      port: random.one(of: [0, 53, 80, 443, 5060, 8000, 8001, 65535]))
  }

  fileprivate var mayTakeUDP: Bool {
    if case .address(let proto, _, _) = self { proto == "udp" } else { true }
  }
}

extension IPVSModel.Service {
  fileprivate init(_ identity: IPVSModel.Identity, random: inout Randomness, mixesFamilies: Bool) {
    self.identity = identity
    scheduler = random.one(of: [
      "rr", "wrr", "lc", "wlc", "lblc", "lblcr", "dh", "sh", "sh", "sed", "nq", "fo", "ovf", "mh", "mh",
    ])
    let own = scheduler == "sh" || scheduler == "mh"
    let words = own ? ["\(scheduler)-fallback", "\(scheduler)-port", "flag-3"] : ["flag-1", "flag-2", "flag-3"]
    flags = random.some(of: words, percent: own ? 50 : 8)
    let takesEveryPort = if case .address(_, _, 0) = identity { true } else { false }
    if takesEveryPort || random.chance(35) { persistence = IPVSModel.Persistence(identity, random: &random) }
    isOnePacket = identity.mayTakeUDP && random.chance(30)
    for host in random.some(of: Array(IPVSModel.hosts), percent: 35) {
      add(host, &random, mixesFamilies: mixesFamilies)
    }
  }

  private mutating func add(_ host: Int, _ random: inout Randomness, mixesFamilies: Bool) {
    let other = identity.isIPv6 ? IPVSModel.onlyIPv4 : IPVSModel.onlyIPv6
    if host == other {
      guard mixesFamilies else { return }
      realServers.append(IPVSModel.RealServer(host: host, isIPv6: !identity.isIPv6, random: &random))
      return
    }
    realServers.append(IPVSModel.RealServer(host: host, isIPv6: identity.isIPv6, random: &random))
    guard random.chance(10) else { return }
    var second = IPVSModel.RealServer(host: host, isIPv6: identity.isIPv6, random: &random)
    second.port = 9999
    second.forward = "nat"
    realServers.append(second)
  }

  /// This service with some settings and real servers of another one, under its own identity.
  fileprivate func changed(_ random: inout Randomness, mixesFamilies: Bool) -> IPVSModel.Service {
    let other = IPVSModel.Service(identity, random: &random, mixesFamilies: mixesFamilies)
    var result = self
    if random.chance(25) { (result.scheduler, result.flags) = (other.scheduler, other.flags) }
    if random.chance(25) { result.persistence = other.persistence }
    if random.chance(25) { result.isOnePacket = other.isOnePacket }
    let isMixed: (IPVSModel.RealServer) -> Bool = { $0.isIPv6 != identity.isIPv6 }
    result.realServers = []
    for server in realServers where !random.chance(15) && (mixesFamilies || !isMixed(server)) {
      result.realServers.append(server.changed(&random, isMixed: isMixed(server)))
    }
    let known = Set(realServers.map { $0.id(in: identity) })
    for server in other.realServers where !known.contains(server.id(in: identity)) && random.chance(30) {
      result.realServers.append(server)
    }
    return result
  }
}

extension IPVSModel.Persistence {
  fileprivate init(_ identity: IPVSModel.Identity, random: inout Randomness) {
    timeout = random.one(of: [1, 60, 300, 360, 2_678_400])
    let masks = identity.isIPv6 ? ["64", "128", "1"] : ["255.255.255.0", "255.255.255.255", "128.0.0.0"]
    if random.chance(50) { netmask = random.one(of: masks) }
    isSIP = identity.mayTakeUDP && random.chance(20)
  }
}

extension IPVSModel.RealServer {
  fileprivate init(host: Int, isIPv6: Bool, random: inout Randomness) {
    self.host = host
    self.isIPv6 = isIPv6
    let isMixed = host == IPVSModel.onlyIPv4 && !isIPv6 || host == IPVSModel.onlyIPv6 && isIPv6
    forward = isMixed ? "tun" : random.one(of: ["dr", "dr", "nat", "tun", "tun"])
    // Only NAT can change it; ports of services are others.
    if forward == "nat" && random.chance(40) { port = random.number(in: 9000...9003) }
    tunnel = IPVSModel.Tunnel(random: &random)
    weight = random.one(of: [0, 1, 1, 2, 100, 65535, 65536, 2_147_483_647])
    if random.chance(20) {
      upper = random.one(of: [1, 1000, 2_147_483_647])
      if random.chance(50) { lower = random.number(in: 1...min(upper, 1000)) }
    }
  }

  /// This real server with some settings of another one, under its own identity.
  fileprivate func changed(_ random: inout Randomness, isMixed: Bool) -> IPVSModel.RealServer {
    let other = IPVSModel.RealServer(host: host, isIPv6: isIPv6, random: &random)
    var result = self
    if random.chance(25) && port == nil && !isMixed { result.forward = other.forward }
    if random.chance(25) { result.tunnel = other.tunnel }
    if random.chance(25) { result.weight = other.weight }
    if random.chance(25) { (result.upper, result.lower) = (other.upper, other.lower) }
    return result
  }
}

extension IPVSModel.Tunnel {
  fileprivate init(random: inout Randomness) {
    type = random.one(of: ["ipip", "gue", "gre"])
    switch type {
    case "gue":
      port = random.one(of: [1, 6080, 65535])
      checksum = random.one(of: ["none", "csum", "remcsum"])
    case "gre": checksum = random.one(of: ["none", "csum"])
    default: break
    }
  }
}

extension IPVSModel.Sync {
  fileprivate init(random: inout Randomness, isMaster: Bool) {
    self.isMaster = isMaster
    id = random.number(in: 0...2)
    if random.chance(30) { group = random.one(of: ["239.1.2.3", "ff02::81"]) }
    if random.chance(30) { port = random.number(in: 9000...9001) }
    if random.chance(30) { ttl = random.number(in: 2...255) }
    if random.chance(30) { maxlen = random.number(in: 1024...1400) }
  }
}
