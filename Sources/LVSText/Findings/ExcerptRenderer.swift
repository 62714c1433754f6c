/// Puts findings about a text into words, an excerpt and a caret, for a terminal or a log.
public struct ExcerptRenderer {
  private let fileName: String
  private let source: SourceText
  private let showsText: Bool
  private let style: Style

  /// How many columns of a line are shown; a longer one is cut around the caret.
  private static let width = 100
  /// How many of them stay in front of the caret in a line that is cut.
  private static let lead = 40

  /// Creates a renderer for what was found in one text, with excerpts of it where it may be shown.
  public init(fileName: String, source: [UInt8], showsText: Bool = true, usesColor: Bool) {
    self.fileName = Printable(fileName).text
    self.source = SourceText(source)
    self.showsText = showsText
    style = Style(usesColor: usesColor)
  }

  /// The findings one below the other, each with a line feed at its end and a blank line between two.
  public func text(_ findings: [Finding]) -> String {
    findings.map(text).joined(separator: "\n")
  }

  private func text(_ finding: Finding) -> String {
    let ink = finding.severity.heading
    var text = style.paint("\(finding.severity.rawValue)[\(finding.code.rawValue)]", ink)
    text += style.paint(": \(finding.message.text)", .bold) + "\n"
    var gutter = 3
    if let range = finding.range {
      gutter = String(range.start.line).count
      let blank = String(repeating: " ", count: gutter)
      text += "\(blank)\(style.paint("-->", .boldBlue)) \(fileName):\(range.start.line):\(range.start.column)\n"
    }
    if let range = finding.range, showsText {
      let number = String(range.start.line)
      let bar = style.paint("\(String(repeating: " ", count: gutter)) |", .boldBlue)
      let excerpt = excerpt(range)
      text += "\(bar)\n\(style.paint("\(number) |", .boldBlue))\(excerpt.line.isEmpty ? "" : " ")\(excerpt.line)\n"
      text += "\(bar) \(String(repeating: " ", count: excerpt.indent))"
      text += style.paint(String(repeating: "^", count: excerpt.length), ink) + "\n"
    }
    if let help = finding.help {
      let blank = String(repeating: " ", count: gutter)
      text += "\(style.paint("\(blank) =", .boldBlue)) \(style.paint("help", .bold)): \(help.text)\n"
    }
    return text
  }

  // MARK: The excerpt

  /// A line as it is shown, and which columns of it are underlined.
  private struct Excerpt {
    var line: String
    var indent: Int
    var length: Int
  }

  private func excerpt(_ range: SourceRange) -> Excerpt {
    let caret = source.byteOffset(of: range.start)
    let end = range.end.line > range.start.line ? Int.max : source.byteOffset(of: range.end)
    // A character takes at most four bytes, so this is enough for both sides.
    let reach = Self.width * 4
    var start = caret
    while start > 0, caret - start < reach, !source.isBreak(start - 1) { start -= 1 }
    let startsLine = start == 0 || source.isBreak(start - 1)
    var stop = caret
    while stop < source.bytes.count, stop - caret < reach, !source.isBreak(stop) { stop += 1 }
    let endsLine = stop == source.bytes.count || source.isBreak(stop)

    let before = Printable(bytes: slice(start, caret))
    let marked = Printable(bytes: slice(caret, min(stop, max(caret, end))))
    let after = Printable(bytes: slice(min(stop, max(caret, end)), stop))

    let whole = before.columns + marked.columns + after.columns
    let isCutBefore = !startsLine || whole > Self.width && before.columns > Self.lead
    let head = isCutBefore ? "…" + before.last(Self.lead) : before.text
    let indent = isCutBefore ? before.columns(ofLast: Self.lead) + 1 : before.columns
    let room = max(1, Self.width - indent)
    let tail = marked.text + after.text
    let isCutAfter = !endsLine || marked.columns + after.columns > room
    let rest = isCutAfter ? Printable(tail).first(room) + "…" : tail
    return Excerpt(line: head + rest, indent: indent, length: max(1, min(marked.columns, room)))
  }

  private func slice(_ start: Int, _ end: Int) -> ArraySlice<UInt8> {
    let base = source.bytes.startIndex
    return source.bytes[base + min(start, end)..<base + max(start, end)]
  }
}

extension Finding.Severity {
  fileprivate var heading: Style.Ink {
    switch self {
    case .error: .boldRed
    case .warning: .boldYellow
    case .note: .bold
    }
  }
}
