import CNetlink
import Glibc
import LVSModel

/// A route as the kernel lists it.
package struct RouteRecord: Hashable, Sendable {
  /// The destination.
  package var destination: IPAddress
  /// Its prefix length.
  package var prefixLength: UInt8
  /// The index of the outgoing interface, 0 for a route without one or with several.
  package var interfaceIndex: UInt32
  /// rtm_protocol: who installed it.
  package var mark: UInt8
  /// Whether it leads to another machine first.
  package var hasGateway: Bool
  /// That machine, where it is one alone and of the route's family.
  package var gateway: IPAddress?
  /// RTA_PRIORITY: of several routes to one destination the one with the lowest is taken.
  package var metric: UInt32
  /// RTN_*.
  package var type: UInt8
  /// The table.
  package var table: UInt32

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
      message.routeHeader(family: family, prefixLength: 0, mark: mark, scope: 0, type: 0)
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
        family: family, prefixLength: id.prefixLength, mark: settings.mark, scope: scope, type: UInt8(RTN_UNICAST))
      message.attribute(Int(RTA_DST.rawValue), id.destination)
      message.attribute(Int(RTA_OIF.rawValue), index)
    }
  }

  /// struct rtmsg, for the main table.
  private mutating func routeHeader(family: AddressFamily, prefixLength: UInt8, mark: UInt8, scope: UInt8, type: UInt8)
  {
    append(UInt8(truncatingIfNeeded: family.number))
    append(prefixLength)
    append(UInt16(0))
    append(UInt8(RT_TABLE_MAIN.rawValue))
    append(mark)
    append(scope)
    append(type)
    append(UInt32(0))
  }
}

extension RouteSettings {
  /// What the kernel says where a route is not there; without its interface it is nowhere.
  static let absence: [Int32] = [ESRCH, ENODEV]
}
