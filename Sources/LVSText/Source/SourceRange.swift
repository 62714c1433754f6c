/// A place in a text: line and column count from 1, the column in characters as an editor counts them.
package struct SourcePosition: Hashable, Sendable, Comparable {
  /// The line, from 1.
  package var line: Int
  /// The column, from 1, in characters.
  package var column: Int

  /// Creates a position.
  package init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  package static func < (a: Self, b: Self) -> Bool { (a.line, a.column) < (b.line, b.column) }
}

/// A stretch of a text; the end is the first position after it.
package struct SourceRange: Hashable, Sendable {
  /// The first character.
  package var start: SourcePosition
  /// The first character after it.
  package var end: SourcePosition

  /// Creates a range.
  package init(start: SourcePosition, end: SourcePosition) {
    self.start = start
    self.end = end
  }
}
