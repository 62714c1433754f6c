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

/// One fault of a cluster file: a fact, which a renderer puts into words and carets.
package struct Diagnostic: Hashable, Sendable {
  /// How bad it is.
  package enum Severity: String, Sendable {
    /// The file cannot be used.
    case error
    /// The file can be used, and the reader should know.
    case warning
  }

  /// What kind of fault it is; `lvsctl validate --explain CODE` tells more.
  package var code: FaultCode
  /// How bad it is.
  package var severity: Severity
  /// One whole sentence: what was found.
  package var message: String
  /// Where, or nil when it concerns the file as a whole.
  package var range: SourceRange?
  /// What to do instead, a whole sentence.
  package var help: String?

  /// Creates a diagnostic.
  package init(
    _ code: FaultCode, severity: Severity = .error, _ message: String, at range: SourceRange? = nil,
    help: String? = nil
  ) {
    self.code = code
    self.severity = severity
    self.message = message
    self.range = range
    self.help = help
  }
}
