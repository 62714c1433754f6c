import CNetlink
import Glibc
import LVSModel
import LVSSystem

/// Another machine that holds an address this one would take.
public struct AddressHolder: Hashable, Sendable {
  /// The address, and the interface behind which it was found.
  public var id: AddressID
  /// The hardware address that answered, six bytes.
  public var hardwareAddress: [UInt8]

  /// `52:54:00:12:34:56`.
  public var hardwareText: String {
    hardwareAddress.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined(separator: ":")
  }
}

/// Asks network segments who holds some addresses: all at once, in three rounds, with one wait for all of them.
struct SegmentProbe {
  /// When the rounds after the first begin, in seconds from the start: a single packet may be lost.
  private static let laterRounds = [0.12, 0.24]
  /// When silence is taken for an answer. A machine on the link answers within milliseconds.
  private static let patience = 0.4
  /// How long answers for further addresses are waited for once one has come, and any after the first round: with very
  /// many addresses the asking itself takes time.
  private static let grace = 0.08
  /// Packets that are looked at between two looks at the clock; a flood of them does not hold the command.
  private static let batch = 512

  private struct Key: Hashable {
    var interface: UInt32
    var address: IPAddress
  }

  private let questions: [(id: AddressID, probe: AddressProbe)]
  private let asked: [Key: AddressID]
  /// Hardware addresses of this machine: its other ports on the same segment answer too.
  private let own: Set<[UInt8]>
  private let sockets: [(family: AddressFamily, socket: PacketSocket)]

  /// Prepares questions for addresses on interfaces that are up, and where machines answer; nil for none.
  init?(_ ids: [AddressID], among links: [LinkRecord]) throws(SystemError) {
    let byName = Dictionary(links.map { ($0.name, $0) }) { first, _ in first }
    questions = ids.compactMap { id in
      guard let link = byName[id.interface], link.resolvesAddresses, link.isRunning else { return nil }
      return (id, AddressProbe(for: id.address, on: link))
    }
    if questions.isEmpty { return nil }
    asked = Dictionary(
      questions.map { (Key(interface: $0.probe.link.index, address: $0.id.address), $0.id) }
    ) { first, _ in first }
    own = Set(links.map(\.hardwareAddress))
    var sockets: [(AddressFamily, PacketSocket)] = []
    for family in AddressFamily.allCases where questions.contains(where: { $0.id.address.family == family }) {
      let socket =
        switch family {
        case .ipv4: try PacketSocket(protocol: UInt16(ETH_P_ARP))
        case .ipv6: try PacketSocket(protocol: UInt16(ETH_P_IPV6), filter: AddressClaim.advertisementFilter)
        }
      sockets.append((family, socket))
    }
    self.sockets = sockets
  }

  /// Who answers, by address; empty where nobody does within a fraction of a second.
  func holders() throws(SystemError) -> [AddressHolder] {
    let start = Monotonic.now
    var end = start + Self.patience
    var found: [AddressID: AddressHolder] = [:]
    var arrivals = Events(sockets: sockets.map(\.socket.descriptor))
    try ask(into: &found)
    let roundTime = Monotonic.now - start
    end = max(end, start + roundTime + Self.grace)
    // A round that would not come to its end is none.
    var rounds = Self.laterRounds.filter { start + $0 + roundTime < end }[...]
    while true {
      let hadNone = found.isEmpty
      try collect(into: &found)
      let now = Monotonic.now
      if hadNone && !found.isEmpty { end = min(end, now + Self.grace) }
      if now >= end || found.count == asked.count { break }
      if found.isEmpty, let round = rounds.first, now >= start + round {
        rounds.removeFirst()
        try ask(into: &found)
        continue
      }
      let next = found.isEmpty ? rounds.first.map { start + $0 } ?? end : end
      _ = arrivals.next(until: Deadline(at: min(next, end)))
    }
    return found.values.sorted { $0.id < $1.id }
  }

  private func ask(into found: inout [AddressID: AddressHolder]) throws(SystemError) {
    for (number, (id, probe)) in questions.enumerated() {
      guard let socket = sockets.first(where: { $0.family == id.address.family })?.socket else { continue }
      try socket.send(probe.packet, to: probe.destination, on: probe.link)
      // Answers wait in the socket's buffer, which has room for some hundred.
      if number % 64 == 63 { try collect(into: &found) }
    }
  }

  private func collect(into found: inout [AddressID: AddressHolder]) throws(SystemError) {
    for (family, socket) in sockets {
      for _ in 0..<Self.batch {
        guard let packet = try socket.receive() else { break }
        let claim =
          family == .ipv4 ? AddressClaim(arp: packet.bytes) : AddressClaim(ipv6: packet.bytes, from: packet.sender)
        guard let claim, !own.contains(claim.hardwareAddress),
          let id = asked[Key(interface: packet.interface, address: claim.address)], found[id] == nil
        else { continue }
        found[id] = AddressHolder(id: id, hardwareAddress: claim.hardwareAddress)
      }
    }
  }
}

extension KernelConnection {
  /// Other machines that hold addresses this one would take, as their segments answer; sorted.
  ///
  /// It takes at most half a second, however many addresses there are; an interface that is down, or has nobody behind it
  /// who could answer, is not asked. Needs CAP_NET_RAW (EPERM) where any is.
  public func otherHolders(of ids: [AddressID]) throws(SystemError) -> [AddressHolder] {
    if ids.isEmpty { return [] }
    let links: [LinkRecord]
    do throws(NetlinkError) {
      links = try self.links()
    } catch {
      throw SystemError(errno: error.errno, subject: error.request, details: error.kernelMessage)
    }
    return try SegmentProbe(ids, among: links)?.holders() ?? []
  }
}

extension LinkRecord {
  /// Whether packets pass: it is up, and so is the cable (IFF_RUNNING, which netdevice(7) calls resources allocated).
  fileprivate var isRunning: Bool { isUp && flags & UInt32(IFF_RUNNING.rawValue) != 0 }
}
