import LVSSystem

/// A clock that stands still while nobody listens for answers: what this process does meanwhile, or that it was stopped or
/// its machine was, is not held against a server.
struct AttentiveClock {
  /// How much later than it was to a wait may end, in seconds, before that counts.
  private static let tolerance = 0.2

  /// Seconds for which nobody has listened.
  private(set) var absence = 0.0
  private var left: Double?

  /// Listens again from now on.
  mutating func arrive(at now: Double) {
    if let left { absence += max(0, now - left) }
    left = nil
  }

  /// Listens no more from now on.
  mutating func leave(at now: Double) { left = now }

  /// Takes note that a wait which was to end at a time has ended.
  mutating func wake(at now: Double, planned time: Double) {
    if now - time > Self.tolerance { absence += now - time }
  }

  /// Its time at a time of `Monotonic`.
  func time(at now: Double) -> Double { now - absence }
}
