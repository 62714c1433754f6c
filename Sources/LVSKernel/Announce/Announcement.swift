import CNetlink
import Glibc
import LVSCore

/// The news that an address is here now, for the neighbours' caches: gratuitous ARP (RFC 5227, section 3) or an
/// unsolicited neighbour advertisement (RFC 4861, section 7.2.6).
public struct Announcement: Hashable, Sendable {
  /// The address.
  public var address: IPAddress
  /// The interface that holds it.
  public var link: Link

  /// Creates an announcement.
  public init(of address: IPAddress, on link: Link) {
    self.address = address
    self.link = link
  }

  /// Whether the interface has neighbours with caches: an Ethernet that resolves addresses.
  public var isHeard: Bool {
    let silent = UInt32(IFF_NOARP.rawValue) | UInt32(IFF_LOOPBACK.rawValue)
    return link.hardwareType == UInt16(ARPHRD_ETHER) && link.hardwareAddress.count == 6 && link.flags & silent == 0
  }

  /// Sends it once, where anybody hears it; needs CAP_NET_RAW (EPERM), and the interface up (ENETDOWN).
  public func send() throws(SystemError) {
    guard isHeard else { return }
    switch address.family {
    case .ipv4:
      try withSocket(AF_PACKET, 0) { (socket) throws(SystemError) in
        // Some caches listen to requests, some to replies.
        for operation in [ARPOP_REQUEST, ARPOP_REPLY] {
          try transmit(gratuitousARP(UInt16(operation)), on: socket, to: packetAddress)
        }
      }
    case .ipv6:
      try withSocket(AF_INET6, CInt(IPPROTO_ICMPV6)) { (socket) throws(SystemError) in
        // Neighbours ignore an advertisement that a router could have passed on (RFC 4861, section 7.1.2).
        try set(IPV6_MULTICAST_HOPS, 255, on: socket)
        try set(IPV6_MULTICAST_LOOP, 0, on: socket)
        try set(IPV6_MULTICAST_IF, CInt(bitPattern: link.index), on: socket)
        try transmit(neighbourAdvertisement(isRouter: isRouter), on: socket, to: allNodes)
      }
    }
  }

  /// An Ethernet frame to everybody: sender and target are both the address.
  func gratuitousARP(_ operation: UInt16) -> [UInt8] {
    let everybody = [UInt8](repeating: 0xff, count: 6)
    let own = link.hardwareAddress
    var frame = everybody + own
    frame += [0x08, 0x06]  // ETH_P_ARP
    frame += [0x00, 0x01, 0x08, 0x00, 6, 4]  // Ethernet, IPv4, and the lengths of their addresses
    frame += [UInt8(operation >> 8), UInt8(operation & 0xff)]
    frame += own + address.networkBytes
    frame += (operation == UInt16(ARPOP_REQUEST) ? [UInt8](repeating: 0, count: 6) : everybody) + address.networkBytes
    return frame
  }

  /// An ICMPv6 message whose checksum the kernel fills in: override, not solicited, with the link-layer address.
  func neighbourAdvertisement(isRouter: Bool) -> [UInt8] {
    let override: UInt8 = 0x20
    let router: UInt8 = isRouter ? 0x80 : 0
    // Type 136, code, checksum, flags; the target; option 2, of one unit of eight bytes.
    return [136, 0, 0, 0, router | override, 0, 0, 0] + address.networkBytes + [2, 1] + link.hardwareAddress
  }

  /// A router that calls itself none loses its place in the neighbours' lists of routers (RFC 4861, section 7.2.5).
  private var isRouter: Bool {
    get throws(SystemError) { try Sysctl("net/ipv6/conf/\(link.name)/forwarding")?.read() == "1" }
  }

  private var packetAddress: sockaddr_ll {
    var address = sockaddr_ll()
    address.sll_family = UInt16(AF_PACKET)
    address.sll_protocol = UInt16(ETH_P_ARP).bigEndian
    address.sll_ifindex = CInt(bitPattern: link.index)
    address.sll_halen = 6
    withUnsafeMutableBytes(of: &address.sll_addr) { $0.copyBytes(from: [UInt8](repeating: 0xff, count: 6)) }
    return address
  }

  /// ff02::1 on the interface.
  private var allNodes: sockaddr_in6 {
    var address = sockaddr_in6()
    address.sin6_family = sa_family_t(AF_INET6)
    address.sin6_scope_id = link.index
    withUnsafeMutableBytes(of: &address.sin6_addr) { bytes in
      bytes[0] = 0xff
      bytes[1] = 0x02
      bytes[15] = 1
    }
    return address
  }

  private var subject: String { "announce \(address) on \(link.name)" }

  private func withSocket(
    _ family: CInt, _ proto: CInt, _ body: (CInt) throws(SystemError) -> Void
  ) throws(SystemError) {
    let descriptor = socket(family, CInt(SOCK_RAW.rawValue | SOCK_CLOEXEC.rawValue), proto)
    guard descriptor >= 0 else { throw SystemError(errno: errno, subject: subject) }
    defer { close(descriptor) }
    try body(descriptor)
  }

  private func set(_ option: CInt, _ value: CInt, on socket: CInt) throws(SystemError) {
    var value = value
    guard setsockopt(socket, CInt(IPPROTO_IPV6), option, &value, socklen_t(MemoryLayout<CInt>.size)) == 0
    else { throw SystemError(errno: errno, subject: subject) }
  }

  private func transmit<Address>(_ bytes: [UInt8], on socket: CInt, to address: Address) throws(SystemError) {
    let code: CInt = withUnsafeBytes(of: address) { address in
      let name = address.baseAddress?.assumingMemoryBound(to: sockaddr.self)
      while sendto(socket, bytes, bytes.count, 0, name, socklen_t(address.count)) < 0 {
        if errno != EINTR { return errno }
      }
      return 0
    }
    if code != 0 { throw SystemError(errno: code, subject: subject) }
  }
}

extension KernelConnection {
  /// Tells the neighbours of an address that this machine has just been given.
  ///
  /// Nothing is sent where nobody listens: on `lo`, on a tunnel. An interface that is not there is ENODEV.
  public func announce(_ id: AddressID) throws(SystemError) {
    let subject = "announce \(id.address) on \(id.interface)"
    let found: Link?
    do throws(NetlinkError) {
      found = try links().first { $0.name == id.interface }
    } catch {
      throw SystemError(errno: error.errno, subject: subject, details: error.kernelMessage)
    }
    guard let link = found else { throw SystemError(errno: ENODEV, subject: subject) }
    try Announcement(of: id.address, on: link).send()
  }
}
