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
    case boldRed = "1;31"
    case boldYellow = "1;33"
    case boldBlue = "1;34"
    /// Text and background change places.
    case reversed = "7"
  }

  /// The text in a colour where colours are used.
  public func paint(_ text: String, _ ink: Ink) -> String {
    usesColor ? "\u{1b}[\(ink.rawValue)m\(text)\u{1b}[0m" : text
  }
}
