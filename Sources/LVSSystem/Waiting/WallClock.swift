import Glibc

/// The clock that tells the time of day, and that somebody may set.
public enum WallClock {
  /// The time since the beginning of 1970.
  public static var now: timespec {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return time
  }
}
