/// A length of time as people write it: seconds, as in `90`, or numbers with their units, as in `90s`, `5m` and `1h30m`.
///
/// The units are `d`, `h`, `m` and `s`, the larger one first and each of them once. A number that stands alone may have a
/// fraction, as in `0.5` and `1.5s`.
public struct WrittenTime: Equatable, Sendable {
  /// Its length in seconds.
  public var seconds: Double
  /// Whether it is written with a fraction.
  public var hasFraction: Bool

  /// Longer texts are no time.
  private static let textLimit = 32

  private static let units: [(letter: UInt8, seconds: Double)] = [
    (UInt8(ascii: "d"), 86_400), (UInt8(ascii: "h"), 3600), (UInt8(ascii: "m"), 60), (UInt8(ascii: "s"), 1),
  ]

  /// nil where the text is no such time.
  public init?(_ text: String) {
    var rest = Array(text.utf8)[...]
    guard !rest.isEmpty, rest.count <= Self.textLimit else { return nil }
    var units = Self.units[...]
    var isFirst = true
    seconds = 0
    hasFraction = false
    while !rest.isEmpty {
      guard !hasFraction, let number = Number(&rest) else { return nil }
      guard isFirst || !number.hasFraction else { return nil }
      hasFraction = number.hasFraction
      guard let letter = rest.popFirst() else {
        // Without a unit it stands for seconds, and alone: who writes 1h30 may mean minutes.
        guard isFirst else { return nil }
        seconds = number.times(1)
        return
      }
      guard let index = units.firstIndex(where: { $0.letter == letter }) else { return nil }
      seconds += number.times(units[index].seconds)
      units = units[(index + 1)...]
      isFirst = false
    }
  }

  /// Decimal digits, with a point among them or in front where there is a fraction.
  private struct Number {
    private var digits = 0.0
    private var scale = 1.0
    let hasFraction: Bool

    /// The number at the beginning of a text, which it is taken from; nil where there is none.
    init?(_ text: inout ArraySlice<UInt8>) {
      let whole = Self.takeDigits(&text)
      var fraction: ArraySlice<UInt8> = []
      hasFraction = text.first == UInt8(ascii: ".")
      if hasFraction {
        text.removeFirst()
        fraction = Self.takeDigits(&text)
        if fraction.isEmpty { return nil }
      }
      if whole.isEmpty && fraction.isEmpty { return nil }
      for digit in whole + fraction { digits = digits * 10 + Double(digit - UInt8(ascii: "0")) }
      for _ in fraction { scale *= 10 }
    }

    private static func takeDigits(_ text: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
      let digits = text.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      text = text[digits.endIndex...]
      return digits
    }

    /// So many times the number; divided last, since a tenth has no binary fraction.
    func times(_ count: Double) -> Double { digits * count / scale }
  }
}

extension WrittenTime {
  /// What was probably meant by a text that is no time: words for units and blanks between them are common, as in `5 min`;
  /// nil where it is not clear.
  public static func meant(by text: String) -> String? {
    guard text.utf8.count <= textLimit else { return nil }
    let words = [
      ("d", ["days", "day"]), ("h", ["hours", "hour", "hrs", "hr"]), ("m", ["minutes", "minute", "mins", "min"]),
      ("s", ["seconds", "second", "secs", "sec"]),
    ]
    var plain = text.lowercased().filter { $0 != " " }
    for (letter, names) in words { for name in names { plain = plain.replacing(name, with: letter) } }
    return WrittenTime(plain) == nil ? nil : plain
  }

  /// The time without a fraction, as in `90m` for `1.5h`; nil where it is no whole number of seconds, or a very large one.
  public var wholeText: String? {
    seconds == seconds.rounded() && seconds < 1e15 ? WrittenTime.text(of: Int(seconds)) : nil
  }

  /// A whole number of seconds in the fewest words: `90`, `5m`, `7d`.
  public static func text(of seconds: Int) -> String {
    guard let unit = units.first(where: { seconds.isMultiple(of: Int($0.seconds)) }), seconds > 0, unit.seconds > 1
    else {
      return "\(seconds)"
    }
    return "\(seconds / Int(unit.seconds))\(Character(Unicode.Scalar(unit.letter)))"
  }

  /// The seconds of a time that was asked for within a range of whole seconds or fractions; throws what to write in its
  /// place.
  public static func seconds(_ text: String, in range: ClosedRange<Double>) throws(BadTime) -> Double {
    guard let time = WrittenTime(text), range.contains(time.seconds) else { throw BadTime(text, range: range) }
    return time.seconds
  }
}

/// Why a text is not taken for a time.
public struct BadTime: Error, MessageConvertible {
  /// What to write: the end of a sentence that has said what was found.
  public var message: Message

  init(_ text: String, range: ClosedRange<Double>) {
    let least: Message = range.lowerBound == 0 ? "0" : "\(range.lowerBound)"
    let most = WrittenTime.text(of: Int(range.upperBound))
    message = "write seconds such as 90, or a time such as 90s, 5m or 1h30m, from \(least) to \(most)."
    if WrittenTime(text) == nil, let meant = WrittenTime.meant(by: text) { message += " Did you mean \(meant)?" }
  }
}
