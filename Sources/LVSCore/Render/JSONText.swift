/// Writes JSON with keys in the order in which they are given.
///
/// Two-space indentation; what holds no list of maps stays on one line.
public struct JSONText {
  /// A JSON value.
  public indirect enum Value: Equatable, Sendable {
    /// `null`.
    case null
    /// A string.
    case string(String)
    /// A whole number.
    case integer(Int)
    /// An unsigned whole number, for 64-bit counters.
    case unsigned(UInt64)
    /// `true` or `false`.
    case boolean(Bool)
    /// A list.
    case array([Value])
    /// A map with its keys in order.
    case object([(String, Value)])

    public static func == (a: Value, b: Value) -> Bool { JSONText.compact(a) == JSONText.compact(b) }
  }

  /// The value over several lines, without a newline at its end.
  public static func pretty(_ value: Value) -> String {
    var text = ""
    write(value, indent: 0, spread: true, to: &text)
    return text
  }

  /// The value on one line.
  public static func compact(_ value: Value) -> String {
    var text = ""
    write(value, indent: 0, spread: false, to: &text)
    return text
  }

  private static func write(_ value: Value, indent: Int, spread: Bool, to text: inout String) {
    switch value {
    case .null: text += "null"
    case .integer(let number): text += String(number)
    case .unsigned(let number): text += String(number)
    case .boolean(let flag): text += flag ? "true" : "false"
    case .string(let string): writeString(string, to: &text)
    case .array(let items):
      write(items.lazy.map { (nil, $0) }, in: ("[", "]"), indent: indent, spread: spread && isDeep(value), to: &text)
    case .object(let members):
      write(
        members.lazy.map { ($0, $1) }, in: ("{", "}"), indent: indent, spread: spread && isDeep(value), to: &text)
    }
  }

  private static func write(
    _ items: some Collection<(String?, Value)>, in brackets: (String, String), indent: Int, spread: Bool,
    to text: inout String
  ) {
    text += brackets.0
    var isFirst = true
    for (key, item) in items {
      if !isFirst { text += "," }
      if spread {
        text += "\n"
        text += String(repeating: "  ", count: indent + 1)
      } else if !isFirst || key != nil {
        text += " "
      }
      if let key {
        writeString(key, to: &text)
        text += ": "
      }
      write(item, indent: indent + 1, spread: spread, to: &text)
      isFirst = false
    }
    if spread && !isFirst {
      text += "\n"
      text += String(repeating: "  ", count: indent)
    } else if !isFirst && brackets.0 == "{" {
      text += " "
    }
    text += brackets.1
  }

  /// Whether a value goes over several lines: it is, or holds below it, a list of maps.
  private static func isDeep(_ value: Value) -> Bool {
    switch value {
    case .array(let items):
      if case .object = items.first { true } else { false }
    case .object(let members): members.contains { isDeep($0.1) }
    default: false
    }
  }

  /// Everything that a terminal would not show as itself is escaped, not only what JSON asks for: the document stays the
  /// same, and is safe to look at.
  private static func writeString(_ string: String, to text: inout String) {
    text += "\""
    if string.utf8.allSatisfy({ (0x20..<0x7f).contains($0) && $0 != 0x22 && $0 != 0x5c }) {
      text += string
    } else {
      for scalar in string.unicodeScalars { write(scalar, to: &text) }
    }
    text += "\""
  }

  private static func write(_ scalar: Unicode.Scalar, to text: inout String) {
    switch scalar {
    case "\"": text += "\\\""
    case "\\": text += "\\\\"
    case "\n": text += "\\n"
    case "\t": text += "\\t"
    case "\r": text += "\\r"
    case " "..<"\u{7f}": text.unicodeScalars.append(scalar)
    default:
      guard Printable.changes(scalar) else { return text.unicodeScalars.append(scalar) }
      for unit in UTF16.encode(scalar) ?? UTF16.EncodedScalar() {
        text += "\\u" + String(unit, radix: 16).padded(to: 4)
      }
    }
  }
}
