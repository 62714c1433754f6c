import CNetlink
import Glibc

@testable import LVSKernel

/// A kernel made of a closure: it is given each message that arrives and says what to answer.
final class FakeTransport: NetlinkTransport {
  let port: UInt32 = 4711
  var receiveCapacity = 1 << 20
  var sendCapacity = 1 << 20
  /// How many messages each datagram held, without the fence at its end.
  private(set) var sends: [Int] = []
  /// Datagrams that wait to be read.
  var waiting: [[UInt8]] = []
  /// What a read with nothing to read fails with.
  var emptyError = ETIMEDOUT
  /// What a send fails with, if it does.
  var sendError: CInt?
  /// Answers to a message, as datagrams; the message's index counts from 0 over all sends, without fences.
  var answer: (NetlinkMessage, Int) -> [[UInt8]] = { _, _ in [] }

  /// Answers to a message whose attributes count, as datagrams; in the place of `answer` where there is one.
  var reading: ((NetlinkMessage, RawSpan) -> [[UInt8]])?

  private var received = 0

  func send(_ bytes: RawSpan) throws(TransportError) {
    if let sendError { throw TransportError(errno: sendError) }
    var cursor = MessageCursor()
    var count = 0
    while let message = cursor.next(in: bytes) {
      waiting += reading?(message, bytes) ?? answer(message, received)
      if message.isFence { continue }
      received += 1
      count += 1
    }
    sends.append(count)
  }

  func receive(_ body: (RawSpan) -> Void) throws(TransportError) {
    guard !waiting.isEmpty else { throw TransportError(errno: emptyError) }
    let datagram = waiting.removeFirst()
    body(datagram.span.bytes)
  }

  /// A whole message to this socket.
  func reply(type: CInt, flags: CInt = 0, to sequence: UInt32, port: UInt32? = nil, payload: [UInt8] = []) -> [UInt8] {
    var message: [UInt8] = []
    func append(_ number: some FixedWidthInteger) { withUnsafeBytes(of: number) { message.append(contentsOf: $0) } }
    append(UInt32(16 + payload.count))
    append(UInt16(type))
    append(UInt16(flags))
    append(sequence)
    append(port ?? self.port)
    return message + payload
  }

  /// NLMSG_ERROR: a refusal with an errno, or an acknowledgement with 0; the request's header stands behind the code.
  func error(_ code: CInt, to sequence: UInt32, words: String? = nil) -> [UInt8] {
    var payload = withUnsafeBytes(of: -code) { Array($0) } + [UInt8](repeating: 0, count: 16)
    guard let words else { return reply(type: NLMSG_ERROR, flags: NLM_F_CAPPED, to: sequence, payload: payload) }
    let text = Array(words.utf8) + [0]
    payload += [UInt8(4 + text.count), 0, 1, 0] + text
    while payload.count % 4 != 0 { payload.append(0) }
    return reply(type: NLMSG_ERROR, flags: NLM_F_CAPPED | NLM_F_ACK_TLVS, to: sequence, payload: payload)
  }

  /// NLMSG_DONE.
  func done(to sequence: UInt32, flags: CInt = 0) -> [UInt8] {
    reply(type: NLMSG_DONE, flags: NLM_F_MULTI | flags, to: sequence, payload: [0, 0, 0, 0])
  }

  /// Answers as a kernel does that refuses some messages: a refusal always, an acknowledgement where one is asked for.
  func refuse(_ refused: [Int: CInt]) {
    answer = { [unowned self] message, index in
      if let code = refused[index], !message.isFence { return [error(code, to: message.sequence)] }
      return message.flags & UInt16(NLM_F_ACK) != 0 ? [error(0, to: message.sequence)] : []
    }
  }
}

extension NetlinkMessage {
  /// Whether it is the message that ends a send.
  var isFence: Bool { CInt(type) == NLMSG_NOOP }
}
