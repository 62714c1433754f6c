extension Finding {
  /// The finding as a map of a document about a node; it has no place in a text there.
  public var json: JSONText.Value {
    .object([
      ("code", .string(code.rawValue)),
      ("severity", .string(severity.rawValue)),
      ("node", node.map(JSONText.Value.string) ?? .null),
      ("subject", subject.map(JSONText.Value.string) ?? .null),
      ("message", .string(message.text)),
      ("facts", .object(facts.map { ($0.name, .string($0.value)) })),
      ("help", help.map { .string($0.text) } ?? .null),
    ])
  }

  /// The finding as a map of a document about a text, such as that of `validate --format json`: with its place, and
  /// without node, subject and facts.
  public var diagnosticJSON: JSONText.Value {
    .object([
      ("code", .string(code.rawValue)),
      ("severity", .string(severity.rawValue)),
      ("message", .string(message.text)),
      ("line", range.map { .integer($0.start.line) } ?? .null),
      ("column", range.map { .integer($0.start.column) } ?? .null),
      ("end_line", range.map { .integer($0.end.line) } ?? .null),
      ("end_column", range.map { .integer($0.end.column) } ?? .null),
      ("help", help.map { .string($0.text) } ?? .null),
    ])
  }
}

extension [Finding] {
  /// The list of a JSON document about a node.
  public var json: JSONText.Value { .array(map(\.json)) }
}
