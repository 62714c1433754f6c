/// The colours of the terminal, or none.
public struct Style: Sendable {
  /// Whether escape sequences are written.
  public var usesColor: Bool

  /// Creates a style.
  public init(usesColor: Bool) { self.usesColor = usesColor }

  /// The ANSI SGR codes in use; the terminal's own palette decides what they look like.
  public enum Ink: String, Sendable {
    case green = "32"
    case yellow = "33"
    case red = "31"
    case dim = "2"
    case bold = "1"
  }

  /// The text in a colour where colours are used.
  public func paint(_ text: String, _ ink: Ink) -> String {
    usesColor ? "\u{1b}[\(ink.rawValue)m\(text)\u{1b}[0m" : text
  }
}

extension Action {
  /// The symbol of the action in text.
  var symbol: String {
    switch self {
    case .create: "+"
    case .update: "~"
    case .delete: "-"
    }
  }

  /// The colour of the symbol.
  var ink: Style.Ink {
    switch self {
    case .create: .green
    case .update: .yellow
    case .delete: .red
    }
  }
}

extension FieldValue {
  /// The value as text shows it.
  public var text: String {
    switch self {
    case .absent: "none"
    case .text(let text): text
    case .integer(let number): String(number)
    case .boolean(let flag): flag ? "true" : "false"
    case .list(let words): words.isEmpty ? "none" : words.joined(separator: ",")
    case .map(let fields): "{" + fields.map { "\($0.name) \($0.value.text)" }.joined(separator: ", ") + "}"
    }
  }
}

/// `1 change`, `2 changes`: a count with its word.
public func counted(_ count: Int, _ word: String) -> String {
  "\(count) \(word)\(count == 1 ? "" : "s")"
}
