import CNetlink
import Glibc
import Testing

@testable import LVSKernel

struct ConversationTests {
  private let kernel = FakeTransport()

  /// A dump whose messages are folded into their first payload bytes.
  private func dump() throws(NetlinkError) -> [UInt8] {
    var builder = MessageBuilder()
    builder.message(type: 16) { _ in }
    return try NetlinkConversation(kernel).dump(&builder, describing: "list things", into: [UInt8]()) {
      found, bytes, message in
      guard let first: UInt8 = bytes.value(message.payload) else { return false }
      found.append(first)
      return true
    }
  }

  @Test func `a dump is folded over several datagrams up to its end`() throws {
    kernel.answer = { [kernel] message, _ in
      [
        kernel.reply(type: 16, to: message.sequence, payload: [1])
          + [0, 0, 0] + kernel.reply(type: 16, to: message.sequence, payload: [2]),
        kernel.reply(type: 16, to: message.sequence, payload: [3]), kernel.done(to: message.sequence),
      ]
    }
    #expect(try dump() == [1, 2, 3])
  }

  @Test func `answers to earlier requests and to other sockets are ignored`() throws {
    kernel.answer = { [kernel] message, _ in
      [
        kernel.error(EPERM, to: message.sequence &- 1),
        kernel.reply(type: 16, to: message.sequence, port: 9, payload: [9]),
        kernel.reply(type: 16, to: message.sequence, payload: [1]), kernel.done(to: message.sequence),
      ]
    }
    #expect(try dump() == [1])
  }

  @Test func `a dump that a writer interrupted is read again from nothing`() throws {
    kernel.answer = { [kernel] message, index in
      let flags = index < 2 ? NLM_F_DUMP_INTR : 0
      return [
        kernel.reply(type: 16, flags: flags, to: message.sequence, payload: [UInt8(index)]),
        kernel.done(to: message.sequence),
      ]
    }
    #expect(try dump() == [2])
    #expect(kernel.sends.count == 3)
  }

  @Test func `an interruption that only the end of a dump tells of counts`() throws {
    kernel.answer = { [kernel] message, index in
      [kernel.done(to: message.sequence, flags: index == 0 ? NLM_F_DUMP_INTR : 0)]
    }
    #expect(try dump() == [])
    #expect(kernel.sends.count == 2)
  }

  @Test func `a dump that is interrupted each time is an error, not half a table`() {
    kernel.answer = { [kernel] message, _ in [kernel.done(to: message.sequence, flags: NLM_F_DUMP_INTR)] }
    let error = #expect(throws: NetlinkError.self) { try dump() }
    #expect(error?.errno == EAGAIN)
    #expect(error?.request == "list things")
    #expect(kernel.sends.count == NetlinkConversation.dumpAttempts)
  }

  @Test func `a refused dump tells errno, words and request`() {
    kernel.answer = { [kernel] message, _ in [kernel.error(ENOENT, to: message.sequence, words: "no table")] }
    #expect(throws: NetlinkError(errno: ENOENT, kernelMessage: "no table", request: "list things")) { try dump() }
  }

  @Test func `an answer that makes no sense is an error`() {
    kernel.answer = { [kernel] message, _ in
      [kernel.reply(type: 16, to: message.sequence), kernel.done(to: message.sequence)]
    }
    let error = #expect(throws: NetlinkError.self) { try dump() }
    #expect(error?.errno == EBADMSG)
  }

  @Test func `a datagram that is cut short is an error, not the end of the table`() {
    kernel.answer = { [kernel] message, _ in
      [Array(kernel.reply(type: 16, to: message.sequence, payload: [1, 2, 3, 4]).dropLast(2))]
    }
    let error = #expect(throws: NetlinkError.self) { try dump() }
    #expect(error?.errno == EBADMSG)
  }

  @Test func `a kernel that never answers is an error`() {
    let error = #expect(throws: NetlinkError.self) { try dump() }
    #expect(error?.errno == ETIMEDOUT)
  }
}

struct RequestBatchTests {
  private let kernel = FakeTransport()

  /// Requests of so many messages each, of 16 bytes and `padding` more.
  private func send(_ sizes: [Int], padding: Int = 0) throws -> BatchReport {
    var batch = RequestBatch()
    for size in sizes {
      try batch.append { (builder) throws(NetlinkError) in
        for _ in 0..<size {
          builder.message(type: 16) { message in
            for _ in 0..<padding { message.append(UInt8(0)) }
          }
        }
      }
    }
    return NetlinkConversation(kernel).send(&batch) { "request \($0)" }
  }

  @Test func `nothing to do is done`() throws {
    #expect(try send([]).isComplete)
    #expect(kernel.sends.isEmpty)
  }

  @Test func `only the fence behind the messages of a send asks for an acknowledgement`() throws {
    var asked: [UInt16] = []
    kernel.answer = { [kernel] message, _ in
      guard message.flags & UInt16(NLM_F_ACK) != 0 else { return [] }
      asked.append(message.type)
      return [kernel.error(0, to: message.sequence)]
    }
    let report = try send([1, 1, 1])
    #expect(report.isComplete)
    #expect(asked == [UInt16(NLMSG_NOOP)])
    #expect(kernel.sends == [3])
  }

  @Test(arguments: 0..<5) func `a refusal is laid at the door of its request`(refused: Int) throws {
    kernel.refuse([refused: EEXIST])
    let report = try send([1, 1, 1, 1, 1])
    #expect(report.failures.map(\.index) == [refused])
    #expect(report.firstError == NetlinkError(errno: EEXIST, request: "request \(refused)"))
    for other in 0..<5 where other != refused { #expect(report.outcome(of: other) == .done) }
    #expect(!report.isComplete)
  }

  @Test func `several refusals of one send are all reported`() throws {
    kernel.refuse([1: EEXIST, 3: ENOENT])
    let report = try send([1, 1, 1, 1])
    #expect(report.failures.map(\.index) == [1, 3])
    #expect(report.failures.map(\.error.errno) == [EEXIST, ENOENT])
    #expect(report.outcome(of: 2) == .done)
  }

  @Test func `nothing is sent behind a send with a refusal`() throws {
    kernel.receiveCapacity = 2 * NetlinkConversation.answerSize
    kernel.refuse([2: EPERM])
    let report = try send([1, 1, 1, 1, 1, 1])
    #expect(kernel.sends == [2, 2])
    #expect(report.sent == 4)
    #expect(report.outcome(of: 3) == .done)
    #expect(report.outcome(of: 4) == .notSent)
    #expect(report.outcome(of: 5) == .notSent)
  }

  @Test(arguments: [1, 2, 3, 7, 100]) func `no more is in flight than the receive buffer can answer`(window: Int) throws
  {
    kernel.receiveCapacity = window * NetlinkConversation.answerSize
    kernel.refuse([:])
    let report = try send([Int](repeating: 1, count: 20))
    #expect(report.isComplete)
    #expect(kernel.sends.allSatisfy { $0 <= window })
    #expect(kernel.sends.reduce(0, +) == 20)
  }

  @Test func `no send is larger than the send buffer`() throws {
    kernel.sendCapacity = 100
    kernel.refuse([:])
    #expect(try send([1, 1, 1, 1, 1], padding: 20).isComplete)
    #expect(kernel.sends == [2, 2, 1])
  }

  @Test func `the messages of one request go together`() throws {
    kernel.receiveCapacity = 3 * NetlinkConversation.answerSize
    kernel.refuse([:])
    #expect(try send([2, 2, 2]).isComplete)
    #expect(kernel.sends == [2, 2, 2])
  }

  @Test func `a request whose second message is refused tells that the first was done`() throws {
    kernel.refuse([2: ENODEV])
    let report = try send([1, 2, 1])
    #expect(report.outcome(of: 1) == .failed(NetlinkError(errno: ENODEV, request: "request 1"), messagesDone: 1))
  }

  @Test func `what follows a refused message in its request is not a second failure`() throws {
    kernel.refuse([1: ENODEV, 2: EEXIST])
    let report = try send([1, 2])
    #expect(report.failures.count == 1)
    #expect(report.outcome(of: 1) == .failed(NetlinkError(errno: ENODEV, request: "request 1"), messagesDone: 0))
  }

  @Test func `lost answers leave it open what was done`() throws {
    kernel.receiveCapacity = 2 * NetlinkConversation.answerSize
    kernel.emptyError = ENOBUFS
    kernel.answer = { [kernel] message, _ in
      message.isFence && kernel.sends.isEmpty ? [kernel.error(0, to: message.sequence)] : []
    }
    let report = try send([1, 1, 1, 1, 1])
    let lost = NetlinkError(errno: ENOBUFS, request: "request 2")
    #expect(report.interruption == lost)
    #expect(report.outcome(of: 1) == .done)
    #expect(report.outcome(of: 2) == .unknown(lost))
    #expect(report.outcome(of: 3) == .unknown(lost))
    #expect(report.outcome(of: 4) == .notSent)
  }

  @Test func `a send that fails reaches nobody`() throws {
    kernel.sendError = EMSGSIZE
    let report = try send([1, 1])
    #expect(report.interruption?.errno == EMSGSIZE)
    #expect(report.outcome(of: 0) == .notSent)
  }

  @Test func `an answer that cannot be read leaves it open what was done`() throws {
    kernel.answer = { [kernel] message, index in
      index == 1 ? [kernel.reply(type: NLMSG_ERROR, to: message.sequence, payload: [0])] : []
    }
    let report = try send([1, 1])
    #expect(report.interruption?.errno == EBADMSG)
    #expect(report.answered == 0)
  }
}
