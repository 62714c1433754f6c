/// A text that is safe on a terminal, and its width there.
///
/// Control characters are shown as their Unicode pictures and others that do not print, or that turn the direction of
/// writing, by their number; a tab takes four columns.
public struct Printable {
  /// The characters with their columns.
  private var pieces: [(text: String, columns: Int)] = []

  /// The text as it is shown.
  public var text: String { pieces.map(\.text).joined() }
  /// How many columns it takes.
  var columns: Int { pieces.reduce(0) { $0 + $1.columns } }

  public init(_ text: String) {
    pieces = text.unicodeScalars.map(Self.piece)
  }

  /// The text of some bytes; what is not UTF-8 is shown as U+FFFD.
  init(bytes: ArraySlice<UInt8>) {
    self.init(String(decoding: bytes, as: UTF8.self))
  }

  /// The last characters that fit some columns.
  func last(_ columns: Int) -> String { pieces.suffix(countOfLast(columns)).map(\.text).joined() }

  /// The columns of the last characters that fit some columns.
  func columns(ofLast columns: Int) -> Int { pieces.suffix(countOfLast(columns)).reduce(0) { $0 + $1.columns } }

  /// The first characters that fit some columns.
  public func first(_ columns: Int) -> String {
    var room = columns
    return pieces.prefix { piece in
      room -= piece.columns
      return room >= 0
    }.map(\.text).joined()
  }

  private func countOfLast(_ columns: Int) -> Int {
    var room = columns
    return pieces.reversed().prefix { piece in
      room -= piece.columns
      return room >= 0
    }.count
  }

  /// Whether a text is shown as it is.
  static func shows(_ text: String) -> Bool { text.isPlainASCII || text.unicodeScalars.allSatisfy(shows) }

  /// Whether a character is shown as it is: it neither controls, formats, turns the direction of writing nor ends a line,
  /// and stands for something.
  static func shows(_ scalar: Unicode.Scalar) -> Bool {
    if (" "..<"\u{7f}").contains(scalar) { return true }
    return switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
    default: true
    }
  }

  private static func piece(_ scalar: Unicode.Scalar) -> (text: String, columns: Int) {
    switch scalar.value {
    case 0x09: return ("    ", 4)
    case 0..<0x20: return (Unicode.Scalar(0x2400 + scalar.value).map(String.init) ?? "?", 1)
    case 0x7f: return ("\u{2421}", 1)
    case 0x20..<0x7f: return (String(scalar), 1)
    // Vowels and final consonants of Hangul written in parts: a terminal draws them into the syllable before.
    case 0x1160...0x11ff, 0xd7b0...0xd7fb: return (String(scalar), 0)
    default: break
    }
    if !shows(scalar) {
      let number = "<U+\(String(scalar.value, radix: 16, uppercase: true).padded(to: 4))>"
      return (number, number.count)
    }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark:
      return (String(scalar), 0)
    default:
      return (String(scalar), isWide(scalar) ? 2 : 1)
    }
  }

  /// Whether a terminal gives a character two columns: the wide and full-width ranges of Unicode's East Asian Width.
  private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.properties.isEmojiPresentation { return true }
    switch scalar.value {
    case 0x1100...0x115f, 0x2e80...0x303e, 0x3041...0x33ff, 0x3400...0x4dbf, 0x4e00...0x9fff, 0xa000...0xa4cf,
      0xa960...0xa97f, 0xac00...0xd7a3, 0xf900...0xfaff, 0xfe30...0xfe6f, 0xff00...0xff60, 0xffe0...0xffe6,
      0x17000...0x18cff, 0x1b000...0x1b2ff, 0x20000...0x3fffd:
      return true
    default:
      return false
    }
  }
}

/// The text as it is shown; most texts are plain, and stay what they are.
public func printable(_ text: String) -> String { text.isPlainASCII ? text : Printable(text).text }

extension String {
  /// Whether every character is of ASCII and prints: the common case, whose width is its length.
  var isPlainASCII: Bool { utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7f } }
}
