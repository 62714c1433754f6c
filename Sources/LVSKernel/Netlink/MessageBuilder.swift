import CNetlink
import LVSModel
import LVSSystem

/// Writes netlink messages one behind the other into one buffer.
///
/// Sequence numbers stay 0 until a conversation sends them.
public struct MessageBuilder: Sendable {
  /// The messages.
  public private(set) var bytes: [UInt8] = []
  /// Where each message begins.
  public private(set) var offsets: [Int] = []

  /// Creates an empty buffer.
  public init() {}

  /// Makes room for messages of so many bytes in all.
  mutating func reserveCapacity(_ count: Int) { bytes.reserveCapacity(count) }

  /// Forgets the messages and keeps the memory.
  public mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    offsets.removeAll(keepingCapacity: true)
  }

  /// Writes a message; NLM_F_REQUEST is implied.
  mutating func message(type: Int, flags: CInt = 0, _ body: (inout MessageBuilder) -> Void) {
    let start = bytes.count
    offsets.append(start)
    append(UInt32(0))
    append(UInt16(truncatingIfNeeded: type))
    append(UInt16(truncatingIfNeeded: NLM_F_REQUEST | flags))
    append(UInt64(0))
    body(&self)
    store(UInt32(bytes.count - start), at: start)
  }

  /// Writes a generic netlink message.
  mutating func genericMessage(
    family: UInt16, command: Int, version: CInt, flags: CInt = 0, _ body: (inout MessageBuilder) -> Void
  ) {
    message(type: Int(family), flags: flags) { builder in
      builder.append(UInt8(truncatingIfNeeded: command))
      builder.append(UInt8(truncatingIfNeeded: version))
      builder.append(UInt16(0))
      body(&builder)
    }
  }

  /// Writes a number in host order, without padding: for fixed headers.
  mutating func append(_ number: some FixedWidthInteger) {
    withUnsafeBytes(of: number) { bytes.append(contentsOf: $0) }
  }

  /// Writes an attribute that holds a number in host order.
  public mutating func attribute(_ type: Int, _ number: some FixedWidthInteger) {
    beginAttribute(type, length: MemoryLayout<nlattr>.size + MemoryLayout.size(ofValue: number))
    append(number)
    pad()
  }

  /// Writes an attribute that holds two numbers in host order: a struct of a value and a mask.
  mutating func attribute(_ type: Int, _ value: UInt32, _ mask: UInt32) {
    let start = beginAttribute(type)
    append(value)
    append(mask)
    endAttribute(start)
  }

  /// Writes an attribute that holds text with its NUL.
  mutating func attribute(_ type: Int, _ text: String) {
    let start = beginAttribute(type)
    bytes.append(contentsOf: KernelText.bytes(text))
    bytes.append(0)
    endAttribute(start)
  }

  /// Writes an attribute that holds an address: 4 or 16 bytes in network order.
  mutating func attribute(_ type: Int, _ address: IPAddress) {
    switch address.family {
    case .ipv4: attribute(type, address.ipv4Bits.bigEndian)
    case .ipv6:
      let start = beginAttribute(type)
      append(address.high.bigEndian)
      append(address.low.bigEndian)
      endAttribute(start)
    }
  }

  /// Writes an attribute that holds other attributes.
  public mutating func nested(_ type: Int, _ body: (inout MessageBuilder) -> Void) {
    let start = beginAttribute(type | Int(NLA_F_NESTED))
    body(&self)
    endAttribute(start)
  }

  mutating func attribute(_ type: Int, payload: UnsafeRawBufferPointer) {
    let start = beginAttribute(type)
    bytes.append(contentsOf: payload)
    endAttribute(start)
  }

  /// Writes struct nlattr, in one piece: a large plan is hundreds of thousands of them. Gives its place, for a length that
  /// is not known yet.
  @discardableResult
  private mutating func beginAttribute(_ type: Int, length: Int = 0) -> Int {
    let start = bytes.count
    let header = nlattr(nla_len: UInt16(truncatingIfNeeded: length), nla_type: UInt16(truncatingIfNeeded: type))
    withUnsafeBytes(of: header) { bytes.append(contentsOf: $0) }
    return start
  }

  private mutating func endAttribute(_ start: Int) {
    store(UInt16(truncatingIfNeeded: bytes.count - start), at: start)
    pad()
  }

  /// Fills up to the multiple of four at which the next attribute begins (NLA_ALIGNTO).
  private mutating func pad() {
    while bytes.count & 3 != 0 { bytes.append(0) }
  }

  /// Numbers a message and says whether it asks for an acknowledgement.
  mutating func number(_ message: Int, sequence: UInt32, flags: CInt) {
    let offset = offsets[message]
    let old = bytes.span.bytes.value(offset + 6..<offset + 8, as: UInt16.self) ?? 0
    store(old | UInt16(truncatingIfNeeded: flags), at: offset + 6)
    store(sequence, at: offset + 8)
  }

  /// Where a message ends and the next one begins.
  func end(of message: Int) -> Int { message + 1 < offsets.count ? offsets[message + 1] : bytes.count }

  private mutating func store(_ number: some FixedWidthInteger, at offset: Int) {
    bytes.withUnsafeMutableBytes { $0.storeBytes(of: number, toByteOffset: offset, as: type(of: number)) }
  }
}
