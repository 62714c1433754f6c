import CNetlink
import LVSModel

/// A neighbour as the kernel lists it.
struct NeighbourRecord: Hashable {
  /// The index of the interface.
  var interfaceIndex: UInt32
  var address: IPAddress
  var hardwareAddress: [UInt8]
  var state: Neighbour.State

  /// struct ndmsg.
  private static let headerSize = 12

  /// Reads a RTM_NEWNEIGH message; nil for what is no machine's address, as those that a bridge has learned, and for an
  /// entry that is not in use (NUD_NONE).
  init?(_ message: NetlinkMessage, in bytes: RawSpan) {
    let header = message.payload
    guard header.count >= Self.headerSize, let number: UInt8 = bytes.value(header),
      let family = AddressFamily(number: UInt16(number)), let index: UInt32 = bytes.value(header.dropFirst(4)),
      let state = bytes.value(header.dropFirst(8), as: UInt16.self).flatMap({ Neighbour.State(rawValue: $0) })
    else { return nil }
    var address: IPAddress?
    var hardwareAddress: [UInt8] = []
    var cursor = AttributeCursor(header, skipping: Self.headerSize)
    while let attribute = cursor.next(in: bytes) {
      switch attribute.type {
      case NDA_DST: address = bytes.address(attribute.payload, family)
      case NDA_LLADDR: hardwareAddress = bytes.extracting(attribute.payload).withUnsafeBytes { Array($0) }
      default: break
      }
    }
    guard let address else { return nil }
    interfaceIndex = index
    self.address = address
    self.hardwareAddress = hardwareAddress
    self.state = state
  }
}

extension MessageBuilder {
  /// Writes the request that dumps the neighbours of every interface and family.
  ///
  /// With NETLINK_GET_STRICT_CHK every field has to be 0 (neigh_valid_dump_req).
  mutating func neighbourDump() {
    message(type: RTM_GETNEIGH) { message in
      // struct ndmsg: family, padding, index, state, flags, type.
      message.append(UInt64(0))
      message.append(UInt32(0))
    }
  }
}

extension KernelConnection {
  /// The neighbours that the kernel knows, in its order, on interfaces of `links`.
  func neighbours(on links: [NetworkLink]) throws(NetlinkError) -> [Neighbour] {
    let names = Dictionary(links.map { ($0.index, $0.name) }) { first, _ in first }
    var builder = MessageBuilder()
    builder.neighbourDump()
    return try route().dump(&builder, describing: "list the neighbours", into: []) { neighbours, bytes, message in
      if CInt(message.type) == CInt(RTM_NEWNEIGH), let record = NeighbourRecord(message, in: bytes),
        let name = names[record.interfaceIndex]
      {
        neighbours.append(
          Neighbour(
            record.address, interface: name, hardwareAddress: record.hardwareAddress, state: record.state))
      }
      return true
    }
  }
}
