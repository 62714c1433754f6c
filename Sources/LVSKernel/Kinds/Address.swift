import CNetlink
import Glibc
import LVSModel

/// An address as the kernel lists it.
public struct AddressRecord: Hashable, Sendable {
  /// The index of the interface.
  public var interfaceIndex: UInt32
  /// The address itself, not the far end of a point-to-point link.
  public var address: IPAddress
  /// The prefix length.
  public var prefixLength: UInt8
  /// The label of an IPv4 address, which is the interface's name where none was given.
  public var label: String?
  /// IFA_PROTO, 0 where nothing is set or the kernel, before 5.18, has none.
  public var mark: UInt8
  /// IFA_F_*.
  public var flags: UInt32
  /// RT_SCOPE_*.
  public var scope: UInt8

  /// struct ifaddrmsg.
  fileprivate static let headerSize = 8

  /// Reads a RTM_NEWADDR message; nil where it holds no address of a family that IPVS knows.
  init?(_ message: NetlinkMessage, in bytes: RawSpan) {
    let header = message.payload
    guard header.count >= Self.headerSize, let number: UInt8 = bytes.value(header),
      let family = AddressFamily(number: UInt16(number)), let prefixLength: UInt8 = bytes.value(header.dropFirst(1)),
      let narrowFlags: UInt8 = bytes.value(header.dropFirst(2)), let scope: UInt8 = bytes.value(header.dropFirst(3)),
      let index: UInt32 = bytes.value(header.dropFirst(4))
    else { return nil }
    var near: IPAddress?
    var far: IPAddress?
    label = nil
    mark = 0
    flags = UInt32(narrowFlags)
    var cursor = AttributeCursor(header, skipping: Self.headerSize)
    while let attribute = cursor.next(in: bytes) {
      switch attribute.type {
      case IFA_LOCAL: near = bytes.address(attribute.payload, family)
      case IFA_ADDRESS: far = bytes.address(attribute.payload, family)
      case IFA_LABEL: label = bytes.string(attribute.payload)
      case IFA_FLAGS: flags = bytes.value(attribute.payload) ?? flags
      case IFA_PROTO: mark = bytes.value(attribute.payload) ?? 0
      default: break
      }
    }
    // IFA_LOCAL is there for every IPv4 address and for an IPv6 address with a peer (if_addr.h).
    guard let address = near ?? far else { return nil }
    self.address = address
    self.prefixLength = prefixLength
    self.scope = scope
    interfaceIndex = index
  }
}

extension MessageBuilder {
  /// Writes the request that dumps all addresses.
  mutating func addressDump() {
    message(type: RTM_GETADDR) { $0.addressHeader(family: 0, prefixLength: 0, flags: 0, index: 0) }
  }

  /// Writes the requests that add, take away or replace an address.
  ///
  /// One whose label differs goes and comes back in one send; one that is only signed stays where it is. `takesNothing` is
  /// whether the address can leave without others of its network, and their routes, going with it.
  mutating func address(
    _ id: AddressID, _ difference: Difference<AddressSettings>, index: UInt32, takesNothing: Bool = false
  ) {
    guard let after = difference.after else { return removal(of: id, index: index) }
    guard difference.isSignature else {
      if difference.before != nil { removal(of: id, index: index) }
      return addition(of: id, after, flags: NLM_F_CREATE | NLM_F_EXCL, index: index)
    }
    guard id.address.family == .ipv4, takesNothing else {
      // inet6_addr_modify takes over IFA_PROTO, and so does inet_rtm_newaddr of newer kernels.
      return addition(of: id, after, flags: NLM_F_REPLACE, index: index)
    }
    // inet_rtm_newaddr of Linux 6.1 does not: meanwhile the address is there with another prefix, so that it never leaves.
    var bridge = id
    bridge.prefixLength = id.prefixLength == 32 ? 31 : 32
    addition(of: bridge, AddressSettings(mark: after.mark), flags: NLM_F_CREATE | NLM_F_EXCL, index: index)
    removal(of: id, index: index)
    addition(of: id, after, flags: NLM_F_CREATE | NLM_F_EXCL, index: index)
    removal(of: bridge, index: index)
  }

  /// By address and prefix: without IFA_ADDRESS the kernel takes the first that has the address (inet_rtm_deladdr).
  private mutating func removal(of id: AddressID, index: UInt32) {
    message(type: RTM_DELADDR) { $0.identity(of: id, flags: 0, index: index) }
  }

  private mutating func addition(of id: AddressID, _ settings: AddressSettings, flags: CInt, index: UInt32) {
    message(type: RTM_NEWADDR, flags: flags) { message in
      // The VIP of an LVS is on several machines: duplicate address detection would take it for a fault.
      let flags = id.address.family == .ipv6 ? UInt8(IFA_F_NODAD) : 0
      message.identity(of: id, flags: flags, index: index)
      if id.address.family == .ipv4, let label = settings.label { message.attribute(IFA_LABEL, label) }
      if id.address.family == .ipv6 {
        // Deprecated from the start, which the machine's own traffic avoids as its source (RFC 6724, rule 3). A director
        // that sends a tunnel's packets from the VIP is not heard: the real server takes them for its own
        // (ip6_tnl_rcv_ctl).
        let lifetimes = ifa_cacheinfo(ifa_prefered: 0, ifa_valid: .max, cstamp: 0, tstamp: 0)
        withUnsafeBytes(of: lifetimes) { message.attribute(IFA_CACHEINFO, payload: $0) }
      }
      // A kernel that does not know IFA_PROTO skips it: requests that change addresses are parsed liberally.
      if settings.mark != 0 { message.attribute(IFA_PROTO, settings.mark) }
    }
  }

  /// The header and what names an address on its interface.
  private mutating func identity(of id: AddressID, flags: UInt8, index: UInt32) {
    addressHeader(family: id.address.family.number, prefixLength: id.prefixLength, flags: flags, index: index)
    attribute(IFA_LOCAL, id.address)
    attribute(IFA_ADDRESS, id.address)
  }

  /// struct ifaddrmsg, with scope global.
  private mutating func addressHeader(family: UInt16, prefixLength: UInt8, flags: UInt8, index: UInt32) {
    append(UInt8(truncatingIfNeeded: family))
    append(prefixLength)
    append(flags)
    append(UInt8(RT_SCOPE_UNIVERSE.rawValue))
    append(index)
  }
}

extension KernelConnection {
  /// The addresses of all interfaces.
  public func addresses() throws(NetlinkError) -> [AddressRecord] {
    var builder = MessageBuilder()
    builder.addressDump()
    return try route().dump(&builder, describing: "list the addresses", into: []) { addresses, bytes, message in
      // Families beside IPv4 and IPv6 answer too.
      if let address = AddressRecord(message, in: bytes) { addresses.append(address) }
      return true
    }
  }

  /// Whether an IPv4 address can leave without taking others along: a host address, or one that is not the first of its
  /// network on its interface (IFA_F_SECONDARY). With the first go the others and the network's routes (__inet_del_ifa).
  func takesNothing(_ id: AddressID, index: UInt32) throws(NetlinkError) -> Bool {
    guard id.address.family == .ipv4 else { return false }
    if id.prefixLength == 32 { return true }
    return try addresses().contains { record in
      record.interfaceIndex == index && record.address == id.address && record.prefixLength == id.prefixLength
        && record.flags & UInt32(IFA_F_SECONDARY) != 0
    }
  }

  /// The addresses of some interfaces, as plans have them.
  func addresses(on links: [LinkRecord]) throws(NetlinkError) -> [AddressID: AddressSettings] {
    let names = Dictionary(links.map { ($0.index, $0.name) }) { first, _ in first }
    var addresses: [AddressID: AddressSettings] = [:]
    for record in try self.addresses() {
      // An interface that came up since the links were read is not one the plan can be about.
      guard let name = names[record.interfaceIndex] else { continue }
      let id = AddressID(record.address, prefixLength: record.prefixLength, interface: name)
      addresses[id] = AddressSettings(label: record.label == name ? nil : record.label, mark: record.mark)
    }
    return addresses
  }
}

extension AddressSettings {
  /// What the kernel says where an address is not there; without its interface it is nowhere (inet_rtm_deladdr,
  /// inet6_addr_del).
  static let absence: [Int32] = [EADDRNOTAVAIL, ENODEV, ENXIO]
}
