/// When a question is due: at beats that are one interval apart, and a little earlier or later each time.
///
/// The beats are what the next one is counted from: no wobble and no lateness adds up, and servers that were asked in one
/// moment do not stay together.
struct Rhythm {
  /// How much earlier or later than at the beat, at most, as a part of the interval.
  static let wobble = 0.05

  /// Seconds from beat to beat.
  let interval: Double
  /// When the question was due last, or is for the first time, in seconds on the clock of `Monotonic`.
  private(set) var beat: Double

  /// A rhythm that begins at a time.
  init(every interval: Int, from beat: Double) {
    self.interval = Double(max(1, interval))
    self.beat = beat
  }

  /// Goes on to the first beat that lies after a time: those that were missed are left out, and not made up for.
  mutating func advance(past time: Double) {
    beat += interval
    if beat <= time { beat += ((time - beat) / interval).rounded(.down) * interval + interval }
  }

  /// When the question is due, by a number from 0 to 1.
  func due(_ part: Double) -> Double { beat + (part * 2 - 1) * Self.wobble * interval }

  /// The same question every so many seconds: at its beat where that is not further away than one interval is now.
  func changed(to interval: Int, at time: Double, _ part: Double) -> Rhythm {
    let next = Rhythm(every: interval, from: beat)
    return beat <= time + next.interval ? next : Rhythm(every: interval, from: time + part * next.interval)
  }
}
