extension NodePlan {
  /// The document of `diff --format json` and `apply --format json`.
  public var json: JSONText.Value {
    let summary = plan.summary
    return .object([
      ("format_version", .integer(1)),
      ("cluster", .string(cluster)),
      ("node", .string(node)),
      ("role", .string(role)),
      ("changes", .maps(plan.changes) { $0.json }),
      ("unmanaged", .array(plan.unmanaged.map { .string($0.description) })),
      (
        "summary",
        .object([
          ("create", .integer(summary.create)), ("update", .integer(summary.update)),
          ("delete", .integer(summary.delete)),
        ])
      ),
      ("findings", findings.json),
    ])
  }
}

extension Collection<NodePlan> where Self: Sendable {
  /// The document of a comparison for every node.
  public var json: JSONText.Value {
    .object([("format_version", .integer(1)), ("nodes", .maps(self) { $0.json })])
  }
}

extension Change {
  /// The change as a map of the JSON document.
  public var json: JSONText.Value {
    let fields = fields
    return .object([
      ("action", .string(action.rawValue)),
      ("kind", .string(kind)),
      ("id", .string(id)),
      ("before", fields.before.map(JSONText.Value.init) ?? .null),
      ("after", fields.after.map(JSONText.Value.init) ?? .null),
    ])
  }
}

extension JSONText.Value {
  /// A map of fields in their order.
  public init(_ fields: [Field]) {
    self = .object(fields.map { ($0.name, JSONText.Value($0.value)) })
  }

  /// A field's value.
  public init(_ value: FieldValue) {
    switch value {
    case .absent: self = .null
    case .text(let text): self = .string(text)
    case .integer(let number): self = .integer(number)
    case .boolean(let flag): self = .boolean(flag)
    case .list(let words): self = .array(words.map(JSONText.Value.string))
    case .map(let fields): self = JSONText.Value(fields)
    }
  }
}
