import CNetlink
import LVSKernel
import LVSModel
import Recordings

/// Answers of the kernel as input: pieces of a request's number, a length of 16 bits and a datagram of that length.
enum NetlinkInput {
  static let words: [[UInt8]] = [
    [0], [0xff, 0xff], [0, 0, 0, 0], [0xff, 0xff, 0xff, 0xff], [4, 0], [3, 0], [8, 0, 1, 0], [0x10, 0, 0, 0],
    [0, 0x80], [0, 0x40], [2, 0], [3, 0, 0, 0], [0x02, 0x00, 0x00, 0x00], [0x0a, 0], [0x7f, 0xff, 0xff, 0xff],
  ]

  /// An input in which a request is answered by a recording.
  static func input(_ answers: [(request: ReplayedKernel.Request, datagram: [UInt8])]) -> [UInt8] {
    answers.flatMap { answer in
      [answer.request.rawValue, UInt8(answer.datagram.count & 0xff), UInt8(answer.datagram.count >> 8)]
        + answer.datagram
    }
  }

  /// Every question that lvsctl asks; what each answer becomes is the reader's own affair, as long as it comes to an end.
  static func complaint(about bytes: [UInt8]) -> String? {
    let replayed = ReplayedKernel(bytes)
    let kernel = KernelConnection { (_) throws(TransportError) in replayed }
    _ = try? kernel.links()
    _ = try? kernel.addresses()
    _ = try? kernel.directRoutes()
    let table = try? kernel.table()
    let services = try? kernel.services(probably: table?.mapValues(\.service) ?? [:])
    _ = try? kernel.services(named: Set((services ?? [:]).keys))
    _ = try? kernel.timeouts()
    _ = try? kernel.syncDaemons()
    _ = try? kernel.info()
    _ = try? kernel.guePorts()
    var query = SurroundingsQuery()
    query.routes = [RouteQuestion(IPAddress(ipv4: 0x0a00_0001))]
    query.gateways = [.ipv4, .ipv6]
    query.readsNeighbours = true
    _ = kernel.surroundings(query)
    return nil
  }
}

/// The list of connections as input.
enum ConnectionsInput {
  static let words = [
    " ", "\n", "TCP", "UDP", "SCTP", "C0A89364", "0050", "ESTABLISHED", "NONE", "ASSURED", ":", "FFFF",
  ]

  static func complaint(about bytes: [UInt8]) -> String? {
    for line in bytes.split(separator: UInt8(ascii: "\n")) { _ = ConnectionTable.Row(line) }
    return nil
  }
}
