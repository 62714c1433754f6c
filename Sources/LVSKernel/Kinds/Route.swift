import CNetlink
import Glibc
import LVSModel

/// A route as the kernel lists it.
public struct RouteRecord: Hashable, Sendable {
  /// The destination.
  public var destination: IPAddress
  /// Its prefix length.
  public var prefixLength: UInt8
  /// The index of the outgoing interface, 0 for a route without one or with several.
  public var interfaceIndex: UInt32
  /// rtm_protocol: who installed it.
  public var mark: UInt8
  /// Whether it leads to another machine first.
  public var hasGateway: Bool
  /// That machine, where it is one alone and of the route's family.
  public var gateway: IPAddress?
  /// RTA_PRIORITY: of several routes to one destination the one with the lowest is taken.
  public var metric: UInt32
  /// RTN_*.
  public var type: UInt8
  /// The table.
  public var table: UInt32

  /// struct rtmsg.
  fileprivate static let headerSize = 12

  /// Reads a RTM_NEWROUTE message; nil where it is of a family that IPVS does not know.
  init?(_ message: NetlinkMessage, in bytes: RawSpan) {
    let header = message.payload
    guard header.count >= Self.headerSize, let number: UInt8 = bytes.value(header),
      let family = AddressFamily(number: UInt16(number)), let prefixLength: UInt8 = bytes.value(header.dropFirst(1)),
      let narrowTable: UInt8 = bytes.value(header.dropFirst(4)), let mark: UInt8 = bytes.value(header.dropFirst(5)),
      let type: UInt8 = bytes.value(header.dropFirst(7))
    else { return nil }
    // A default route has no RTA_DST.
    var destination = family == .ipv4 ? IPAddress(ipv4: 0) : IPAddress(ipv6High: 0, low: 0)
    interfaceIndex = 0
    hasGateway = false
    metric = 0
    table = UInt32(narrowTable)
    var cursor = AttributeCursor(header, skipping: Self.headerSize)
    while let attribute = cursor.next(in: bytes) {
      switch attribute.type {
      case Int(RTA_DST.rawValue):
        guard let address = bytes.address(attribute.payload, family) else { return nil }
        destination = address
      case Int(RTA_OIF.rawValue): interfaceIndex = bytes.value(attribute.payload) ?? 0
      case Int(RTA_TABLE.rawValue): table = bytes.value(attribute.payload) ?? table
      case Int(RTA_GATEWAY.rawValue):
        hasGateway = true
        gateway = bytes.address(attribute.payload, family)
      case Int(RTA_VIA.rawValue): hasGateway = true
      case Int(RTA_PRIORITY.rawValue): metric = bytes.value(attribute.payload) ?? 0
      default: break
      }
    }
    self.destination = destination
    self.prefixLength = prefixLength
    self.mark = mark
    self.type = type
  }
}

extension MessageBuilder {
  /// Writes the request that dumps the routes of the main table, or of those the ones through one interface, or with one mark.
  ///
  /// With NETLINK_GET_STRICT_CHK the kernel picks them; without (before 4.20) it sends all, and the reader has to.
  mutating func routeDump(_ family: AddressFamily, index: UInt32? = nil, mark: UInt8 = 0) {
    message(type: RTM_GETROUTE) { message in
      message.routeHeader(family, table: UInt8(RT_TABLE_MAIN.rawValue), mark: mark)
      if let index { message.attribute(Int(RTA_OIF.rawValue), index) }
    }
  }

  /// Writes the request that adds, takes away or replaces a route through an interface.
  mutating func route(_ id: RouteID, _ difference: Difference<RouteSettings>, index: UInt32) {
    let family = id.destination.family
    // To a machine on the link for IPv4, and whatever the scope when it goes; IPv6 knows only one.
    let scope =
      switch (family, difference.action) {
      case (.ipv4, .delete): UInt8(RT_SCOPE_NOWHERE.rawValue)
      case (.ipv4, _): UInt8(RT_SCOPE_LINK.rawValue)
      case (.ipv6, _): UInt8(RT_SCOPE_UNIVERSE.rawValue)
      }
    let flags =
      switch difference.action {
      case .create: NLM_F_CREATE | NLM_F_EXCL
      case .update: NLM_F_CREATE | NLM_F_REPLACE
      case .delete: 0 as CInt
      }
    // Naming the protocol keeps a delete from hitting a route that someone else installed beside this one.
    guard let settings = difference.after ?? difference.before else { return }
    message(type: difference.after == nil ? RTM_DELROUTE : RTM_NEWROUTE, flags: flags) { message in
      message.routeHeader(
        family, destinationLength: id.prefixLength, table: UInt8(RT_TABLE_MAIN.rawValue), mark: settings.mark,
        scope: scope, type: UInt8(RTN_UNICAST))
      message.attribute(Int(RTA_DST.rawValue), id.destination)
      message.attribute(Int(RTA_OIF.rawValue), index)
    }
  }

  /// Writes the request that dumps the routes of all tables through an interface.
  mutating func allTablesDump(_ family: AddressFamily, index: UInt32) {
    message(type: RTM_GETROUTE) { message in
      message.routeHeader(family)
      message.attribute(Int(RTA_OIF.rawValue), index)
    }
  }

  /// Writes the request that looks up one route, as `ip route get` does.
  ///
  /// With NETLINK_GET_STRICT_CHK every field but the lengths has to be 0 (inet_rtm_valid_getroute_req).
  mutating func routeQuestion(_ question: RouteQuestion) {
    let family = question.destination.family
    message(type: RTM_GETROUTE) { message in
      message.routeHeader(
        family, destinationLength: family.hostPrefixLength,
        sourceLength: question.source == nil ? 0 : family.hostPrefixLength)
      message.attribute(Int(RTA_DST.rawValue), question.destination)
      if let source = question.source { message.attribute(Int(RTA_SRC.rawValue), source) }
    }
  }

  /// struct rtmsg: family, lengths of destination and source, TOS, table, protocol, scope, type, flags.
  private mutating func routeHeader(
    _ family: AddressFamily, destinationLength: UInt8 = 0, sourceLength: UInt8 = 0, table: UInt8 = 0, mark: UInt8 = 0,
    scope: UInt8 = 0, type: UInt8 = 0
  ) {
    append(UInt8(truncatingIfNeeded: family.number))
    append(destinationLength)
    append(sourceLength)
    append(UInt8(0))
    append(table)
    append(mark)
    append(scope)
    append(type)
    append(UInt32(0))
  }
}

extension KernelConnection {
  /// The unicast routes of the main table that leave through an interface, to other machines directly.
  public func routes(throughIndex index: UInt32) throws(NetlinkError) -> [RouteRecord] {
    try routes(throughIndex: index, mark: 0)
  }

  /// The unicast routes of the main table to other machines directly that carry a mark, whatever they leave through.
  public func routes(marked mark: UInt8) throws(NetlinkError) -> [RouteRecord] {
    try routes(throughIndex: nil, mark: mark)
  }

  /// The unicast routes of the main table to other machines directly.
  public func directRoutes() throws(NetlinkError) -> [RouteRecord] { try routes(throughIndex: nil, mark: 0) }

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

extension HostState {
  /// Takes note of a host route through an interface.
  mutating func note(_ record: RouteRecord, through interface: String) {
    guard record.prefixLength == record.destination.family.hostPrefixLength else { return }
    let id = RouteID(record.destination, prefixLength: record.prefixLength, interface: interface)
    // The kernel adds an IPv6 route of its own beside each address, with another metric: the marked one counts.
    if routes[id]?.mark != ownershipMark { routes[id] = RouteSettings(mark: record.mark) }
  }
}

extension RouteSettings {
  /// What the kernel says where a route is not there; without its interface it is nowhere.
  static let absence: [Int32] = [ESRCH, ENODEV]
}
