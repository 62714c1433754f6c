extension Finding {
  /// The finding as a map of a JSON document.
  package var json: JSONText.Value {
    .object([
      ("code", .string(code.rawValue)),
      ("severity", .string(severity.rawValue)),
      ("node", node.map(JSONText.Value.string) ?? .null),
      ("subject", .string(subject)),
      ("message", .string(message.text)),
      ("facts", .object(facts.map { ($0.name, .string($0.value)) })),
      ("help", help.map { .string($0.text) } ?? .null),
    ])
  }
}

extension [Finding] {
  /// The list of a JSON document.
  package var json: JSONText.Value { .array(map(\.json)) }
}
