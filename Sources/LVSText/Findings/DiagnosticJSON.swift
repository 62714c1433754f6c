extension Diagnostic {
  /// The diagnostic as a map of `validate --format json`.
  package var json: JSONText.Value {
    .object([
      ("code", .string(code.rawValue)),
      ("severity", .string(severity.rawValue)),
      ("message", .string(printable(message))),
      ("line", range.map { .integer($0.start.line) } ?? .null),
      ("column", range.map { .integer($0.start.column) } ?? .null),
      ("end_line", range.map { .integer($0.end.line) } ?? .null),
      ("end_column", range.map { .integer($0.end.column) } ?? .null),
      ("help", help.map { .string(printable($0)) } ?? .null),
    ])
  }
}
