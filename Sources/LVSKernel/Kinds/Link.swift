import CNetlink
import Glibc
import LVSModel

/// A network interface.
public struct LinkRecord: Hashable, Sendable {
  /// Its index in this network namespace.
  public var index: UInt32
  /// Its name.
  public var name: String
  /// IFF_*.
  public var flags: UInt32
  /// ARPHRD_*.
  public var hardwareType: UInt16
  /// Its hardware address: six bytes on Ethernet, none on a tunnel without one.
  public var hardwareAddress: [UInt8]
  /// The largest packet in bytes.
  public var mtu: UInt32
  /// IFLA_INFO_KIND, such as `dummy` or `ipip`; nil for a network card.
  public var kind: String?
  /// IFLA_ALT_IFNAME: further names that ip(8) takes for it.
  public var alternativeNames: [String]

  /// Whether it is up (IFF_UP).
  public var isUp: Bool { flags & UInt32(IFF_UP.rawValue) != 0 }

  /// Creates a link from its parts.
  public init(
    index: UInt32, name: String, flags: UInt32, hardwareType: UInt16, hardwareAddress: [UInt8], mtu: UInt32 = 1500,
    kind: String? = nil, alternativeNames: [String] = []
  ) {
    self.index = index
    self.name = name
    self.flags = flags
    self.hardwareType = hardwareType
    self.hardwareAddress = hardwareAddress
    self.mtu = mtu
    self.kind = kind
    self.alternativeNames = alternativeNames
  }

  /// struct ifinfomsg.
  fileprivate static let headerSize = 16

  /// Reads a RTM_NEWLINK message.
  init?(_ message: NetlinkMessage, in bytes: RawSpan) {
    let header = message.payload
    guard header.count >= Self.headerSize, let type: UInt16 = bytes.value(header.dropFirst(2)),
      let index: UInt32 = bytes.value(header.dropFirst(4)), let flags: UInt32 = bytes.value(header.dropFirst(8))
    else { return nil }
    var name: String?
    var hardwareAddress: [UInt8] = []
    var mtu: UInt32 = 0
    var kind: String?
    var alternativeNames: [String] = []
    var cursor = AttributeCursor(header, skipping: Self.headerSize)
    while let attribute = cursor.next(in: bytes) {
      switch attribute.type {
      case IFLA_IFNAME: name = bytes.string(attribute.payload)
      case IFLA_ADDRESS: hardwareAddress = bytes.extracting(attribute.payload).withUnsafeBytes { Array($0) }
      case IFLA_MTU: mtu = bytes.value(attribute.payload) ?? 0
      case IFLA_LINKINFO: kind = Self.texts(IFLA_INFO_KIND, within: attribute, in: bytes).first
      case IFLA_PROP_LIST: alternativeNames = Self.texts(IFLA_ALT_IFNAME, within: attribute, in: bytes)
      default: break
      }
    }
    guard let name else { return nil }
    self.init(
      index: index, name: name, flags: flags, hardwareType: type, hardwareAddress: hardwareAddress, mtu: mtu,
      kind: kind,
      alternativeNames: alternativeNames)
  }

  /// The attributes of one type inside another, as texts.
  private static func texts(_ type: Int, within attribute: NetlinkAttribute, in bytes: RawSpan) -> [String] {
    var texts: [String] = []
    var cursor = AttributeCursor(attribute.payload)
    while let inner = cursor.next(in: bytes) {
      if inner.type == type, let text = bytes.string(inner.payload) { texts.append(text) }
    }
    return texts
  }
}

/// The name of an interface by its index, for a few of many; nil where it has gone.
public func interfaceName(_ index: UInt32) -> String? {
  var buffer = [CChar](repeating: 0, count: Int(IF_NAMESIZE))
  return if_indextoname(index, &buffer).map { String(cString: $0) }
}

extension MessageBuilder {
  /// Writes the request that dumps all interfaces, without their statistics.
  mutating func linkDump() {
    message(type: RTM_GETLINK) { message in
      message.linkHeader(flags: 0, change: 0)
      message.attribute(IFLA_EXT_MASK, UInt32(RTEXT_FILTER_SKIP_STATS))
    }
  }

  /// Writes the request that takes an interface up or down.
  mutating func link(_ name: String, _ difference: Difference<LinkSettings>) {
    let isUp = difference.after?.isUp == true
    message(type: RTM_NEWLINK) { message in
      let up = UInt32(IFF_UP.rawValue)
      message.linkHeader(flags: isUp ? up : 0, change: up)
      message.attribute(IFLA_IFNAME, name)
    }
  }

  /// struct ifinfomsg: family, padding, type, index, flags, change mask.
  private mutating func linkHeader(flags: UInt32, change: UInt32) {
    append(UInt64(0))
    append(flags)
    append(change)
  }
}

extension KernelConnection {
  /// The network interfaces.
  public func links() throws(NetlinkError) -> [LinkRecord] {
    var builder = MessageBuilder()
    builder.linkDump()
    let links = try route().dump(&builder, describing: "list the interfaces", into: [LinkRecord]()) {
      links, bytes, message in
      guard CInt(message.type) == CInt(RTM_NEWLINK) else { return true }
      guard let link = LinkRecord(message, in: bytes) else { return false }
      links.append(link)
      return true
    }
    noteIndexes(of: links)
    return links
  }
}

extension LinkRecord {
  /// What findings and refusals have to know of it.
  public var network: NetworkLink {
    func has(_ flag: Int) -> Bool { flags & UInt32(flag) != 0 }
    let isLoopback = has(Int(IFF_LOOPBACK.rawValue))
    // Nobody is at the other end of a dummy, and a tunnel has no addresses to resolve.
    let isMute = isLoopback || has(Int(IFF_NOARP.rawValue)) || kind.map(Self.muteKinds.contains) == true
    return NetworkLink(
      name, alternativeNames: alternativeNames, isUp: isUp, hasCarrier: has(0x10000),  // IFF_LOWER_UP, linux/if.h
      isLoopback: isLoopback, answersARP: !isMute, index: index, mtu: mtu, kind: kind)
  }

  /// IFLA_INFO_KIND of devices that answer for nothing.
  private static let muteKinds: Set<String> = [
    "dummy", "ipip", "sit", "ip6tnl", "gre", "ip6gre", "vti", "vti6", "xfrm", "wireguard",
  ]
}
