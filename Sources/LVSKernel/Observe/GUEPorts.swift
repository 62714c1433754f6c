import CNetlink
import LVSModel

extension KernelConnection {
  /// The UDP ports where the kernel takes GUE apart; asking makes it load the module `fou`.
  public func guePorts() throws(NetlinkError) -> Set<GUEPort> {
    let (conversation, number) = try genericFamily(FOU_GENL_NAME)
    var builder = MessageBuilder()
    builder.genericMessage(family: number, command: FOU_CMD_GET, version: FOU_GENL_VERSION) { _ in }
    return try conversation.dump(&builder, describing: "list the fou ports", into: []) { ports, bytes, message in
      if let port = GUEPort(message, in: bytes) { ports.insert(port) }
      return true
    }
  }
}

extension GUEPort {
  /// Reads an entry of FOU_CMD_GET; nil for one that takes something else apart.
  init?(_ message: NetlinkMessage, in bytes: RawSpan) {
    var family: AddressFamily?
    var port: UInt16?
    var encapsulation: UInt8 = 0
    var cursor = AttributeCursor(message.payload, skipping: genericHeaderSize)
    while let attribute = cursor.next(in: bytes) {
      switch attribute.type {
      case FOU_ATTR_PORT: port = bytes.bigEndian(attribute.payload)
      case FOU_ATTR_AF:
        family = bytes.value(attribute.payload, as: UInt8.self).flatMap { AddressFamily(number: UInt16($0)) }
      case FOU_ATTR_TYPE: encapsulation = bytes.value(attribute.payload) ?? 0
      default: break
      }
    }
    guard encapsulation == UInt8(FOU_ENCAP_GUE), let family, let port else { return nil }
    self.init(family, port)
  }
}
