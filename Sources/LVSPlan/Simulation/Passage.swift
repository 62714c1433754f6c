import LVSModel

/// What would lose packets on the way from one state to another.
public enum TrafficLoss: Hashable, Sendable {
  /// This machine answers ARP for an address that it holds only as a real server, and draws the packets of the director.
  case answersARP(AddressID)
  /// A VIP is here and a service of it is not, or not yet, or not any more.
  case lacksService(ServiceID)
  /// A VIP is here, and a real server that its service had and will have is missing, or one that it will have, or had.
  case lacksRealServer(ServiceID, RealServerID)
  /// A VIP that stays is gone meanwhile.
  case lacksVIP(IPAddress)
  /// The VIP of a service behind NAT is here, and its real servers' replies are not forwarded.
  case forwardsNothing(ServiceID)
}

/// The way from one state to another, and what must not be missing at any place of it.
///
/// What is there before and after is there throughout; a VIP that comes finds what it will have, and one that leaves still
/// has what it had. What was wrong before, or will be afterwards because somebody wants it so, is no loss of the way.
public struct Passage: Sendable {
  /// Interfaces whose addresses this machine holds as a real server.
  private let quietInterfaces: Set<String>
  /// Services of which this machine is a real server itself: what it does not balance, it answers.
  private let servedHere: Set<ServiceID>
  /// Addresses it may answer for.
  private let answered: Set<AddressID>
  /// VIPs that are held before and after.
  private let staying: Set<IPAddress>
  /// What each VIP must have while it is here.
  private var expected: [IPAddress: [ServiceID: [RealServerID]]] = [:]
  /// Services behind NAT whose replies must be forwarded.
  private var forwarded: Set<ServiceID> = []

  /// Works out the way between two states.
  public init(
    from before: HostState, to after: HostState, quietInterfaces: Set<String>, servedHere: Set<ServiceID> = []
  ) {
    self.quietInterfaces = quietInterfaces
    self.servedHere = servedHere
    let ends = [before, after]
    answered = Set(ends.flatMap { Self.answering($0, quietInterfaces) })
    staying = Self.staying(before, after)
    let held = ends.map { state in
      Set(state.addresses.keys.filter { !quietInterfaces.contains($0.interface) }.map(\.address))
    }
    for vip in held[0].union(held[1]) { expected[vip] = [:] }
    for id in Set(before.services.keys).union(after.services.keys) {
      guard let vip = id.vip, expected[vip] != nil else { continue }
      // One that becomes a real server's alone is answered here for whatever the table does not have any more.
      let stays = after.addresses.keys.contains { $0.address == vip }
      let sides = (held[0].contains(vip) ? [before] : []) + (stays ? [after] : [])
      let services = sides.compactMap { $0.services[id] }
      if services.count == sides.count { expected[vip]?[id] = Self.common(services) }
      let behindNAT = sides.filter { $0.services[id]?.hasNAT == true }
      if !behindNAT.isEmpty && behindNAT.allSatisfy({ $0.forwards(id.family) }) { forwarded.insert(id) }
    }
  }

  /// The VIPs that must be held throughout: all that are held before and after, but for one that only changes its prefix
  /// length where the kernel takes it once for a device (ipv6_chk_same_addr).
  private static func staying(_ before: HostState, _ after: HostState) -> Set<IPAddress> {
    let common = Set(before.addresses.keys.map(\.address)).intersection(after.addresses.keys.map(\.address))
    let stays = { (id: AddressID) in after.addresses[id] != nil }
    return common.filter { vip in
      let places = before.addresses.keys.filter { $0.address == vip }
      let lasting = places.filter(stays)
      return vip.family == .ipv4 || !lasting.isEmpty
        || !after.addresses.keys.contains { id in id.address == vip && places.contains { $0.interface == id.interface }
        }
    }
  }

  private static func common(_ services: [VirtualService]) -> [RealServerID] {
    guard let first = services.first else { return [] }
    return first.realServers.keys.filter { id in services.allSatisfy { $0.realServers[id] != nil } }
  }

  // MARK: Real servers

  /// The addresses of a real server for which it would answer.
  ///
  /// A question comes in by some card: what counts is the higher value of that card and of `all` (IN_DEV_MAXCONF), and only
  /// that of `all` is sure to count.
  private static func answering(_ state: HostState, _ quietInterfaces: Set<String>) -> [AddressID] {
    func value(_ key: String) -> Int { Int(state.sysctls[interfaceSysctl(.ipv4, "all", key)] ?? "0") ?? 0 }
    if value("arp_ignore") >= 1 && value("arp_announce") >= 2 { return [] }
    return state.addresses.keys.filter { id in
      id.address.family == .ipv4 && !id.address.isLoopback && quietInterfaces.contains(id.interface)
    }
  }

  private func answers(_ state: HostState) -> [TrafficLoss] {
    if quietInterfaces.isEmpty { return [] }
    return Self.answering(state, quietInterfaces).filter { !answered.contains($0) }.map { .answersARP($0) }
  }

  // MARK: What steps lose

  /// What is lost now that a sysctl was set.
  func losses(ofSysctl name: String, in state: HostState) -> [TrafficLoss] {
    if name.hasSuffix(".arp_ignore") || name.hasSuffix(".arp_announce") { return answers(state) }
    guard ForwardingSysctl(name) != nil else { return [] }
    return forwarded.compactMap { forwarding(of: $0, in: state) }
  }

  /// What is lost now that an address came, left or changed.
  func losses(of id: AddressID, in state: HostState) -> [TrafficLoss] {
    var losses = answers(state)
    let vip = id.address
    if staying.contains(vip) && !state.addresses.keys.contains(where: { $0.address == vip }) {
      losses.append(.lacksVIP(vip))
    }
    for service in expected[vip, default: [:]].keys { losses += self.losses(of: service, in: state) }
    return losses
  }

  /// What is lost now that a service or one of its real servers came, left or changed.
  func losses(of id: ServiceID, in state: HostState) -> [TrafficLoss] {
    guard let vip = id.vip else { return [] }
    let isHeld = state.addresses.keys.contains { $0.address == vip && !quietInterfaces.contains($0.interface) }
    guard isHeld else { return [] }
    var losses: [TrafficLoss] = []
    if !servedHere.contains(id), let realServers = expected[vip]?[id] {
      if let service = state.services[id] {
        losses = realServers.filter { service.realServers[$0] == nil }.map { .lacksRealServer(id, $0) }
      } else {
        losses = [.lacksService(id)]
      }
    }
    if let loss = forwarding(of: id, in: state) { losses.append(loss) }
    return losses
  }

  private func forwarding(of id: ServiceID, in state: HostState) -> TrafficLoss? {
    guard forwarded.contains(id), state.services[id]?.hasNAT == true, !state.forwards(id.family) else { return nil }
    let isHeld = state.addresses.keys.contains { $0.address == id.vip && !quietInterfaces.contains($0.interface) }
    return isHeld ? .forwardsNothing(id) : nil
  }
}

extension VirtualService {
  fileprivate var hasNAT: Bool { realServers.values.contains { $0.forward == .nat } }
}

extension HostState {
  fileprivate func forwards(_ family: AddressFamily) -> Bool {
    let name = family == .ipv4 ? "net.ipv4.ip_forward" : "net.ipv6.conf.all.forwarding"
    return (sysctls[name] ?? "0") != "0"
  }
}
