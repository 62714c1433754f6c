import Glibc

/// A JSON value, as `ip -j` and `lvsctl --format json` print it. Integers only: neither prints fractions.
enum JSON: Equatable {
  case null
  case bool(Bool)
  case number(Int)
  case string(String)
  case array([JSON])
  case object([String: JSON])

  /// Reads one JSON document; anything before or after it is an error.
  init(_ text: String) throws {
    var reader = JSONReader(bytes: Array(text.utf8))
    self = try reader.document()
  }

  /// A member of an object; null where there is none.
  subscript(key: String) -> JSON {
    guard case .object(let members) = self else { return .null }
    return members[key] ?? .null
  }

  /// The elements of an array; none where it is no array.
  var elements: [JSON] {
    guard case .array(let elements) = self else { return [] }
    return elements
  }

  var string: String? {
    guard case .string(let text) = self else { return nil }
    return text
  }

  var number: Int? {
    guard case .number(let number) = self else { return nil }
    return number
  }

  var keys: [String] {
    guard case .object(let members) = self else { return [] }
    return members.keys.sorted()
  }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByNilLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  init(stringLiteral value: String) { self = .string(value) }
  init(integerLiteral value: Int) { self = .number(value) }
  init(nilLiteral: ()) { self = .null }
  init(booleanLiteral value: Bool) { self = .bool(value) }
  init(arrayLiteral elements: JSON...) { self = .array(elements) }
  init(dictionaryLiteral members: (String, JSON)...) {
    self = .object(Dictionary(members) { _, last in last })
  }
}

extension JSON: CustomStringConvertible {
  var description: String {
    switch self {
    case .null: "null"
    case .bool(let value): "\(value)"
    case .number(let value): "\(value)"
    case .string(let value): "\"\(value)\""
    case .array(let elements): "[\(elements.map(\.description).joined(separator: ", "))]"
    case .object(let members):
      "{\(members.sorted { $0.key < $1.key }.map { "\"\($0.key)\": \($0.value)" }.joined(separator: ", "))}"
    }
  }
}

/// Text that is not a JSON document of integers.
struct NotJSON: Error, CustomStringConvertible {
  let description: String
}

/// A reader of RFC 8259, without fractions and exponents, and strict about all else.
private struct JSONReader {
  let bytes: [UInt8]
  var position = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  mutating func document() throws -> JSON {
    let value = try value()
    skipBlanks()
    guard position == bytes.count else { throw fault("there is more after the document") }
    return value
  }

  private mutating func value() throws -> JSON {
    skipBlanks()
    switch peek {
    case UInt8(ascii: "{"): return try object()
    case UInt8(ascii: "["): return try array()
    case UInt8(ascii: "\""): return .string(try text())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return try integer()
    }
  }

  private mutating func object() throws -> JSON {
    var members: [String: JSON] = [:]
    try sequence(closedBy: UInt8(ascii: "}")) { reader in
      reader.skipBlanks()
      let key = try reader.text()
      reader.skipBlanks()
      try reader.expect(UInt8(ascii: ":"))
      guard members.updateValue(try reader.value(), forKey: key) == nil else {
        throw reader.fault("the member \(key) is there twice")
      }
    }
    return .object(members)
  }

  private mutating func array() throws -> JSON {
    var elements: [JSON] = []
    try sequence(closedBy: UInt8(ascii: "]")) { elements.append(try $0.value()) }
    return .array(elements)
  }

  /// Reads what stands between a bracket and its partner, separated by commas.
  private mutating func sequence(closedBy end: UInt8, _ element: (inout JSONReader) throws -> Void) throws {
    position += 1
    skipBlanks()
    if peek == end {
      position += 1
      return
    }
    while true {
      try element(&self)
      skipBlanks()
      if peek == end {
        position += 1
        return
      }
      try expect(UInt8(ascii: ","))
    }
  }

  private mutating func text() throws -> String {
    try expect(UInt8(ascii: "\""))
    var result: [UInt8] = []
    while let byte = peek, byte != UInt8(ascii: "\"") {
      position += 1
      guard byte == UInt8(ascii: "\\") else {
        guard byte >= 0x20 else { throw fault("a control character stands in a string") }
        result.append(byte)
        continue
      }
      guard let escape = peek else { break }
      position += 1
      switch escape {
      case UInt8(ascii: "n"): result.append(0x0a)
      case UInt8(ascii: "r"): result.append(0x0d)
      case UInt8(ascii: "t"): result.append(0x09)
      case UInt8(ascii: "b"): result.append(0x08)
      case UInt8(ascii: "f"): result.append(0x0c)
      case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): result.append(escape)
      case UInt8(ascii: "u"): result += try escapedUnit()
      default: throw fault("an unknown escape")
      }
    }
    try expect(UInt8(ascii: "\""))
    return String(decoding: result, as: UTF8.self)
  }

  private mutating func escapedUnit() throws -> [UInt8] {
    let digits = String(decoding: bytes[position..<min(position + 4, bytes.count)], as: UTF8.self)
    guard let code = UInt32(digits, radix: 16), let scalar = Unicode.Scalar(code) else {
      throw fault("an escape that is no character")
    }
    position += 4
    return Array(String(Character(scalar)).utf8)
  }

  private mutating func integer() throws -> JSON {
    let start = position
    if peek == UInt8(ascii: "-") { position += 1 }
    while let byte = peek, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
    guard let number = Int(String(decoding: bytes[start..<position], as: UTF8.self)) else {
      throw fault("no value stands here")
    }
    return .number(number)
  }

  private mutating func word(_ word: String, _ value: JSON) throws -> JSON {
    for byte in word.utf8 { try expect(byte) }
    return value
  }

  private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipBlanks() {
    while let byte = peek, [0x20, 0x09, 0x0a, 0x0d].contains(byte) { position += 1 }
  }

  private mutating func expect(_ byte: UInt8) throws {
    guard peek == byte else { throw fault("expected \(Character(Unicode.Scalar(byte)))") }
    position += 1
  }

  private func fault(_ what: String) -> NotJSON {
    NotJSON(
      description: "not JSON at byte \(position): \(what): \(String(decoding: bytes.prefix(2000), as: UTF8.self))")
  }
}
