import LVSText

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
