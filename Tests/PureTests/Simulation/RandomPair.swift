import LVSConfig
import LVSModel
import LVSPlan

/// A machine that was brought to one file, changed by others, and is to be brought to another; all of it given by a seed.
struct RandomPair {
  let seed: UInt64
  /// The machine before lvsctl ever came.
  let pristine: HostState
  /// What the former file wants of it.
  let former: Target
  /// What the file wants of it; how far its word reaches, and what goes back, is known once the former is there.
  private(set) var target: Target
  private var cluster: RandomCluster

  init(seed: UInt64) throws {
    self.seed = seed
    cluster = RandomCluster(seed: seed)
    let mixes = (cluster.random.chance(30), cluster.random.chance(30))
    let name = cluster.random.one(of: ["d1", "d1", "d2", "d2", "w1", "w2"])
    let files: (ClusterFile, ClusterFile)
    files.0 = cluster.file(mixes: mixes.0)
    files.1 = cluster.random.chance(75) ? cluster.file(after: files.0, mixes: mixes.1) : cluster.file(mixes: mixes.1)
    former = files.0.target(for: try cluster.node(name, of: files.0))
    target = files.1.target(for: try cluster.node(name, of: files.1))
    let names = Set(former.state.sysctls.keys).union(target.state.sysctls.keys)
    pristine = Self.machine(name, names, &cluster.random, mixes: mixes.0 || mixes.1)
  }

  /// The interfaces whose addresses the machine holds as a real server, before or after.
  var quietInterfaces: Set<String> { former.scope.realServerInterfaces.union(target.scope.realServerInterfaces) }

  /// Gives the target the word over what a memory of the former run knows.
  mutating func remember(_ memory: MachineMemory) {
    target.scope.takeOver(from: memory)
    target.restore(from: memory)
  }

  /// The first of some steps, up to a random one.
  ///
  /// An IPv6 address that changes its prefix length goes and comes in one send.
  mutating func cut(_ steps: [Change]) -> [Change] {
    func address(_ step: Change, _ action: Action) -> Substring? {
      step.kind == "address" && step.action == action ? step.id.prefix { $0 != "/" } : nil
    }
    var count = cluster.random.number(0...steps.count)
    if count > 0, count < steps.count, let gone = address(steps[count - 1], .delete),
      gone == address(steps[count], .create)
    {
      count += 1
    }
    return Array(steps.prefix(count))
  }

  // MARK: The machine

  private static func machine(
    _ name: String, _ sysctls: Set<String>, _ random: inout SeededNumbers, mixes: Bool
  ) -> HostState {
    var state = HostState()
    for device in ["lo", "eth0", "eth1", "dummy0"] { state.links[device] = LinkSettings(isUp: true) }
    for (module, device) in [("ipip", "tunl0"), ("sit", "sit0"), ("ip6_tunnel", "ip6tnl0"), ("ip_gre", "gre0")]
    where random.chance(30) {
      state.modules.insert(module)
      state.links[device] = LinkSettings(isUp: random.chance(50))
    }
    let number = ["d1": 1, "d2": 2, "w1": 11, "w2": 12][name] ?? 0
    func add(_ text: String, _ length: UInt8, _ interface: String) {
      guard let address = IPAddress(text) else { return }
      state.addresses[AddressID(address, prefixLength: length, interface: interface)] = AddressSettings(mark: 0)
    }
    add("127.0.0.1", 8, "lo")
    add("10.0.0.\(number)", 24, "eth0")
    add("2001:db8::\(number)", 64, "eth0")
    if random.chance(50) { add("10.1.0.\(number)", 24, "eth1") }
    if random.chance(30), let network = IPAddress("10.9.0.0") {
      state.routes[RouteID(network, prefixLength: 16, interface: random.one(of: ["dummy0", "eth1"]))] = RouteSettings(
        mark: 4)
    }
    if random.chance(50) {
      state.modules.insert("ip_vs")
      state.timeouts = Timeouts(tcp: 900, tcpFin: 120, udp: UInt32(random.number(1...300)))
      if random.chance(40) { addStrangers(to: &state, &random, mixes: mixes) }
    }
    let simulation = Simulation(state)
    for name in sysctls.sorted() where simulation.sysctl(name) != nil || name == "net.ipv4.ip_forward" {
      state.sysctls[name] = "\(random.number(0...1))"
    }
    return state
  }

  /// What another program has put into the table: nothing of the file.
  private static func addStrangers(to state: inout HostState, _ random: inout SeededNumbers, mixes: Bool) {
    guard let vip = IPAddress("10.7.7.7"), let server = IPAddress("10.7.7.8") else { return }
    state.services[.address(.tcp, vip, port: 80)] = VirtualService(
      settings: ServiceSettings(), realServers: [RealServerID(address: server, port: 80): RealServerSettings()])
    // A daemon that the file does not mention goes on, and the kernel then tunnels within one family only.
    if !mixes && random.chance(40) {
      let role = random.one(of: SyncRole.allCases)
      var daemon = SyncDaemon(interface: "eth1", id: 9, port: 8848, ttl: 1, maxlen: 1472)
      daemon.group = IPAddress("224.0.0.81")
      state.syncDaemons[role] = daemon
    }
  }
}

// MARK: Other people

extension RandomPair {
  /// The machine after others have been at it.
  mutating func changed(_ state: HostState) throws -> HostState {
    var state = state
    if cluster.random.chance(30) { return state }
    for id in state.services.keys.sorted() where cluster.random.chance(25) { changeService(id, &state) }
    for id in state.addresses.keys.sorted() where state.addresses[id]?.mark == ownershipMark {
      switch cluster.random.number(0...19) {
      case 0, 1:
        var simulation = Simulation(state)
        try simulation.carryOut(.address(id, Difference(before: state.addresses[id], after: nil)))
        state = simulation.state
      case 2: state.addresses[id]?.mark = 0
      case 3 where id.address.family == .ipv4: state.addresses[id]?.label = "\(id.interface):other"
      default: break
      }
    }
    for id in state.routes.keys.sorted() where cluster.random.chance(8) { state.routes[id] = nil }
    for name in state.sysctls.keys.sorted() where cluster.random.chance(8) {
      state.sysctls[name] = "\(cluster.random.number(0...2))"
    }
    if state.timeouts.tcp != nil && cluster.random.chance(20) { state.timeouts.udp = 77 }
    for role in state.syncDaemons.keys.sorted() where cluster.random.chance(15) {
      if cluster.random.chance(50) { state.syncDaemons[role] = nil } else { state.syncDaemons[role]?.id = 5 }
    }
    return state
  }

  private mutating func changeService(_ id: ServiceID, _ state: inout HostState) {
    if cluster.random.chance(20) {
      state.services[id] = nil
      return
    }
    if cluster.random.chance(40) { state.services[id]?.settings.scheduler = Scheduler("sh") }
    for server in (state.services[id]?.realServers ?? [:]).keys.sorted() {
      switch cluster.random.number(0...5) {
      case 0: state.services[id]?.realServers[server] = nil
      case 1: state.services[id]?.realServers[server]?.weight = 7
      case 2 where server.address.family == id.family: state.services[id]?.realServers[server]?.forward = .dr
      default: break
      }
    }
    if let stranger = IPAddress(id.family == .ipv4 ? "10.0.0.13" : "2001:db8::13"), cluster.random.chance(30) {
      state.services[id]?.realServers[RealServerID(address: stranger, port: id.port)] = RealServerSettings()
    }
  }
}
