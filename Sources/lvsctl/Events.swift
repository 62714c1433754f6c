import Glibc

/// What a watch waits for: keys, signals, the end of its readers, time. One poll(2) waits for all of it.
struct Events {
  enum Event {
    case time
    case key(Character)
    case signal(Int32)
    /// Nobody reads stdout any more.
    case end
  }

  private let signals: SignalPipe
  private var readsKeys: Bool

  init(signals: SignalPipe, readsKeys: Bool) {
    self.signals = signals
    self.readsKeys = readsKeys
  }

  /// The first of them to come; `.time` when the time has passed and nothing else has come.
  ///
  /// What has come is told even where no time is left: a look that takes longer than the interval must not make a watch
  /// deaf.
  mutating func next(within time: Duration) -> Event {
    let deadline = ContinuousClock().now + time
    while true {
      let rest = ContinuousClock().now.duration(to: deadline)
      // Rounded up: a poll of 0 milliseconds before the deadline would spin.
      let isOver = rest <= .zero
      let milliseconds =
        isOver ? 0 : rest.components.seconds * 1000 + rest.components.attoseconds / 1_000_000_000_000_000 + 1
      var polled = [
        pollfd(fd: signals.descriptor, events: Int16(POLLIN), revents: 0),
        // Without an event to wait for poll still tells of an error: a pipe whose reader has gone.
        pollfd(fd: STDOUT_FILENO, events: 0, revents: 0),
        // A negative descriptor is passed over.
        pollfd(fd: readsKeys ? STDIN_FILENO : -1, events: Int16(POLLIN), revents: 0),
      ]
      if poll(&polled, nfds_t(polled.count), Int32(clamping: milliseconds)) > 0 {
        if polled[0].revents != 0, let number = signals.next() { return .signal(number) }
        if polled[1].revents & Int16(POLLERR | POLLHUP | POLLNVAL) != 0 { return .end }
        if polled[2].revents != 0, let key = readKey() { return .key(key) }
      }
      if isOver { return .time }
    }
  }

  private mutating func readKey() -> Character? {
    var byte: UInt8 = 0
    let count = read(STDIN_FILENO, &byte, 1)
    if count == 1 { return Character(Unicode.Scalar(byte)) }
    if count == 0 || errno != EINTR { readsKeys = false }
    return nil
  }
}
