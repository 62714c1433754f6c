import Glibc

/// A clock that no one can set.
public enum Monotonic {
  /// Seconds since the machine started, standby included.
  public static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_BOOTTIME, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// Lets so many seconds pass, or fewer where a signal comes: a pause between two looks at what nothing tells of.
  public static func pause(_ seconds: Double) { poll(nil, 0, Int32(clamping: Int((seconds * 1000).rounded(.up)))) }
}

/// The time by which something that is waited for has to be there.
public struct Deadline: Sendable {
  /// On the clock of ``Monotonic``.
  public var time: Double

  /// So many seconds from now.
  public init(after seconds: Double) { time = Monotonic.now + seconds }

  /// At a time of ``Monotonic``.
  public init(at time: Double) { self.time = time }

  /// The seconds that are left, 0 where none are.
  public var rest: Double { max(0, time - Monotonic.now) }

  /// Whether none are.
  public var isOver: Bool { Monotonic.now >= time }
}
