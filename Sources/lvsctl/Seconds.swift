import LVSText

/// How the seconds of an option are read: as a time.
enum Seconds {
  /// A time to wait: nobody can mean more than a week.
  static func toWait(_ text: String) throws(BadTime) -> Double { try WrittenTime.seconds(text, in: 0...604_800) }

  /// A time from one look to the next.
  static func betweenLooks(_ text: String) throws(BadTime) -> Double { try WrittenTime.seconds(text, in: 0.1...86_400) }
}
