import CNetlink

/// The header of one netlink message and where its payload lies in the datagram.
struct NetlinkMessage: Equatable {
  var type: UInt16
  var flags: UInt16
  var sequence: UInt32
  var port: UInt32
  var payload: Range<Int>
}

/// One attribute and where its payload lies in the datagram.
struct NetlinkAttribute: Equatable {
  /// The type without NLA_F_NESTED and NLA_F_NET_BYTEORDER.
  var type: Int
  var payload: Range<Int>
}

/// Messages and attributes are padded to four bytes (NLMSG_ALIGNTO, NLA_ALIGNTO).
func netlinkAligned(_ length: Int) -> Int { (length + 3) & ~3 }

/// Walks the messages of a datagram; every step moves forward by a header at least, so that it ends.
struct MessageCursor {
  static let headerSize = 16
  private var offset = 0
  /// Whether a header was found that promises more, or less, than there is.
  private(set) var isDamaged = false

  mutating func next(in bytes: RawSpan) -> NetlinkMessage? {
    let rest = bytes.byteCount - offset
    guard rest > 0, !isDamaged else { return nil }
    guard let length = bytes.value(offset..<bytes.byteCount, as: UInt32.self), rest >= Self.headerSize,
      length >= Self.headerSize, Int(length) <= rest,
      let type = bytes.value(offset + 4..<offset + 6, as: UInt16.self),
      let flags = bytes.value(offset + 6..<offset + 8, as: UInt16.self),
      let sequence = bytes.value(offset + 8..<offset + 12, as: UInt32.self),
      let port = bytes.value(offset + 12..<offset + 16, as: UInt32.self)
    else {
      isDamaged = true
      return nil
    }
    let payload = offset + Self.headerSize..<offset + Int(length)
    offset = min(offset + netlinkAligned(Int(length)), bytes.byteCount)
    return NetlinkMessage(type: type, flags: flags, sequence: sequence, port: port, payload: payload)
  }
}

/// Walks the attributes of a payload; a length that is too short or too long for the rest ends the walk, as in nla_ok.
struct AttributeCursor {
  static let headerSize = 4
  private var offset: Int
  private let end: Int

  /// Attributes in `payload` behind a fixed header of `skipping` bytes.
  init(_ payload: Range<Int>, skipping: Int = 0) {
    offset = payload.lowerBound + netlinkAligned(skipping)
    end = payload.upperBound
  }

  mutating func next(in bytes: RawSpan) -> NetlinkAttribute? {
    guard end - offset >= Self.headerSize, end <= bytes.byteCount,
      let length = bytes.value(offset..<offset + 2, as: UInt16.self),
      let type = bytes.value(offset + 2..<offset + 4, as: UInt16.self),
      length >= Self.headerSize, Int(length) <= end - offset
    else { return nil }
    let payload = offset + Self.headerSize..<offset + Int(length)
    offset += netlinkAligned(Int(length))
    return NetlinkAttribute(type: Int(type & 0x3fff), payload: payload)
  }
}

/// What a message means to the conversation it belongs to.
enum NetlinkReply: Equatable {
  /// A part of the answer.
  case data
  /// NLMSG_ERROR with 0, or NLMSG_DONE with 0: all went well, and nothing follows.
  case end
  /// The errno, positive, and the kernel's own words.
  case failure(errno: Int32, kernelMessage: String?)
  /// NLMSG_NOOP and other control messages that say nothing.
  case nothing
  /// A message whose fixed part is not whole.
  case damaged

  init(_ message: NetlinkMessage, in bytes: RawSpan) {
    switch CInt(message.type) {
    case NLMSG_ERROR: self = Self.errorReply(message, in: bytes)
    case NLMSG_DONE: self = Self.doneReply(message, in: bytes)
    case 0..<NLMSG_MIN_TYPE: self = .nothing
    default: self = .data
    }
  }

  private static func errorReply(_ message: NetlinkMessage, in bytes: RawSpan) -> NetlinkReply {
    guard let code = bytes.value(message.payload, as: Int32.self),
      message.payload.count >= 4 + MessageCursor.headerSize
    else { return .damaged }
    if code == 0 { return .end }
    // Behind the code stands the request: its header alone (NLM_F_CAPPED), or all of it.
    let request = message.payload.lowerBound + 4
    var skipped = 4 + MessageCursor.headerSize
    if message.flags & UInt16(NLM_F_CAPPED) == 0,
      let length = bytes.value(request..<message.payload.upperBound, as: UInt32.self)
    {
      skipped = 4 + netlinkAligned(Int(length))
    }
    return .failure(
      errno: positive(code), kernelMessage: words(message, skipping: skipped, in: bytes))
  }

  private static func doneReply(_ message: NetlinkMessage, in bytes: RawSpan) -> NetlinkReply {
    // A NLMSG_DONE without a code is what kernels before 3.x and some families send.
    guard let code = bytes.value(message.payload, as: Int32.self), code < 0 else { return .end }
    return .failure(errno: positive(code), kernelMessage: words(message, skipping: 4, in: bytes))
  }

  private static func positive(_ code: Int32) -> Int32 { Int32(clamping: Int(code).magnitude) }

  private static func words(_ message: NetlinkMessage, skipping: Int, in bytes: RawSpan) -> String? {
    guard message.flags & UInt16(NLM_F_ACK_TLVS) != 0 else { return nil }
    var cursor = AttributeCursor(message.payload, skipping: skipping)
    while let attribute = cursor.next(in: bytes) {
      if attribute.type == Int(NLMSGERR_ATTR_MSG.rawValue) { return bytes.string(attribute.payload) }
    }
    return nil
  }
}
