import Glibc
import LVSSystem
import Synchronization

/// Sees what all machines of a network send, from its beginning to its end: who says that it holds an address, and who
/// answers. A frame that comes in by a port of a switch was sent by the machine whose cable is in it.
public final class Watch: Sendable {
  /// A machine said that an address is at a hardware address.
  public struct Claim: Sendable, Hashable {
    /// How it said so.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
      /// It answered a question of ARP.
      case arpReply
      /// It announced itself: gratuitous ARP, request or reply.
      case arpAnnouncement
      /// It asked for another address, from this one: those who hear that take it for a claim (arp_announce is against
      /// that).
      case arpQuestion
      /// It advertised itself, asked or not (RFC 4861).
      case neighbourAdvertisement
    }

    /// The machine that sent it.
    public var machine: String
    public var address: String
    /// `52:54:00:12:34:56`.
    public var hardwareAddress: String
    /// When, on the clock of ``Monotonic``.
    public var seconds: Double
    public var kind: Kind
  }

  /// Packets of one flow that a machine sent: the second segments of TCP handshakes, and any of UDP and SCTP, questions too.
  public struct Reply: Sendable, Hashable {
    /// The machine that sent the frames, which in front of a director is the director.
    public var machine: String
    public var transport: Transport
    public var sourceAddress: String
    public var sourcePort: UInt16
    public var destinationAddress: String
    public var destinationPort: UInt16
    /// How many there were.
    public var packets: Int
  }

  /// What the thread and its user share.
  private final class Shared: Sendable {
    let sightings: Mutex<Sightings>

    init(_ tap: sending PortTap) { sightings = Mutex(Sightings(tap)) }
  }

  private let shared: Shared
  private let rounds: StoppableThread

  /// Begins to see; from its return on nothing is missed.
  public init(_ network: Network) throws {
    let shared = Shared(
      try PortTap(network, filter: FrameFilter.program, fromMachinesOnly: true, longest: FrameFilter.longest))
    self.shared = shared
    // Whoever asks takes what has come by then; this only keeps the room from filling.
    rounds = try StoppableThread(every: 0.2) { shared.sightings.withLock { $0.take() } }
  }

  /// Ends it; what was seen stays.
  public func stop() { if rounds.stop() { shared.sightings.withLock { $0.end() } } }

  /// What was claimed so far, in order.
  public func claims() -> [Claim] {
    shared.sightings.withLock { sightings in
      sightings.take()
      return sightings.claims
    }
  }

  /// The flows that were seen so far, in the order of their first packets.
  public func replies() -> [Reply] { replies(since: 0) }

  /// A mark after what was sent so far, for ``replies(since:)``.
  public func mark() -> Int { shared.sightings.withLock { $0.mark() } }

  /// The flows that were seen since a mark, with the packets since then.
  public func replies(since mark: Int) -> [Reply] { shared.sightings.withLock { $0.replies(since: mark) } }

  /// How many frames were not seen because there was no room for them.
  public var lost: Int {
    shared.sightings.withLock { sightings in
      sightings.take()
      return sightings.lost
    }
  }

  /// How many claims and packets were seen and not kept: so many different ones nobody wants to know of.
  public var forgotten: Int { shared.sightings.withLock { $0.forgotten } }
}

/// What a watch has seen.
private struct Sightings {
  /// Packets that are counted together.
  private struct Flow: Hashable {
    let machine: String
    let transport: Transport
    let ends: [UInt8]
  }

  /// Claims, and flows: some minutes of either in a large cluster.
  private static let most = 1 << 16

  private(set) var claims: [Watch.Claim] = []
  private(set) var lost = 0
  private(set) var forgotten = 0
  private var replies: [Watch.Reply] = []
  /// Where the flows since the last mark are.
  private var places: [Flow: Int] = [:]
  private var tap: PortTap?

  init(_ tap: sending PortTap) { self.tap = tap }

  /// Takes what has come.
  mutating func take() {
    guard let tap else { return }
    let offset = Self.offset
    tap.forEachFrame { frame in
      guard let sighting = Sighting(Array(frame.bytes)) else { return }
      switch sighting {
      case .claim(let kind, let address, let hardwareAddress):
        guard claims.count < Self.most else {
          forgotten += 1
          return
        }
        let seconds = Double(frame.time.tv_sec) + Double(frame.time.tv_nsec) / 1e9 + offset
        claims.append(
          Watch.Claim(
            machine: frame.machine, address: address, hardwareAddress: hardwareAddress, seconds: seconds, kind: kind))
      case .packet(let transport, let source, let destination, let ports):
        note(Flow(machine: frame.machine, transport: transport, ends: Array(source) + destination + ports))
      }
    }
    lost = tap.lost
  }

  /// Takes what has come, and then no more.
  mutating func end() {
    take()
    tap = nil
  }

  mutating func mark() -> Int {
    take()
    places = [:]
    return replies.count
  }

  mutating func replies(since mark: Int) -> [Watch.Reply] {
    take()
    // A flow is there once for each mark in between.
    var folded: [Watch.Reply] = []
    var places: [Watch.Reply: Int] = [:]
    for reply in replies[min(mark, replies.count)...] {
      var flow = reply
      flow.packets = 0
      if let place = places[flow] {
        folded[place].packets += reply.packets
      } else {
        places[flow] = folded.count
        folded.append(reply)
      }
    }
    return folded
  }

  private mutating func note(_ flow: Flow) {
    if let place = places[flow] {
      replies[place].packets += 1
    } else if replies.count < Self.most {
      places[flow] = replies.count
      replies.append(Self.reply(flow))
    } else {
      forgotten += 1
    }
  }

  private static func reply(_ flow: Flow) -> Watch.Reply {
    let length = (flow.ends.count - 4) / 2
    let ports = flow.ends.suffix(4).map(UInt16.init)
    return Watch.Reply(
      machine: flow.machine, transport: flow.transport, sourceAddress: Sighting.text(flow.ends[..<length]),
      sourcePort: ports[0] << 8 | ports[1], destinationAddress: Sighting.text(flow.ends[length..<2 * length]),
      destinationPort: ports[2] << 8 | ports[3], packets: 1)
  }

  /// From the time since the epoch to that of ``Monotonic``.
  private static var offset: Double {
    let time = WallClock.now
    return Monotonic.now - Double(time.tv_sec) - Double(time.tv_nsec) / 1e9
  }
}
