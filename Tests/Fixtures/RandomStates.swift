import LVSModel

/// Host states with every field that a snapshot has, in repeatable disorder.
package struct RandomStates {
  private var random: SeededNumbers
  /// Whether texts are such as nobody would choose.
  private let isHostile: Bool

  package init(seed: UInt64, isHostile: Bool = false) {
    random = SeededNumbers(seed: seed)
    self.isHostile = isHostile
  }

  private mutating func text(_ plain: String) -> String {
    isHostile ? HostileTexts.text(using: &random) : plain
  }

  package mutating func state() -> HostState {
    var state = HostState()
    for name in ["ip_vs", "ipip", "fou"] where flip() { state.modules.insert(text(name)) }
    for name in ["net.ipv4.ip_forward", "net.ipv4.conf.eth0/7.rp_filter", "kernel.core_pattern"] where flip() {
      let value = ["0", "3 50", "", "|/usr/bin/dump \"%p\" \\ ü`|"].randomElement(using: &random) ?? ""
      state.sysctls[isHostile ? name + text("") : name] = text(value)
    }
    for name in ["tunl0", "dummy0"] where flip() {
      state.links[isHostile ? interface() : name] = LinkSettings(isUp: flip())
    }
    for _ in 0..<number(0...4) {
      let address = address()
      let length = UInt8(number(0...Int(address.family.hostPrefixLength)))
      state.addresses[AddressID(address, prefixLength: length, interface: interface())] = AddressSettings(
        label: flip() ? text("lo:\(number(0...9))") : nil, mark: UInt8(number(0...255)))
      state.routes[RouteID(address, prefixLength: length, interface: interface())] = RouteSettings(
        mark: UInt8(number(0...255)))
    }
    state.timeouts = Timeouts(tcp: seconds(), tcpFin: seconds(), udp: seconds())
    for role in SyncRole.allCases where flip() { state.syncDaemons[role] = daemon() }
    for _ in 0..<number(0...5) {
      let id = serviceID()
      state.services[id] = service(id.family)
    }
    return state
  }

  package mutating func memory() -> MachineMemory {
    let state = state()
    var memory = MachineMemory()
    memory.vips = [Classic.vip, address()]
    memory.fwmarks = [.fwmark(1, .ipv6), .fwmark(7, .ipv4)]
    memory.cluster = flip() ? text("shop") : nil
    memory.node = flip() ? text("director1") : nil
    memory.role = flip() ? RoleRequest.allCases.randomElement(using: &random) : nil
    memory.sysctls = state.sysctls
    memory.timeouts = state.timeouts
    memory.syncDaemons = flip() ? state.syncDaemons : nil
    memory.devices = Set(state.links.keys)
    return memory
  }

  private mutating func service(_ family: AddressFamily) -> VirtualService {
    var settings = ServiceSettings(
      scheduler: Scheduler(isHostile ? text("") : ["rr", "sh", "mh", "quic"].randomElement(using: &random) ?? ""))
    settings.schedulerFlags = SchedulerFlags(rawValue: UInt32(number(0...7)) << 3)
    settings.onePacket = flip()
    if flip() {
      let mask: PersistenceMask = family == .ipv4 ? .ipv4(random.next()) : .ipv6(UInt32(number(1...128)))
      settings.persistence = Persistence(
        timeout: random.next(), netmask: flip() ? mask : .host(family), engine: flip() ? text("sip") : nil)
    }
    var service = VirtualService(settings: settings)
    for _ in 0..<number(0...4) {
      let tunnel = Tunnel(
        kind: Tunnel.Kind.allCases.randomElement(using: &random) ?? .ipip, port: flip() ? random.next() : 0,
        checksum: Tunnel.Checksum.allCases.randomElement(using: &random) ?? .none)
      let forward = [.dr, .nat, .tun(tunnel), .local, .bypass].randomElement(using: &random) ?? ForwardingMethod.dr
      service.realServers[RealServerID(address: address(), port: random.next())] = RealServerSettings(
        forward: forward, weight: Int32(number(0...Int(Int32.max))), upperThreshold: flip() ? random.next() : 0,
        lowerThreshold: flip() ? random.next() : 0)
    }
    return service
  }

  private mutating func serviceID() -> ServiceID {
    if flip() { return .fwmark(UInt32(number(1...Int(UInt32.max))), flip() ? .ipv4 : .ipv6) }
    return .address(
      TransportProtocol.allCases.randomElement(using: &random) ?? .tcp, address(), port: random.next())
  }

  private mutating func daemon() -> SyncDaemon {
    SyncDaemon(
      interface: interface(), id: UInt32(number(0...255)), group: flip() ? address() : nil,
      port: flip() ? random.next() : nil, ttl: flip() ? random.next() : nil, maxlen: flip() ? random.next() : nil)
  }

  private mutating func address() -> IPAddress {
    flip() ? IPAddress(ipv4: random.next()) : IPAddress(ipv6High: random.next(), low: random.next())
  }

  private mutating func interface() -> String {
    isHostile
      ? HostileTexts.interface(using: &random)
      : ["lo", "eth0.100", "wän0", "a`b|c"].randomElement(using: &random) ?? "lo"
  }

  private mutating func seconds() -> UInt32? { flip() ? random.next() : nil }

  private mutating func flip() -> Bool { Bool.random(using: &random) }

  private mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
}
