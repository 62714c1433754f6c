import CNetlink
import Glibc
import LVSModel

/// The kernel of this machine, in the network namespace of this thread, as a partner in conversations.
public final class KernelConnection {
  /// The netlink families that a connection speaks.
  public enum Family: Sendable, Hashable, CaseIterable {
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
  public convenience init() {
    self.init { (family) throws(TransportError) in
      try NetlinkSocket(protocol: family == .route ? NETLINK_ROUTE : NETLINK_GENERIC)
    }
  }

  /// A connection over transports that `open` opens, once for each family.
  public init(open: @escaping (Family) throws(TransportError) -> any NetlinkTransport) { self.open = open }

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

  /// Keeps the indexes of interfaces that were listed.
  func noteIndexes(of links: [LinkRecord]) {
    for link in links { knownIndexes[link.name] = link.index }
  }
}
