/// Writes JSON with keys in the order in which they are given.
///
/// Two-space indentation; what holds no list of maps stays on one line.
public struct JSONText {
  /// A JSON value.
  public enum Value: Equatable, Sendable {
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
    /// A list of maps that are made while it is written.
    case maps(Maps)
    /// A map with its keys in order.
    case object([(String, Value)])

    /// A list of one map for each item, which is never there as a whole.
    public static func maps<Items: Collection & Sendable>(
      _ items: Items, _ map: @escaping @Sendable (Items.Element) -> Value
    ) -> Value {
      .maps(Maps(isEmpty: items.isEmpty) { body in for item in items { body(map(item)) } })
    }

    public static func == (a: Value, b: Value) -> Bool { JSONText.compact(a) == JSONText.compact(b) }
  }

  /// Maps that are made one by one.
  public final class Maps: Sendable {
    fileprivate let isEmpty: Bool
    /// Makes each of them.
    let forEach: @Sendable ((Value) -> Void) -> Void

    fileprivate init(isEmpty: Bool, _ forEach: @escaping @Sendable ((Value) -> Void) -> Void) {
      self.isEmpty = isEmpty
      self.forEach = forEach
    }
  }

  /// The value over several lines, without a newline at its end.
  public static func pretty(_ value: Value) -> String { TextSink.text { writePretty(value, to: &$0) } }

  /// The value on one line.
  public static func compact(_ value: Value) -> String { TextSink.text { writeCompact(value, to: &$0) } }

  /// Writes the value over several lines, without a newline at its end.
  public static func writePretty(_ value: Value, to sink: inout TextSink) {
    write(value, indent: 0, spread: true, to: &sink)
  }

  /// Writes the value as a document of its own: over several lines, each with a newline at its end.
  public static func writeDocument(_ value: Value, to sink: inout TextSink) {
    writePretty(value, to: &sink)
    sink.write("\n")
  }

  /// Writes the value on one line.
  public static func writeCompact(_ value: Value, to sink: inout TextSink) {
    write(value, indent: 0, spread: false, to: &sink)
  }

  private static func write(_ value: Value, indent: Int, spread: Bool, to sink: inout TextSink) {
    switch value {
    case .null: sink.write("null")
    case .integer(let number): sink.write(String(number))
    case .unsigned(let number): sink.write(String(number))
    case .boolean(let flag): sink.write(flag ? "true" : "false")
    case .string(let string): sink.add { writeString(string, to: &$0) }
    case .array(let items):
      var list = Items("[", "]", indent: indent, spread: spread && isDeep(value), to: &sink)
      for item in items { list.write(item, to: &sink) }
      list.end(&sink)
    case .maps(let maps):
      var list = Items("[", "]", indent: indent, spread: spread && isDeep(value), to: &sink)
      maps.forEach { list.write($0, to: &sink) }
      list.end(&sink)
    case .object(let members):
      var list = Items("{", "}", indent: indent, spread: spread && isDeep(value), to: &sink)
      for (key, item) in members { list.write(item, key: key, to: &sink) }
      list.end(&sink)
    }
  }

  /// What stands between two brackets.
  private struct Items {
    private let closing: String
    private let indent: Int
    private let spread: Bool
    private var isEmpty = true

    init(_ opening: String, _ closing: String, indent: Int, spread: Bool, to sink: inout TextSink) {
      self.closing = closing
      self.indent = indent
      self.spread = spread
      sink.write(opening)
    }

    mutating func write(_ item: Value, key: String? = nil, to sink: inout TextSink) {
      sink.add { text in
        if !isEmpty { text += "," }
        if spread {
          text += "\n"
          text += String(repeating: "  ", count: indent + 1)
        } else if !isEmpty || key != nil {
          text += " "
        }
        guard let key else { return }
        JSONText.writeString(key, to: &text)
        text += ": "
      }
      JSONText.write(item, indent: indent + 1, spread: spread, to: &sink)
      isEmpty = false
    }

    func end(_ sink: inout TextSink) {
      sink.add { text in
        if spread && !isEmpty {
          text += "\n"
          text += String(repeating: "  ", count: indent)
        } else if !isEmpty && closing == "}" {
          text += " "
        }
        text += closing
      }
    }
  }

  /// Whether a value goes over several lines: it is, or holds below it, a list of maps.
  private static func isDeep(_ value: Value) -> Bool {
    switch value {
    case .array(let items):
      if case .object = items.first { true } else { false }
    case .maps(let maps): !maps.isEmpty
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
      guard !Printable.shows(scalar) else { return text.unicodeScalars.append(scalar) }
      for unit in UTF16.encode(scalar) ?? UTF16.EncodedScalar() {
        text += "\\u" + String(unit, radix: 16).padded(to: 4)
      }
    }
  }
}
