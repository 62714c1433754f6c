extension JSONText {
  /// The value of a JSON text (RFC 8259), or nil where it is none: see ``JSONSyntax`` for what is refused.
  ///
  /// Every value becomes one of its own, so this is for short documents. A number that is not whole, or does not fit 64
  /// bits, is none of lvsctl's, and its document is not read.
  public static func value(of bytes: [UInt8]) -> Value? {
    do {
      return try JSONPart.read(bytes) { (part) throws(JSONFault) in try value(of: part) }
    } catch {
      return nil
    }
  }

  private static func value(of part: JSONPart) throws(JSONFault) -> Value {
    var part = part
    return try value(of: &part)
  }

  private static func value(of part: inout JSONPart) throws(JSONFault) -> Value {
    if part.isNull { return .null }
    if let flag = part.flag { return .boolean(flag) }
    if let name = part.name { return .string(name.string(in: part.bytes)) }
    if part.isObject {
      let bytes = part.bytes
      var members: [(String, Value)] = []
      try part.forEachMember { (name, part) throws(JSONFault) in
        members.append((name.string(in: bytes), try value(of: &part)))
      }
      return .object(members)
    }
    if part.isArray {
      var items: [Value] = []
      try part.forEachElement { (part) throws(JSONFault) in items.append(try value(of: &part)) }
      return .array(items)
    }
    guard let number = part.wholeNumber else { throw part.fault("is not a whole number of 64 bits") }
    if let number = Int(exactly: number) { return .integer(number) }
    guard let number = UInt64(exactly: number) else { throw part.fault("is not a whole number of 64 bits") }
    return .unsigned(number)
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
    switch self {
    case .integer(let number): Number(exactly: number)
    case .unsigned(let number): Number(exactly: number)
    default: nil
    }
  }

  /// The elements of a list.
  public var elements: [JSONText.Value]? {
    switch self {
    case .array(let items): return items
    case .maps(let maps):
      var items: [JSONText.Value] = []
      maps.forEach { items.append($0) }
      return items
    default: return nil
    }
  }

  /// The members of a map.
  public var members: [(String, JSONText.Value)]? {
    if case .object(let members) = self { members } else { nil }
  }
}
