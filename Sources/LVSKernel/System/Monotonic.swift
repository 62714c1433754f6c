import Glibc

/// A clock that no one can set.
package enum Monotonic {
  /// Seconds since the machine started, standby included.
  package static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_BOOTTIME, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
