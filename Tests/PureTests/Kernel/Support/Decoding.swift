import CNetlink

@testable import LVSKernel
@testable import LVSModel

/// Decodes the first message of a datagram.
func decodingMessage<Result>(_ datagram: [UInt8], _ body: (NetlinkMessage, RawSpan) -> Result?) -> Result? {
  var cursor = MessageCursor()
  let span = datagram.span.bytes
  guard let message = cursor.next(in: span) else { return nil }
  return body(message, span)
}

/// Decodes one nested attribute of the first message of a datagram of generic netlink.
func decodingField<Result>(_ type: Int, _ datagram: [UInt8], _ body: (Range<Int>, RawSpan) -> Result?) -> Result? {
  decodingMessage(datagram) { message, span in
    var cursor = AttributeCursor(message.payload, skipping: genericHeaderSize)
    while let attribute = cursor.next(in: span) {
      if attribute.type == type { return body(attribute.payload, span) }
    }
    return nil
  }
}

func decodedService(_ datagram: [UInt8]) -> ServiceRecord? {
  decodingField(IPVS_CMD_ATTR_SERVICE, datagram) { ServiceRecord($0, in: $1) }
}

func decodedRealServer(_ datagram: [UInt8], _ family: AddressFamily = .ipv4) -> RealServerRecord? {
  decodingField(IPVS_CMD_ATTR_DEST, datagram) { RealServerRecord($0, in: $1, serviceFamily: family) }
}

func decodedDaemon(_ datagram: [UInt8]) -> SyncDaemonRecord? {
  decodingField(IPVS_CMD_ATTR_DAEMON, datagram) { SyncDaemonRecord($0, in: $1) }
}

/// The bytes that a body writes.
func written(_ body: (inout MessageBuilder) -> Void) -> [UInt8] {
  var builder = MessageBuilder()
  body(&builder)
  return builder.bytes
}

extension IPAddress {
  /// A literal of a test.
  init(literal text: String) {
    guard let address = IPAddress(text) else { fatalError("\(text) is no address") }
    self = address
  }
}
