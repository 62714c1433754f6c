extension JSONText {
  /// The value of a JSON text, or nil where it is none; read as the subset of YAML that JSON is.
  public static func value(of bytes: [UInt8]) -> Value? {
    let reading = YAMLReading(SourceText(bytes))
    guard reading.isComplete, !reading.faults.hasErrors else { return nil }
    return reading.tape.isJSON ? value(at: 0, on: reading.tape) : nil
  }

  private static func value(at index: Int, on tape: YAMLTape) -> Value {
    let node = tape[index]
    switch node.kind {
    case .sequence:
      var items: [Value] = []
      items.reserveCapacity(Int(node.count))
      tape.forEachElement(of: index) { items.append(value(at: $0, on: tape)) }
      return .array(items)
    case .mapping:
      var members: [(String, Value)] = []
      tape.forEachPair(of: index) { members.append((tape.string($0), value(at: $1, on: tape))) }
      return .object(members)
    case .scalar:
      let text = tape.string(index)
      if node.isQuoted { return .string(text) }
      if tape.isNull(index) { return .null }
      if text == "true" || text == "false" { return .boolean(text == "true") }
      return Int(text).map(Value.integer) ?? .string(text)
    case .alias, .faulty: return .null
    }
  }
}

extension YAMLTape {
  /// Whether the document does without what JSON does not have: aliases, and keys that are lists or maps.
  fileprivate var isJSON: Bool {
    nodes.indices.allSatisfy { index in
      guard nodes[index].kind == .mapping else { return nodes[index].kind != .alias }
      var hasPlainKeys = true
      forEachPair(of: index) { key, _ in if nodes[key].kind != .scalar { hasPlainKeys = false } }
      return hasPlainKeys
    }
  }
}

extension JSONText.Value {
  /// The member of a map by its key.
  public subscript(key: String) -> JSONText.Value? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.0 == key }?.1
  }

  /// The text of a string.
  public var text: String? {
    if case .string(let text) = self { text } else { nil }
  }

  /// A whole number that fits.
  public func number<Number: FixedWidthInteger>(_ type: Number.Type = Number.self) -> Number? {
    if case .integer(let number) = self { Number(exactly: number) } else { nil }
  }

  /// The elements of a list.
  public var elements: [JSONText.Value]? {
    if case .array(let items) = self { items } else { nil }
  }

  /// The members of a map.
  public var members: [(String, JSONText.Value)]? {
    if case .object(let members) = self { members } else { nil }
  }
}
