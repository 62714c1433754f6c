import CNetlink
import Glibc
import LVSKernel

/// A kernel that gives the answers of an input, whatever the table of services should be by it.
final class ReplayedKernel: NetlinkTransport {
  /// What can be asked.
  enum Request: UInt8, CaseIterable {
    case links, addresses, routes, services, realServers, daemons, config, info, fou

    /// The request of a message by its type and, for generic netlink, its command.
    init?(type: UInt16, command: UInt8) {
      switch (Int32(type), Int(command)) {
      case (Int32(RTM_GETLINK), _): self = .links
      case (Int32(RTM_GETADDR), _): self = .addresses
      case (Int32(RTM_GETROUTE), _): self = .routes
      case (ReplayedKernel.fou, _): self = .fou
      case (_, IPVS_CMD_GET_SERVICE): self = .services
      case (_, IPVS_CMD_GET_DEST): self = .realServers
      case (_, IPVS_CMD_GET_DAEMON): self = .daemons
      case (_, IPVS_CMD_GET_CONFIG): self = .config
      case (_, IPVS_CMD_GET_INFO): self = .info
      default: return nil
      }
    }
  }

  private static let ipvs: Int32 = 28
  fileprivate static let fou: Int32 = 29

  let port: UInt32 = 4711
  let receiveCapacity = 1 << 20
  let sendCapacity = 1 << 20
  private var answers: [Request: [[UInt8]]] = [:]
  private var waiting: [[UInt8]] = []
  private var next = 0

  init(_ input: [UInt8]) {
    var rest = input[...]
    while rest.count >= 3 {
      let head = Array(rest.prefix(3))
      rest = rest.dropFirst(3)
      let length = min(rest.count, Int(head[1]) | Int(head[2]) << 8)
      let request = Request.allCases[Int(head[0]) % Request.allCases.count]
      answers[request, default: []].append(Array(rest.prefix(length)))
      rest = rest.dropFirst(length)
    }
  }

  func send(_ bytes: RawSpan) throws(TransportError) {
    waiting = []
    next = 0
    let sent = bytes.withUnsafeBytes { Array($0) }
    Self.forEachMessage(in: sent) { offset in answer(sent, at: offset) }
  }

  func receive(_ body: (RawSpan) -> Void) throws(TransportError) {
    guard next < waiting.count else { throw TransportError(errno: ETIMEDOUT) }
    let datagram = waiting[next]
    next += 1
    body(datagram.span.bytes)
  }

  private func answer(_ sent: [UInt8], at offset: Int) {
    let type = UInt16(sent[offset + 4]) | UInt16(sent[offset + 5]) << 8
    let flags = Int32(sent[offset + 6]) | Int32(sent[offset + 7]) << 8
    let sequence = Array(sent[offset + 8..<offset + 12])
    if Int32(type) == NLMSG_NOOP { return waiting.append(message(NLMSG_ERROR, sequence, Self.success)) }
    if Int32(type) == GENL_ID_CTRL {
      let isIPVS = sent[offset...].contains(Array("IPVS".utf8))
      let number: [UInt8] = [1, 2, 0, 0, 6, 0, 1, 0, UInt8(isIPVS ? Self.ipvs : Self.fou), 0, 0, 0]
      waiting += [message(GENL_ID_CTRL, sequence, number), message(NLMSG_ERROR, sequence, Self.success)]
      return
    }
    let command = offset + 16 < sent.count ? sent[offset + 16] : 0
    if let request = Request(type: type, command: command) {
      waiting += (answers[request] ?? []).map { addressed($0, sequence) }
    }
    waiting.append(
      flags & NLM_F_DUMP == NLM_F_DUMP
        ? message(NLMSG_DONE, sequence, [0, 0, 0, 0]) : message(NLMSG_ERROR, sequence, Self.success))
  }

  /// An acknowledgement: no error, and room for the header that it is about.
  private static let success = [UInt8](repeating: 0, count: 20)

  private func message(_ type: Int32, _ sequence: [UInt8], _ payload: [UInt8]) -> [UInt8] {
    Self.bytes(UInt32(16 + payload.count)) + Self.bytes(UInt16(type)) + [0, 0] + sequence + Self.bytes(port) + payload
  }

  /// A datagram whose messages are answers to a request; otherwise none of them would be looked at.
  private func addressed(_ datagram: [UInt8], _ sequence: [UInt8]) -> [UInt8] {
    var datagram = datagram
    Self.forEachMessage(in: datagram) { offset in
      datagram.replaceSubrange(offset + 8..<offset + 12, with: sequence)
      datagram.replaceSubrange(offset + 12..<offset + 16, with: Self.bytes(port))
    }
    return datagram
  }

  /// The places of the messages of a datagram, as far as their lengths lead.
  private static func forEachMessage(in bytes: [UInt8], _ body: (Int) -> Void) {
    var offset = 0
    while offset + 16 <= bytes.count {
      body(offset)
      let length = bytes[offset..<offset + 4].reversed().reduce(0) { $0 << 8 | Int($1) }
      offset += max(16, (length + 3) & ~3)
    }
  }

  private static func bytes(_ number: some FixedWidthInteger) -> [UInt8] { withUnsafeBytes(of: number) { Array($0) } }
}
