import LVSText

/// Parts of JSON Schemas, as maps of a document.
enum SchemaPart {
  typealias Members = [(String, JSONText.Value)]

  static func ref(_ name: String) -> JSONText.Value { .object([("$ref", .string("#/$defs/\(name)"))]) }

  static func words(_ words: [String]) -> JSONText.Value {
    .object([("enum", .array(words.map(JSONText.Value.string)))])
  }

  static func const(_ value: JSONText.Value) -> JSONText.Value { .object([("const", value)]) }

  /// A value of a type such as `string`, or of one of several, with further rules.
  static func type(_ types: String..., with members: Members = []) -> JSONText.Value {
    let names = types.map(JSONText.Value.string)
    return .object([("type", names.count == 1 ? names[0] : .array(names))] + members)
  }

  static func integer(_ range: ClosedRange<Int>, with members: Members = []) -> JSONText.Value {
    type("integer", with: [("minimum", .integer(range.lowerBound)), ("maximum", .integer(range.upperBound))] + members)
  }

  static func text(_ pattern: String, with members: Members = []) -> JSONText.Value {
    type("string", with: [("pattern", .string(pattern))] + members)
  }

  static func anyOf(_ forms: [JSONText.Value]) -> JSONText.Value {
    forms.count == 1 ? forms[0] : .object([("anyOf", .array(forms))])
  }

  static func list(_ items: JSONText.Value, atLeast least: Int = 0, isSet: Bool = false, with members: Members = [])
    -> JSONText.Value
  {
    let bounds: Members =
      (least > 0 ? [("minItems", .integer(least))] : []) + (isSet ? [("uniqueItems", .boolean(true))] : [])
    return type("array", with: [("items", items)] + bounds + members)
  }

  /// A map with these keys and no others; those with a `?` at the end may be left out.
  static func map(_ properties: Members, with members: Members = []) -> JSONText.Value {
    let names = properties.map { ($0.0.last == "?" ? String($0.0.dropLast()) : $0.0, $0.1) }
    let required = properties.map(\.0).filter { $0.last != "?" }
    return type(
      "object",
      with: [
        ("properties", .object(names)), ("required", .array(required.map(JSONText.Value.string))),
        ("additionalProperties", .boolean(false)),
      ] + members)
  }

  /// A map of any names to such values.
  static func named(_ values: JSONText.Value, with members: Members = []) -> JSONText.Value {
    type("object", with: [("additionalProperties", values)] + members)
  }

  static func orNull(_ value: JSONText.Value) -> JSONText.Value {
    .object([("oneOf", .array([value, type("null")]))])
  }

  /// The value with what is to be said of it.
  static func described(_ value: JSONText.Value, _ help: String) -> JSONText.Value {
    .object((value.members ?? []) + [("description", .string(help))])
  }

  /// A whole document.
  static func document(_ title: String, _ help: String, _ schema: JSONText.Value, defs: Members) -> JSONText.Value {
    .object(
      [
        ("$schema", .string("https://json-schema.org/draft/2020-12/schema")), ("title", .string(title)),
        ("description", .string(help)),
      ] + (schema.members ?? []) + (defs.isEmpty ? [] : [("$defs", .object(defs))]))
  }

  /// The text of a schema: what fits a line stays on one.
  static func text(of value: JSONText.Value, indent: Int = 0) -> String {
    let line = JSONText.compact(value)
    guard indent + line.count > 100 else { return line }
    let inner = String(repeating: " ", count: indent + 2)
    let (parts, brackets): ([String], (String, String)) =
      switch value {
      case .object(let members):
        (
          members.map { "\(inner)\(JSONText.compact(.string($0.0))): \(text(of: $0.1, indent: indent + 2))" },
          ("{", "}")
        )
      case .array(let items): (items.map { inner + text(of: $0, indent: indent + 2) }, ("[", "]"))
      default: ([], ("", ""))
      }
    guard !parts.isEmpty else { return line }
    return "\(brackets.0)\n\(parts.joined(separator: ",\n"))\n\(String(repeating: " ", count: indent))\(brackets.1)"
  }
}
