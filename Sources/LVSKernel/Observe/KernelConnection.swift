import CNetlink
import Glibc
import LVSModel

/// The kernel of this machine, in the network namespace of this thread, as a partner in conversations.
package final class KernelConnection {
  /// The netlink families that a connection speaks.
  package enum Family: Sendable, Hashable, CaseIterable {
    /// NETLINK_ROUTE: addresses, routes, interfaces.
    case route
    /// NETLINK_GENERIC, for IPVS.
    case ipvs
  }

  private let open: (Family) throws(TransportError) -> any NetlinkTransport
  private var openRoute: NetlinkConversation?
  private var openIPVS: (conversation: NetlinkConversation, number: UInt16)?
  private var knownIndexes: [String: UInt32] = [:]

  /// A connection over libnl's sockets, which are opened when they are first needed.
  package convenience init() {
    self.init { (family) throws(TransportError) in
      try NetlinkSocket(protocol: family == .route ? NETLINK_ROUTE : NETLINK_GENERIC)
    }
  }

  /// A connection over transports that `open` opens, once for each family.
  package init(open: @escaping (Family) throws(TransportError) -> any NetlinkTransport) { self.open = open }

  private func conversation(_ family: Family) throws(NetlinkError) -> NetlinkConversation {
    do throws(TransportError) {
      return NetlinkConversation(try open(family))
    } catch {
      throw NetlinkError(errno: error.errno, request: "open a netlink socket")
    }
  }

  func route() throws(NetlinkError) -> NetlinkConversation {
    if let openRoute { return openRoute }
    let fresh = try conversation(.route)
    openRoute = fresh
    return fresh
  }

  /// The conversation with IPVS; the kernel loads `ip_vs` when this is first asked for.
  func ipvs() throws(NetlinkError) -> (conversation: NetlinkConversation, number: UInt16) {
    if let openIPVS { return openIPVS }
    let fresh = try conversation(.ipvs)
    let number = try fresh.familyNumber(of: IPVS_GENL_NAME)
    openIPVS = (fresh, number)
    return (fresh, number)
  }

  /// A conversation with another generic netlink family; the kernel loads its module when this is asked for.
  func genericFamily(_ name: String) throws(NetlinkError) -> (conversation: NetlinkConversation, number: UInt16) {
    let fresh = try conversation(.ipvs)
    return (fresh, try fresh.familyNumber(of: name))
  }

  /// The index of an interface by name; ENODEV where there is none.
  func interfaceIndex(_ name: String) throws(NetlinkError) -> UInt32 {
    if let index = knownIndexes[name] { return index }
    let index = if_nametoindex(name)
    guard index != 0 else { throw NetlinkError(errno: ENODEV, request: "find the interface \(name)") }
    knownIndexes[name] = index
    return index
  }

  /// The network interfaces.
  package func links() throws(NetlinkError) -> [Link] {
    var builder = MessageBuilder()
    builder.linkDump()
    let links = try route().dump(&builder, describing: "list the interfaces", into: [Link]()) { links, bytes, message in
      guard CInt(message.type) == CInt(RTM_NEWLINK) else { return true }
      guard let link = Link(message, in: bytes) else { return false }
      links.append(link)
      return true
    }
    for link in links { knownIndexes[link.name] = link.index }
    return links
  }

  /// The addresses of all interfaces.
  package func addresses() throws(NetlinkError) -> [AddressRecord] {
    var builder = MessageBuilder()
    builder.addressDump()
    return try route().dump(&builder, describing: "list the addresses", into: []) { addresses, bytes, message in
      // Families beside IPv4 and IPv6 answer too.
      if let address = AddressRecord(message, in: bytes) { addresses.append(address) }
      return true
    }
  }

  /// The unicast routes of the main table that leave through an interface, to other machines directly.
  package func routes(throughIndex index: UInt32) throws(NetlinkError) -> [RouteRecord] {
    try routes(throughIndex: index, mark: 0)
  }

  /// The unicast routes of the main table to other machines directly that carry a mark, whatever they leave through.
  package func routes(marked mark: UInt8) throws(NetlinkError) -> [RouteRecord] {
    try routes(throughIndex: nil, mark: mark)
  }

  /// The unicast routes of the main table to other machines directly.
  package func directRoutes() throws(NetlinkError) -> [RouteRecord] { try routes(throughIndex: nil, mark: 0) }

  private func routes(throughIndex index: UInt32?, mark: UInt8) throws(NetlinkError) -> [RouteRecord] {
    var all: [RouteRecord] = []
    for family in AddressFamily.allCases {
      all += try mainRoutes(family, throughIndex: index, mark: mark).filter { route in
        !route.hasGateway && (index == nil || route.interfaceIndex == index) && (mark == 0 || route.mark == mark)
      }
    }
    return all
  }

  /// The machines that routes of the main table lead to first.
  func gateways(_ family: AddressFamily) throws(NetlinkError) -> Set<IPAddress> {
    Set(try mainRoutes(family, throughIndex: nil, mark: 0).compactMap(\.gateway))
  }

  /// The unicast routes of the main table; with an index or a mark the kernel sends only those that have it.
  private func mainRoutes(
    _ family: AddressFamily, throughIndex index: UInt32?, mark: UInt8
  ) throws(NetlinkError) -> [RouteRecord] {
    var builder = MessageBuilder()
    builder.routeDump(family, index: index, mark: mark)
    do throws(NetlinkError) {
      return try route().dump(&builder, describing: "list the routes", into: []) { routes, bytes, message in
        guard CInt(message.type) == CInt(RTM_NEWROUTE) else { return true }
        guard let route = RouteRecord(message, in: bytes) else { return false }
        // Kernels before 4.20 send every route there is.
        if route.table == UInt32(RT_TABLE_MAIN.rawValue), route.type == UInt8(RTN_UNICAST) { routes.append(route) }
        return true
      }
    } catch {
      // The kernel makes the IPv4 main table with its first route (inet_dump_fib), and may have no IPv6 at all.
      if error.errno == ENOENT || error.errno == EOPNOTSUPP || error.errno == EAFNOSUPPORT { return [] }
      throw error
    }
  }
}
