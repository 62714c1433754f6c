extension StringProtocol {
  /// The lines without blanks at either end, and without empty ones.
  public var lines: [String] {
    Substring(self).split(separator: "\n").map(\.trimmed).filter { !$0.isEmpty }
  }

  /// The words between blanks.
  public var words: [String] {
    Substring(self).split(whereSeparator: \.isWhitespace).map(String.init)
  }

  /// The text without blanks at either end.
  public var trimmed: String {
    let start = drop(while: \.isWhitespace)
    guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
    return String(start[...last])
  }
}
