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

  /// The line's text without its colours, in one colour up to a number of columns.
  public func painted(_ ink: Style.Ink, columns wanted: Int) -> TextLine {
    let text = parts.map(\.text).joined()
    return TextLine(text + String(repeating: " ", count: max(0, wanted - columns)), ink)
  }

  /// The line with another one that begins at a column; what would reach it gives way, and `…` says so.
  public func joined(to other: TextLine, at column: Int) -> TextLine {
    var line = self
    if columns >= column { line.parts = first(column - 2) + [Part(text: "…", columns: 1)] }
    line.append(String(repeating: " ", count: max(0, column - line.columns)))
    line.parts += other.parts
    return line
  }

  /// The line in lines of so many columns at most, broken at blanks where there are any, in its first colour.
  public func wrapped(to width: Int) -> [TextLine] {
    if columns <= width || width < 20 { return [self] }
    let text = parts.map(\.text).joined()
    let margin = String(text.prefix { $0 == " " })
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      let longer = line.isEmpty ? margin + word : line + " " + word
      if displayColumns(longer) <= width || line.isEmpty {
        line = longer
        continue
      }
      lines.append(line)
      line = margin + "    " + word
    }
    let ink = parts.first { $0.ink != nil }?.ink
    return (lines + [line]).map { TextLine($0, ink) }
  }

  /// The first parts, as far as they fit some columns.
  private func first(_ columns: Int) -> [Part] {
    var room = max(0, columns)
    var shown: [Part] = []
    for part in parts {
      if part.columns <= room {
        shown.append(part)
        room -= part.columns
        continue
      }
      let text = Printable(part.text).first(room)
      shown.append(Part(text: text, columns: displayColumns(text), ink: part.ink))
      break
    }
    return shown
  }

  /// The line with its colours; with a width, cut there, and `…` in the last column says so.
  public func text(_ style: Style, width: Int = .max) -> String {
    guard columns > width else { return parts.map { style.paint($0) }.joined() }
    let text = first(width - 1).map { style.paint($0) }.joined()
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
