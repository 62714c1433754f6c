import Glibc

/// What is waited for: keys, signals, the end of a reader, sockets, time. One poll(2) waits for all of it.
///
/// A watch waits for keys and signals, a drain for held signals, a confirmation for those and a socket.
public struct Events {
  /// What has come.
  public enum Event: Hashable, Sendable {
    /// The time has passed.
    case time
    /// The bytes of keys, as many as have come: those of one that sends several come together.
    case keys([UInt8])
    /// A signal. One that is held back stays so, and comes again with the next wait.
    case signal(Int32)
    /// Nobody reads any more what is written.
    case end
    /// This descriptor can be read from, or has failed.
    case readable(Int32)
  }

  private let signals: SignalPipe?
  private let held: HeldSignals?
  private let heldDescriptor: OwnedDescriptor?
  private var keys: Int32
  private let reader: Int32
  private let sockets: [Int32]

  /// A wait that a signal which is held back does not end looks for it this often, in seconds.
  private static let look = 0.25

  /// Events of these kinds: signals that come through a pipe, signals that are held back, keys of a terminal, the end of
  /// whoever reads a descriptor, descriptors that can be read.
  public init(
    signals: SignalPipe? = nil, held: HeldSignals? = nil, keys: Int32? = nil, reader: Int32? = nil,
    sockets: [Int32] = []
  ) {
    self.signals = signals
    self.held = held
    heldDescriptor = held.map { OwnedDescriptor($0.descriptor) }
    // poll passes over a negative descriptor.
    self.keys = keys ?? -1
    self.reader = reader ?? -1
    self.sockets = sockets
  }

  /// The first of them to come; `.time` when the time has passed and nothing else has come.
  ///
  /// What has come is told even where no time is left: a look that takes longer than the interval must not make a watch
  /// deaf.
  public mutating func next(until deadline: Deadline) -> Event {
    while true {
      let rest = deadline.rest
      let time = held != nil && heldDescriptor?.number == -1 ? min(rest, Self.look) : rest
      // Without an event to wait for poll still tells of an error: a pipe whose reader has gone.
      var polled = [
        Self.polled(signals?.descriptor ?? -1), Self.polled(heldDescriptor?.number ?? -1), Self.polled(keys),
        pollfd(fd: reader, events: 0, revents: 0),
      ]
      for socket in sockets { polled.append(Self.polled(socket)) }
      // Rounded up: a poll of 0 milliseconds before the deadline would spin.
      let count = poll(&polled, nfds_t(polled.count), Int32(clamping: Int((time * 1000).rounded(.up))))
      if count > 0 {
        if polled[0].revents != 0, let number = signals?.next() { return .signal(number) }
        if polled[3].revents & Int16(POLLERR | POLLHUP | POLLNVAL) != 0 { return .end }
        if polled[2].revents != 0, let bytes = readKeys() { return .keys(bytes) }
      }
      if let held, count <= 0 || polled[1].revents != 0, let number = held.waiting { return .signal(number) }
      if count > 0, let socket = polled[4...].first(where: { $0.revents != 0 }) { return .readable(socket.fd) }
      if rest <= 0 { return .time }
    }
  }

  private static func polled(_ descriptor: Int32) -> pollfd {
    pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
  }

  private mutating func readKeys() -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: 256)
    let count = bytes.withUnsafeMutableBytes { readNext(keys, $0) }
    if count > 0 { return Array(bytes.prefix(count)) }
    keys = -1
    return nil
  }

  /// A descriptor that is closed with the last of those who wait on it.
  private final class OwnedDescriptor {
    let number: Int32
    init(_ number: Int32) { self.number = number }
    deinit { if number >= 0 { close(number) } }
  }
}
