/// A line for a terminal that knows how wide it is there.
public struct TextLine: Equatable, Sendable {
  private var parts: [Part] = []

  fileprivate struct Part: Equatable {
    var text: String
    var columns: Int
    var ink: Style.Ink?
  }

  /// A line with a text in a colour; characters that do not print are made visible.
  public init(_ text: String = "", _ ink: Style.Ink? = nil) { append(text, ink) }

  /// How many columns it takes.
  public var columns: Int { parts.reduce(0) { $0 + $1.columns } }

  /// Adds a text in a colour at its end.
  public mutating func append(_ text: String, _ ink: Style.Ink? = nil) {
    if text.isEmpty { return }
    if text.isPlainASCII {
      parts.append(Part(text: text, columns: text.utf8.count, ink: ink))
    } else {
      let shown = Printable(text)
      parts.append(Part(text: shown.text, columns: shown.columns, ink: ink))
    }
  }

  /// The line with its colours; with a width, cut there, and `…` in the last column says so.
  public func text(_ style: Style, width: Int = .max) -> String {
    guard columns > width else { return parts.map { style.paint($0) }.joined() }
    var room = max(0, width - 1)
    var text = ""
    for part in parts {
      if part.columns <= room {
        text += style.paint(part)
        room -= part.columns
        continue
      }
      let shown = Printable(part.text).first(room)
      text += style.paint(Part(text: shown, columns: room, ink: part.ink))
      break
    }
    return width > 0 ? text + "…" : text
  }
}

extension Style {
  fileprivate func paint(_ part: TextLine.Part) -> String {
    guard let ink = part.ink, !part.text.isEmpty else { return part.text }
    return paint(part.text, ink)
  }
}

/// How many columns a text takes on a terminal.
public func displayColumns(_ text: String) -> Int {
  text.isPlainASCII ? text.utf8.count : Printable(text).columns
}
