import CNetlink
import Glibc
import Recordings
import Testing

@testable import LVSKernel
@testable import LVSModel

struct MessageParserTests {
  /// All messages of a datagram with what they mean, and whether the walk ended in damage.
  private func replies(_ datagram: [UInt8]) -> (messages: [NetlinkReply], isDamaged: Bool) {
    let span = datagram.span.bytes
    var cursor = MessageCursor()
    var found: [NetlinkReply] = []
    while let message = cursor.next(in: span) { found.append(NetlinkReply(message, in: span)) }
    return (found, cursor.isDamaged)
  }

  private func attributes(_ payload: [UInt8]) -> [NetlinkAttribute] {
    var cursor = AttributeCursor(0..<payload.count)
    var found: [NetlinkAttribute] = []
    while let attribute = cursor.next(in: payload.span.bytes) { found.append(attribute) }
    return found
  }

  @Test func `a refusal carries its errno and the kernel's words`() {
    let datagram = bytes(
      """
      68 00 00 00 02 00 00 03 10 00 00 00 e7 02 00 3b  # 104 bytes, NLMSG_ERROR, CAPPED | ACK_TLVS, sequence 16
      de ff ff ff                                      # -34, ERANGE
      50 00 00 00 14 00 05 06 10 00 00 00 00 00 00 00  # the header of the request
      27 00 01 00 41 74 74 72 69 62 75 74 65 20 66 61  # NLMSGERR_ATTR_MSG
      69 6c 65 64 20 70 6f 6c 69 63 79 20 76 61 6c 69
      64 61 74 69 6f 6e 00 00
      08 00 02 00 28 00 00 00                          # NLMSGERR_ATTR_OFFS
      14 00 04 80 08 00 07 00 0f 00 00 00 08 00 01 00 0b 00 00 00  # NLMSGERR_ATTR_POLICY
      """)
    let (messages, isDamaged) = replies(datagram)
    #expect(messages == [.failure(errno: ERANGE, kernelMessage: "Attribute failed policy validation")])
    #expect(!isDamaged)
  }

  @Test func `a refusal that repeats the whole request still gives its words`() {
    let request = [0x18, 0, 0, 0] + [UInt8](repeating: 0, count: 20)
    let words: [UInt8] = [7, 0, 1, 0, 0x6e, 0x6f, 0, 0]
    let payload = [0xea, 0xff, 0xff, 0xff] + request + words
    let datagram = FakeTransport().reply(type: NLMSG_ERROR, flags: NLM_F_ACK_TLVS, to: 1, payload: payload)
    #expect(replies(datagram).messages == [.failure(errno: EINVAL, kernelMessage: "no")])
  }

  @Test func `a dump that ends badly says why`() {
    let datagram = FakeTransport().reply(type: NLMSG_DONE, to: 1, payload: [0xff, 0xff, 0xff, 0xff])
    #expect(replies(datagram).messages == [.failure(errno: EPERM, kernelMessage: nil)])
  }

  @Test(arguments: [
    ("a header cut short", "14 00 00 00 03 00 02 00"),
    ("a length below a header", "0f 00 00 00 03 00 00 00 00 00 00 00 00 00 00 00"),
    ("a length of zero", "00 00 00 00 03 00 00 00 00 00 00 00 00 00 00 00"),
    ("a length beyond the datagram", "ff ff ff ff 03 00 00 00 00 00 00 00 00 00 00 00"),
    ("one stray byte", "14"),
  ])
  func `a damaged header ends the walk and is noticed`(name: String, hex: String) {
    let (messages, isDamaged) = replies(bytes(hex))
    #expect(messages.isEmpty)
    #expect(isDamaged)
  }

  @Test func `an empty datagram is no damage`() {
    #expect(!replies([]).isDamaged)
  }

  @Test func `an error too short for a code is damage, not success`() {
    #expect(replies(FakeTransport().reply(type: NLMSG_ERROR, to: 1, payload: [0, 0, 0])).messages == [.damaged])
  }

  @Test(arguments: [
    ("a length of zero", "00 00 01 00 08 00 02 00 01 00 00 00"),
    ("a length below a header", "03 00 01 00 08 00 02 00 01 00 00 00"),
    ("a length beyond the payload", "20 00 01 00 08 00 02 00 01 00 00 00"),
    ("a header cut short", "08 00 01"),
    ("nothing", ""),
  ])
  func `a damaged attribute ends the walk`(name: String, hex: String) {
    #expect(attributes(bytes(hex)).isEmpty)
  }

  @Test func `the flag bits of a type are not part of it`() {
    #expect(attributes(bytes("04 00 01 80 04 00 02 40")).map(\.type) == [1, 2])
  }

  @Test func `an attribute without its padding at the end is whole`() {
    #expect(attributes(bytes("05 00 01 00 4c")) == [NetlinkAttribute(type: 1, payload: 4..<5)])
  }

  @Test func `an attribute that is too short for a number gives none`() {
    let payload = bytes("06 00 01 00 ff ff 00 00")
    #expect(payload.span.bytes.value(4..<6, as: UInt32.self) == nil)
    #expect(payload.span.bytes.value(4..<6, as: UInt16.self) == 0xffff)
  }

  @Test(arguments: 0..<16) func `random bytes neither crash nor hang any decoder`(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    for _ in 0..<200 {
      let count = Int.random(in: 0...512, using: &random)
      decodeEverything((0..<count).map { _ in UInt8.random(in: 0...255, using: &random) })
    }
  }

  @Test(arguments: 0..<8) func `damaged captures neither crash nor hang any decoder`(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    for capture in Captures.all {
      for _ in 0..<100 {
        var damaged = capture
        for _ in 0..<Int.random(in: 1...4, using: &random) {
          let place = Int.random(in: 0..<damaged.count, using: &random)
          damaged[place] =
            [0, 1, 3, 4, 0x7f, 0x80, 0xff, UInt8.random(in: 0...255, using: &random)].randomElement(
              using: &random) ?? 0
        }
        decodeEverything(Array(damaged.prefix(Int.random(in: 0...damaged.count, using: &random))))
        decodeEverything(damaged)
      }
    }
  }

  /// Every decoder over every message and every attribute, whatever it claims to be; the walks must all end.
  private func decodeEverything(_ datagram: [UInt8]) {
    let span = datagram.span.bytes
    var cursor = MessageCursor()
    var steps = 0
    while let message = cursor.next(in: span) {
      steps += 1
      _ = NetlinkReply(message, in: span)
      _ = LinkRecord(message, in: span)
      _ = AddressRecord(message, in: span)
      _ = RouteRecord(message, in: span)
      _ = Timeouts(message, in: span)
      _ = IPVSInfo(message, in: span)
      decodeAttributes(message.payload, span)
      var attributes = AttributeCursor(message.payload, skipping: genericHeaderSize)
      while let attribute = attributes.next(in: span) {
        steps += 1
        decodeAttributes(attribute.payload, span)
      }
    }
    #expect(steps <= datagram.count)
  }

  private func decodeAttributes(_ payload: Range<Int>, _ span: RawSpan) {
    _ = ServiceRecord(payload, in: span)
    _ = RealServerRecord(payload, in: span, serviceFamily: .ipv6)
    _ = SyncDaemonRecord(payload, in: span)
    _ = ServiceCounters(payload, in: span)
    _ = RealServerCounters(payload, in: span)
    _ = span.string(payload)
  }
}
