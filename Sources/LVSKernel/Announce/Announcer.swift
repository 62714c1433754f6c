import CNetlink
import Glibc
import LVSModel
import LVSSystem

/// Tells the neighbours of addresses that this machine holds; one for any number of them.
public final class Announcer {
  private let links: [String: LinkRecord]
  /// One socket for each family, opened when it is first needed.
  private var sockets: [AddressFamily: CInt] = [:]
  /// Interfaces that forward IPv6, as far as they were asked.
  private var routers: [String: Bool] = [:]

  /// An announcer for addresses on these interfaces.
  public init(_ links: [LinkRecord]) {
    self.links = Dictionary(links.map { ($0.name, $0) }) { first, _ in first }
  }

  deinit { for socket in sockets.values { close(socket) } }

  /// Sends an announcement once, and returns whether anybody can hear it: on `lo` or a tunnel nothing is sent.
  ///
  /// Needs CAP_NET_RAW (EPERM), and the interface up (ENETDOWN); one that is not there is ENODEV.
  @discardableResult
  public func announce(_ id: AddressID) throws(SystemError) -> Bool {
    guard let link = links[id.interface] else {
      throw SystemError(errno: ENODEV, subject: "announce \(id.address) on \(id.interface)")
    }
    let announcement = Announcement(of: id.address, on: link)
    guard announcement.isHeard else { return false }
    let socket = try socket(id.address.family, announcement.subject)
    switch id.address.family {
    case .ipv4:
      // Some caches listen to requests, some to replies.
      for operation in [ARPOP_REQUEST, ARPOP_REPLY] {
        let frame = announcement.gratuitousARP(UInt16(operation))
        try transmit(frame, on: socket, to: everybody(on: link), announcement.subject)
      }
    case .ipv6:
      let message = announcement.neighbourAdvertisement(isRouter: try isRouter(link))
      try transmit(message, on: socket, to: allNodes(on: link), announcement.subject)
    }
    return true
  }

  /// A router that calls itself none loses its place in the neighbours' lists of routers (RFC 4861, section 7.2.5).
  private func isRouter(_ link: LinkRecord) throws(SystemError) -> Bool {
    if let known = routers[link.name] { return known }
    let isRouter = try Sysctl("net/ipv6/conf/\(link.name)/forwarding")?.read() == "1"
    routers[link.name] = isRouter
    return isRouter
  }

  private func socket(_ family: AddressFamily, _ subject: String) throws(SystemError) -> CInt {
    if let open = sockets[family] { return open }
    let type = CInt(SOCK_RAW.rawValue | SOCK_CLOEXEC.rawValue)
    let descriptor =
      family == .ipv4 ? Glibc.socket(AF_PACKET, type, 0) : Glibc.socket(AF_INET6, type, CInt(IPPROTO_ICMPV6))
    guard descriptor >= 0 else { throw SystemError(errno: errno, subject: subject) }
    sockets[family] = descriptor
    if family == .ipv6 {
      // Neighbours ignore an advertisement that a router could have passed on (RFC 4861, section 7.1.2).
      try set(IPV6_MULTICAST_HOPS, 255, on: descriptor, subject)
      try set(IPV6_MULTICAST_LOOP, 0, on: descriptor, subject)
    }
    return descriptor
  }

  private func everybody(on link: LinkRecord) -> sockaddr_ll {
    sockaddr_ll(to: [UInt8](repeating: 0xff, count: 6), on: link, protocol: UInt16(ETH_P_ARP))
  }

  /// ff02::1 on the interface.
  private func allNodes(on link: LinkRecord) -> sockaddr_in6 {
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

  private func set(_ option: CInt, _ value: CInt, on socket: CInt, _ subject: String) throws(SystemError) {
    var value = value
    guard setsockopt(socket, CInt(IPPROTO_IPV6), option, &value, socklen_t(MemoryLayout<CInt>.size)) == 0
    else { throw SystemError(errno: errno, subject: subject) }
  }

  private func transmit<Address>(
    _ bytes: [UInt8], on socket: CInt, to address: Address, _ subject: String
  ) throws(SystemError) {
    let code = sendDatagram(bytes, on: socket, to: address)
    if code != 0 { throw SystemError(errno: code, subject: subject) }
  }
}

extension KernelConnection {
  /// An announcer for the interfaces of this machine, which are read once.
  public func announcer() throws(SystemError) -> Announcer {
    do throws(NetlinkError) {
      return Announcer(try links())
    } catch {
      throw SystemError(errno: error.errno, subject: error.request, details: error.kernelMessage)
    }
  }

  /// Tells the neighbours of one address that this machine has; see ``Announcer/announce(_:)``.
  public func announce(_ id: AddressID) throws(SystemError) { try announcer().announce(id) }
}
