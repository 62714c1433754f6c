import CNetlink
import Glibc

@testable import LVSKernel

/// What becomes of a message on its way to the kernel.
enum Verdict {
  /// The kernel gets it.
  case pass
  /// The kernel does not get it, and the sender is answered with this errno.
  case refuse(CInt)
  /// The kernel gets it, and then the answers to its send are lost, as when the receive buffer is full.
  case loseAnswer
  /// Neither this message nor anything after it reaches the kernel, as when the sender is killed.
  case cut
}

/// The seam between lvsctl and the kernel, where a test sees every message that would change something.
final class MessageSeam {
  /// How many messages that change something were sent so far, and how many of them by then had been decided on.
  private(set) var count = 0
  /// What the verdict threw, if it did: the test's own trouble.
  private(set) var trouble: (any Error)?
  fileprivate var isCut = false
  private let verdict: (Int) throws -> Verdict

  /// A seam that asks `verdict` about each message, counted from 0, before the kernel gets it and after it has dealt with
  /// all before.
  init(_ verdict: @escaping (Int) throws -> Verdict = { _ in .pass }) { self.verdict = verdict }

  /// A connection to the kernel of the thread's namespace, through this seam.
  var kernel: KernelConnection {
    KernelConnection { (family) throws(TransportError) in
      let number = family == .route ? NETLINK_ROUTE : NETLINK_GENERIC
      return SeamTransport(try NetlinkSocket(protocol: number), family, self)
    }
  }

  fileprivate func next() throws(TransportError) -> Verdict {
    defer { count += 1 }
    do {
      return try verdict(count)
    } catch {
      trouble = error
      throw TransportError(errno: EIO)
    }
  }
}

/// A netlink socket behind a seam. Each message goes alone, which the kernel does not tell from many in one send.
private final class SeamTransport: NetlinkTransport {
  private let socket: NetlinkSocket
  private let family: KernelConnection.Family
  private let seam: MessageSeam
  private var answers: [[UInt8]] = []
  private var losesAnswers = false

  init(_ socket: NetlinkSocket, _ family: KernelConnection.Family, _ seam: MessageSeam) {
    self.socket = socket
    self.family = family
    self.seam = seam
  }

  var port: UInt32 { socket.port }
  var receiveCapacity: Int { socket.receiveCapacity }
  var sendCapacity: Int { socket.sendCapacity }

  func send(_ bytes: RawSpan) throws(TransportError) {
    let copy = bytes.withUnsafeBytes { Array($0) }
    var cursor = MessageCursor()
    while let message = cursor.next(in: bytes) {
      if seam.isCut { throw TransportError(errno: EPIPE) }
      let whole = Array(copy[message.payload.lowerBound - MessageCursor.headerSize..<message.payload.upperBound])
      switch changesSomething(message, copy) ? try seam.next() : .pass {
      case .pass: try socket.send(whole.span.bytes)
      case .refuse(let code): answers.append(refusal(code, of: message.sequence))
      case .loseAnswer:
        try socket.send(whole.span.bytes)
        losesAnswers = true
      case .cut:
        seam.isCut = true
        throw TransportError(errno: EPIPE)
      }
    }
  }

  func receive(_ body: (RawSpan) -> Void) throws(TransportError) {
    if losesAnswers {
      losesAnswers = false
      throw TransportError(errno: ENOBUFS)
    }
    if answers.isEmpty { return try socket.receive(body) }
    let answer = answers.removeFirst()
    body(answer.span.bytes)
  }

  private func changesSomething(_ message: NetlinkMessage, _ bytes: [UInt8]) -> Bool {
    if CInt(message.type) < NLMSG_MIN_TYPE { return false }
    switch family {
    // Of each four message types of rtnetlink the third is the question (rtnetlink.h).
    case .route: return message.type & 3 != 2
    case .ipvs:
      let questions = [
        IPVS_CMD_GET_SERVICE, IPVS_CMD_GET_DEST, IPVS_CMD_GET_DAEMON, IPVS_CMD_GET_CONFIG, IPVS_CMD_GET_INFO,
      ]
      return CInt(message.type) != GENL_ID_CTRL && !questions.contains(Int(bytes[message.payload.lowerBound]))
    }
  }

  /// NLMSG_ERROR with the header of the request behind the code.
  private func refusal(_ code: CInt, of sequence: UInt32) -> [UInt8] {
    var message: [UInt8] = []
    func append(_ number: some FixedWidthInteger) { withUnsafeBytes(of: number) { message.append(contentsOf: $0) } }
    append(UInt32(36))
    append(UInt16(NLMSG_ERROR))
    append(UInt16(NLM_F_CAPPED))
    append(sequence)
    append(port)
    append(-code)
    return message + [UInt8](repeating: 0, count: 16)
  }
}
