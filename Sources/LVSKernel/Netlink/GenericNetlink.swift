import CNetlink
import Glibc

/// Generic netlink messages carry struct genlmsghdr before their attributes: command, version, reserved.
let genericHeaderSize = 4

extension NetlinkConversation {
  /// The number the kernel has given to a generic netlink family; asking makes it load the family's module.
  ///
  /// libnl's genl_ctrl_resolve(3) would lose the errno and costs three times the system calls.
  func familyNumber(of name: String) throws(NetlinkError) -> UInt16 {
    var builder = MessageBuilder()
    builder.genericMessage(family: UInt16(GENL_ID_CTRL), command: Int(CTRL_CMD_GETFAMILY), version: 1) { message in
      message.attribute(Int(CTRL_ATTR_FAMILY_NAME), name)
    }
    let number = try get(&builder, describing: "find the netlink family \(name)", into: UInt16(0)) {
      number, bytes, message in
      var cursor = AttributeCursor(message.payload, skipping: genericHeaderSize)
      while let attribute = cursor.next(in: bytes) {
        if attribute.type == Int(CTRL_ATTR_FAMILY_ID) { number = bytes.value(attribute.payload) ?? 0 }
      }
      return number != 0
    }
    guard number != 0 else { throw NetlinkError(errno: ENOENT, request: "find the netlink family \(name)") }
    return number
  }
}

/// The payload of an attribute of a generic netlink message.
func genericAttribute(_ type: Int, of message: NetlinkMessage, in bytes: RawSpan) -> Range<Int>? {
  var cursor = AttributeCursor(message.payload, skipping: genericHeaderSize)
  while let attribute = cursor.next(in: bytes) {
    if attribute.type == type { return attribute.payload }
  }
  return nil
}

extension MessageBuilder {
  /// Writes a message for the IPVS family.
  public mutating func ipvs(
    _ family: UInt16, _ command: Int, flags: CInt = 0, _ body: (inout MessageBuilder) -> Void = { _ in }
  ) {
    genericMessage(family: family, command: command, version: IPVS_GENL_VERSION, flags: flags, body)
  }
}
