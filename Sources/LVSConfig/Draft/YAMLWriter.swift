/// Writes YAML in the one style of cluster files: maps and lists on a line of their own where they are small, and a line
/// for each key or element where not.
struct YAMLWriter {
  /// A value to be written.
  indirect enum Node {
    /// A scalar in its final form.
    case scalar(String)
    case list([Node])
    case map([(key: String, value: Node)])

    /// A text, in quotes where YAML or a reader would take it for something else.
    static func text(_ text: String) -> Node { .scalar(YAMLWriter.quoted(text, isName: true)) }

    /// A number, a word of the cluster file, an address or a port: nothing that is to be a text.
    static func word(_ word: some CustomStringConvertible) -> Node {
      .scalar(YAMLWriter.quoted(word.description, isName: false))
    }

    /// Whether anything in it is a list or a map of more than scalars.
    fileprivate var isNested: Bool {
      switch self {
      case .scalar: false
      case .list(let elements): elements.contains { $0.isMap }
      case .map(let pairs): pairs.contains { $0.value.isNested }
      }
    }

    fileprivate var isMap: Bool {
      if case .map = self { true } else { false }
    }

    fileprivate var isScalar: Bool {
      if case .scalar = self { true } else { false }
    }

    fileprivate var isEmpty: Bool {
      switch self {
      case .scalar: false
      case .list(let elements): elements.isEmpty
      case .map(let pairs): pairs.isEmpty
      }
    }
  }

  /// The longest line that holds a list or a map, in bytes.
  private static let lineLength = 110

  private(set) var text = ""

  /// Writes a key of the file itself.
  mutating func write(_ key: String, _ value: Node, block: Bool) {
    text += key + ":"
    writeValue(value, indentation: 0, isBlock: block)
  }

  /// Leaves a line empty.
  mutating func separate() {
    if !text.isEmpty { text += "\n" }
  }

  /// Writes what follows a key and its colon.
  private mutating func writeValue(_ value: Node, indentation: Int, isBlock: Bool = false) {
    let room = Self.lineLength - indentation - 24
    if !isBlock || value.isEmpty, let flow = Self.flow(value, within: value.isScalar ? .max : room) {
      text += " " + flow + "\n"
      return
    }
    text += "\n"
    writeBlock(value, indentation: indentation + 2)
  }

  /// Writes a collection, a line for each key or element.
  private mutating func writeBlock(_ value: Node, indentation: Int) {
    switch value {
    case .scalar(let scalar): text += scalar + "\n"
    case .list(let elements):
      for element in elements {
        text += String(repeating: " ", count: indentation) + "- "
        writeElement(element, indentation: indentation + 2)
      }
    case .map(let pairs):
      for pair in pairs {
        text += String(repeating: " ", count: indentation) + pair.key + ":"
        writeValue(pair.value, indentation: indentation, isBlock: Self.isBlock(pair.value))
      }
    }
  }

  /// Writes what follows a dash.
  private mutating func writeElement(_ element: Node, indentation: Int) {
    let room = element.isScalar ? .max : Self.lineLength - indentation
    if !element.isNested, let flow = Self.flow(element, within: room) {
      text += flow + "\n"
      return
    }
    guard case .map(let pairs) = element else { return writeBlock(element, indentation: indentation) }
    for (index, pair) in pairs.enumerated() {
      if index > 0 { text += String(repeating: " ", count: indentation) }
      text += pair.key + ":"
      writeValue(pair.value, indentation: indentation, isBlock: Self.isBlock(pair.value))
    }
  }

  /// Lists of maps have a line for each element.
  private static func isBlock(_ value: Node) -> Bool {
    if case .list(let elements) = value { elements.contains { $0.isMap } } else { false }
  }

  /// A value on one line, or nil where it is longer than the room; nothing much longer is ever made.
  private static func flow(_ value: Node, within room: Int) -> String? {
    var text = ""
    return append(value, to: &text, within: room) ? text : nil
  }

  private static func append(_ value: Node, to text: inout String, within room: Int) -> Bool {
    switch value {
    case .scalar(let scalar): text += scalar
    case .list(let elements):
      text += "["
      for (index, element) in elements.enumerated() {
        if index > 0 { text += ", " }
        guard append(element, to: &text, within: room) else { return false }
      }
      text += "]"
    case .map(let pairs):
      text += pairs.isEmpty ? "{" : "{ "
      for (index, pair) in pairs.enumerated() {
        text += (index > 0 ? ", " : "") + pair.key + ": "
        guard append(pair.value, to: &text, within: room) else { return false }
      }
      text += pairs.isEmpty ? "}" : " }"
    }
    return text.utf8.count <= room
  }

  // MARK: Scalars

  /// A text as a scalar, in quotes where it needs them, in lists and maps of either style.
  ///
  /// `isName`: whether a text that YAML takes for a number or a boolean is to be none.
  static func quoted(_ text: String, isName: Bool) -> String {
    let isPlain = text.utf8.first.map(isPlainFirst) == true && text.utf8.allSatisfy(isPlainByte)
    if isPlain, !isNull(text), !isName || !isTyped(text) { return text }
    var quoted = "\""
    for scalar in text.unicodeScalars { append(scalar, to: &quoted) }
    return quoted + "\""
  }

  private static func isPlainFirst(_ byte: UInt8) -> Bool { isPlainByte(byte) && byte != UInt8(ascii: "-") }

  /// Letters, digits and marks that mean nothing in YAML wherever they stand, but for a `-` in front.
  private static func isPlainByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"),
      UInt8(ascii: "/"), UInt8(ascii: "+"):
      true
    default: false
    }
  }

  private static func isNull(_ text: String) -> Bool { text.utf8.count == 4 && text.lowercased() == "null" }

  /// Whether a reader of YAML 1.1 or 1.2 takes a plain text for a boolean, a number or a date.
  private static func isTyped(_ text: String) -> Bool {
    switch text.lowercased() {
    case "true", "false", "yes", "no", "on", "off", "y", "n", ".inf", "+.inf", ".nan": return true
    default: break
    }
    let number = text.first == "+" || text.first == "-" ? text.dropFirst() : Substring(text)
    guard let first = number.utf8.first, isDigit(first) || first == UInt8(ascii: ".") else { return false }
    let rest = number.utf8.dropFirst(2)
    if ["0x", "0o", "0b"].contains(number.prefix(2).lowercased()) { return rest.allSatisfy(isHexDigitOrLine) }
    let parts = number.split(separator: "-", omittingEmptySubsequences: false)
    if parts.count == 3, parts.allSatisfy({ $0.utf8.allSatisfy(isDigit) }) { return true }
    // Digits with `_` between them, at most one point, and an exponent.
    let halves = number.split(maxSplits: 1, omittingEmptySubsequences: false) { $0 == "e" || $0 == "E" }
    let mantissa = halves[0].utf8
    guard mantissa.count(where: { $0 == UInt8(ascii: ".") }) <= 1,
      mantissa.allSatisfy({ isDigit($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "_") })
    else { return false }
    guard halves.count == 2 else { return true }
    let exponent = halves[1].first == "+" || halves[1].first == "-" ? halves[1].dropFirst() : halves[1]
    return exponent.utf8.allSatisfy(isDigit)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

  private static func isHexDigitOrLine(_ byte: UInt8) -> Bool {
    isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte | 0x20) || byte == UInt8(ascii: "_")
  }

  private static func append(_ scalar: Unicode.Scalar, to text: inout String) {
    switch scalar {
    case "\"": text += "\\\""
    case "\\": text += "\\\\"
    case "\n": text += "\\n"
    case "\t": text += "\\t"
    // What does not print, what turns the direction of writing, what is a line break or a mark of the file's beginning.
    case _ where scalar.value < 0x20 || scalar.value == 0x7f || !scalar.isASCII && scalar.isEscaped:
      text += scalar.escape
    default: text.unicodeScalars.append(scalar)
    }
  }
}

extension Unicode.Scalar {
  /// Whether it is written by its number: it does not show as itself.
  fileprivate var isEscaped: Bool {
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .spaceSeparator, .surrogate, .privateUse, .unassigned:
      true
    default: false
    }
  }

  fileprivate var escape: String {
    let digits = String(value, radix: 16, uppercase: true)
    let length = value > 0xffff ? 8 : 4
    return (length == 8 ? "\\U" : "\\u") + String(repeating: "0", count: length - digits.utf8.count) + digits
  }
}
