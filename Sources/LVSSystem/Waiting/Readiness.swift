import CSystem
import Glibc

/// Many descriptors that are waited for (epoll(7)): a wait costs what those that are ready cost, and not what all do.
///
/// A descriptor leaves with its closing; it need not be taken out before.
public final class Readiness {
  /// What a descriptor is ready for.
  public struct Interest: OptionSet, Sendable {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// It can be read from, or is at its end.
    public static let reading = Self(rawValue: EPOLLIN.rawValue)
    /// It can be written to.
    public static let writing = Self(rawValue: EPOLLOUT.rawValue)
    /// It has failed; told without being asked for.
    public static let failure = Self(rawValue: EPOLLERR.rawValue | EPOLLHUP.rawValue)
  }

  /// Can be read, in the eyes of poll(2), once one of them is ready: for whoever waits elsewhere.
  public let descriptor: Int32
  private var events: [epoll_event]

  /// A set of none; at most `batch` are told of at a time.
  public init(batch: Int = 256) throws(SystemError) {
    descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
    events = [epoll_event](repeating: epoll_event(), count: batch)
    if descriptor < 0 { throw SystemError(errno: errno, subject: "epoll") }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Waits for a descriptor from now on, or for other things of it; 0, or an errno.
  public func watch(_ number: Int32, for interest: Interest) -> Int32 {
    var event = epoll_event()
    event.events = interest.rawValue
    event.data.fd = number
    // One that was closed and opened anew has left meanwhile, and the other way round.
    if epoll_ctl(descriptor, EPOLL_CTL_ADD, number, &event) == 0 { return 0 }
    guard errno == EEXIST else { return errno }
    return epoll_ctl(descriptor, EPOLL_CTL_MOD, number, &event) == 0 ? 0 : errno
  }

  /// Waits for a descriptor no more.
  public func forget(_ number: Int32) {
    var event = epoll_event()
    epoll_ctl(descriptor, EPOLL_CTL_DEL, number, &event)
  }

  /// Waits until one of its descriptors or of `others` is ready, or some seconds have passed; gives those of `others` that
  /// can be read from or have failed, and whether some of its own are ready. A signal may end it earlier.
  public func wait(beside others: [Int32], seconds: Double) -> (others: [Int32], isReady: Bool) {
    // The set can be polled like a descriptor itself; whoever closes one of the others need not tell it.
    var polled = [pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)]
    for other in others { polled.append(pollfd(fd: other, events: Int16(POLLIN), revents: 0)) }
    // Rounded up: a poll of 0 milliseconds before the time would spin.
    let count = poll(&polled, nfds_t(polled.count), Int32(clamping: Int((min(seconds, 1e6) * 1000).rounded(.up))))
    guard count > 0 else { return ([], false) }
    return (polled.dropFirst().filter { $0.revents != 0 }.map(\.fd), polled[0].revents != 0)
  }

  /// Tells which of its descriptors are ready, and for what, as many as it tells of at a time.
  public func forEachReady(_ body: (Int32, Interest) -> Void) {
    let count = epoll_wait(descriptor, &events, Int32(events.count), 0)
    for index in 0..<max(0, Int(count)) {
      body(events[index].data.fd, Interest(rawValue: events[index].events))
    }
  }
}
