import CNetlink
import Glibc

/// Requests and their answers over one socket, matched by sequence number and port id.
final class NetlinkConversation {
  /// A dump that other writers interrupt is read again so many times in all.
  static let dumpAttempts = 5

  let transport: any NetlinkTransport
  /// How many datagrams the data of the last dump came in.
  ///
  /// What one datagram holds was written under one lock (ip_vs_genl_dump_services, ip_vs_genl_dump_dests); between two of
  /// them the table may have changed, and IPVS does not tell (it leaves cb->seq alone, so NLM_F_DUMP_INTR never comes).
  private(set) var dataDatagrams = 0
  private var sequence: UInt32 = 0

  init(_ transport: any NetlinkTransport) { self.transport = transport }

  /// Sends one dump request and folds its answer: all of it, read without an interruption by a writer.
  ///
  /// `body` returns false for a message that it cannot make sense of.
  func dump<Result>(
    _ builder: inout MessageBuilder, describing request: @autoclosure () -> String, into initial: Result,
    _ body: (inout Result, RawSpan, NetlinkMessage) -> Bool
  ) throws(NetlinkError) -> Result {
    for _ in 0..<Self.dumpAttempts {
      var result = initial
      let wasInterrupted = try converse(&builder, flags: NLM_F_DUMP, describing: request()) { bytes, message in
        body(&result, bytes, message)
      }
      if !wasInterrupted { return result }
    }
    throw NetlinkError(
      errno: EAGAIN, kernelMessage: "the table changed each of \(Self.dumpAttempts) times that it was read",
      request: request())
  }

  /// Sends one plain request, asks for an acknowledgement and folds what comes before it.
  func get<Result>(
    _ builder: inout MessageBuilder, describing request: @autoclosure () -> String, into initial: Result,
    _ body: (inout Result, RawSpan, NetlinkMessage) -> Bool
  ) throws(NetlinkError) -> Result {
    var result = initial
    _ = try converse(&builder, flags: NLM_F_ACK, describing: request()) { bytes, message in
      body(&result, bytes, message)
    }
    return result
  }

  /// One request to its end; true when a writer interrupted the dump.
  private func converse(
    _ builder: inout MessageBuilder, flags: CInt, describing request: @autoclosure () -> String,
    _ body: (RawSpan, NetlinkMessage) -> Bool
  ) throws(NetlinkError) -> Bool {
    let expected = nextSequence()
    builder.number(0, sequence: expected, flags: flags)
    var wasInterrupted = false
    var isUnderstood = true
    var ending: NetlinkReply?
    dataDatagrams = 0
    do throws(TransportError) {
      try transport.send(builder.bytes.span.bytes)
      while ending == nil {
        try transport.receive { bytes in
          var hasData = false
          let isWhole = forEachReply(in: bytes) { message in
            guard message.sequence == expected else { return }
            if message.flags & UInt16(NLM_F_DUMP_INTR) != 0 { wasInterrupted = true }
            switch NetlinkReply(message, in: bytes) {
            case .data:
              hasData = true
              isUnderstood = body(bytes, message) && isUnderstood
            case .nothing: break
            case let reply: ending = ending ?? reply
            }
          }
          if hasData { dataDatagrams += 1 }
          if !isWhole { ending = ending ?? .damaged }
        }
      }
    } catch {
      throw NetlinkError(errno: error.errno, request: request())
    }
    switch ending {
    case .failure(let code, let words): throw NetlinkError(errno: code, kernelMessage: words, request: request())
    case .damaged: isUnderstood = false
    default: break
    }
    guard isUnderstood else {
      throw NetlinkError(errno: EBADMSG, kernelMessage: "the kernel's answer is not understood", request: request())
    }
    return wasInterrupted
  }

  private func nextSequence() -> UInt32 {
    sequence &+= 1
    return sequence
  }

  /// Hands over the messages meant for this socket; false when the datagram is damaged.
  private func forEachReply(in bytes: RawSpan, _ body: (NetlinkMessage) -> Void) -> Bool {
    var cursor = MessageCursor()
    while let message = cursor.next(in: bytes) {
      // Port 0 is what a multicast or a kernel before 2.6 would send; answers carry the asker's port.
      if message.port == transport.port { body(message) }
    }
    return !cursor.isDamaged
  }
}

/// Pipelined requests.
extension NetlinkConversation {
  /// Socket buffer memory that one answer to a refused message takes at most, in bytes.
  ///
  /// netlink_ack() with NETLINK_CAP_ACK allocates the error, the header and the extended ack: below 512 bytes, with
  /// skb_shared_info below 1024; struct sk_buff adds 256. Twice that is allowed for.
  static let answerSize = 2560
  /// Bytes to a send: larger ones gain nothing measurable, and what follows a refused message in its send is tried too.
  static let sendSize = 16 * 1024

  /// How many messages may wait for an answer at one time.
  var window: Int { max(1, transport.receiveCapacity / Self.answerSize) }

  /// Sends requests in order until one is refused that `passes` does not let pass, or all are done.
  ///
  /// The kernel answers only refusals, and questions, whose answers go to `data`; behind the messages of a send stands a
  /// fence, which it acknowledges in any case. Requests behind a refused one are tried when they are in the same send, and
  /// not sent when they are not.
  func send(
    _ batch: inout RequestBatch, describing: (Int) -> String, passes: (Int, NetlinkError) -> Bool = { _, _ in false },
    data: (Int, RawSpan, NetlinkMessage) -> Bool = { _, _, _ in true }
  ) -> BatchReport {
    var report = BatchReport(count: batch.count)
    var first = 0
    var passed = 0
    while first < batch.messageCount, report.interruption == nil {
      let end = endOfSend(batch, from: first)
      sendMessages(first..<end, of: &batch, into: &report, describing, data)
      first = end
      while passed < report.failures.count {
        guard passes(report.failures[passed].index, report.failures[passed].error) else { return report }
        passed += 1
      }
    }
    return report
  }

  /// As many whole requests as fit; one that is larger than that goes alone.
  private func endOfSend(_ batch: RequestBatch, from first: Int) -> Int {
    let limit = batch.builder.offsets[first] + max(1, min(Self.sendSize, transport.sendCapacity))
    let last = min(batch.messageCount, first + window)
    var end = batch.endOfRequest(containing: first)
    while end < last {
      let next = batch.endOfRequest(containing: end)
      if next > last || batch.builder.end(of: next - 1) > limit { break }
      end = next
    }
    return end
  }

  private func sendMessages(
    _ messages: Range<Int>, of batch: inout RequestBatch, into report: inout BatchReport, _ describing: (Int) -> String,
    _ data: (Int, RawSpan, NetlinkMessage) -> Bool
  ) {
    let base = sequence &+ 1
    for message in messages { batch.builder.number(message, sequence: nextSequence(), flags: 0) }
    let requests = batch.owner(of: messages.lowerBound)..<batch.owner(of: messages.upperBound - 1) + 1
    let bytes = batch.builder.offsets[messages.lowerBound]..<batch.builder.end(of: messages.upperBound - 1)
    let fence = nextSequence()
    let datagram = batch.builder.bytes[bytes] + Self.fence(fence)
    do throws(TransportError) {
      try transport.send(datagram.span.bytes)
    } catch {
      // A send that fails has reached no message: netlink_sendmsg copies all before it delivers any.
      report.interruption = NetlinkError(errno: error.errno, request: describing(requests.lowerBound))
      return
    }
    report.sent = requests.upperBound
    var isAnswered = false
    do throws(TransportError) {
      while !isAnswered, report.interruption == nil {
        try transport.receive { bytes in
          let isWhole = forEachReply(in: bytes) { reply in
            if reply.sequence == fence { isAnswered = true }
            let index = Int(reply.sequence &- base)
            guard index < messages.count else { return }
            let message = messages.lowerBound + index
            let meaning = NetlinkReply(reply, in: bytes)
            if meaning == .data, !data(batch.owner(of: message), bytes, reply) {
              report.noteDamage(request: describing(batch.owner(of: message)))
            }
            report.note(meaning, message: message, of: batch, describing)
          }
          if !isWhole { report.noteDamage(request: describing(requests.lowerBound)) }
        }
      }
    } catch {
      // ENOBUFS: the kernel dropped answers. ETIMEDOUT: the fence itself is missing. Who was refused is unknown.
      report.interruption = NetlinkError(errno: error.errno, request: describing(requests.lowerBound))
    }
    if report.interruption == nil { report.answered = requests.upperBound }
  }

  /// A message that does nothing and is acknowledged: NLMSG_NOOP with NLM_F_ACK.
  ///
  /// A last request with NLM_F_ACK would do, were it not that netlink_rcv_skb() leaves a message unanswered whose result
  /// is EINTR, and stopping a sync daemon whose thread has not run yet gives just that (kthread_stop).
  private static func fence(_ sequence: UInt32) -> [UInt8] {
    var builder = MessageBuilder()
    builder.message(type: Int(NLMSG_NOOP), flags: NLM_F_ACK) { _ in }
    builder.number(0, sequence: sequence, flags: 0)
    return builder.bytes
  }
}
