import Glibc

/// Why a text is not the JSON document it should be.
public struct JSONFault: Error, Equatable, Sendable {
  /// What is the matter.
  public enum Reason: Equatable, Sendable {
    /// The text is not JSON; what was expected here, and what was found.
    case syntax(expected: String, found: String)
    /// A name is in its map for the second time.
    case repeatedName
    /// A value is not what it should be, in words that follow its name: "is not an address".
    case wrong(String)
    /// A map lacks this name.
    case missing(String)
  }

  /// What is the matter.
  public var reason: Reason
  /// The byte of the text where it is, from 0.
  public var offset: Int

  public init(reason: Reason, offset: Int) {
    self.reason = reason
    self.offset = offset
  }
}

/// Checks that a text is JSON as RFC 8259 has it: UTF-8, no half of a surrogate pair, no name twice in a map, and nested
/// no deeper than ``depthLimit``. A byte order mark in front is passed over, as that standard leaves open.
///
/// Nothing is built on the way but the places of the names in the maps that are open, at eight bytes each.
public struct JSONSyntax {
  /// The deepest nesting: lvsctl's own documents need seven levels.
  public static let depthLimit = 32

  private let bytes: UnsafeBufferPointer<UInt8>
  private var index = 0
  private var names: [JSONName] = []

  /// Checks a text, and gives the place of its value.
  public static func check(_ bytes: UnsafeBufferPointer<UInt8>) throws(JSONFault) -> Int {
    var syntax = JSONSyntax(bytes: bytes)
    if bytes.starts(with: [0xef, 0xbb, 0xbf]) { syntax.index = 3 }
    syntax.skipBlanks()
    let start = syntax.index
    try syntax.value(depth: 0)
    syntax.skipBlanks()
    guard syntax.index == bytes.count else { throw syntax.fault("the end of the text") }
    return start
  }

  private init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  private func fault(_ expected: String, at offset: Int? = nil) -> JSONFault {
    let offset = offset ?? index
    return JSONFault(reason: .syntax(expected: expected, found: Self.words(bytes, at: offset)), offset: offset)
  }

  /// What stands at a byte, in words.
  private static func words(_ bytes: UnsafeBufferPointer<UInt8>, at offset: Int) -> String {
    guard offset < bytes.count else { return "the end of the text" }
    let byte = bytes[offset]
    if byte == UInt8(ascii: "`") { return "a backquote" }
    if byte < 0x20 || byte == 0x7f {
      return "the control character U+\(String(byte, radix: 16, uppercase: true).padded(to: 4))"
    }
    let text = String(decoding: bytes[offset..<min(bytes.count, offset + 4)], as: UTF8.self)
    guard let scalar = text.unicodeScalars.first, scalar != "\u{fffd}" else {
      return "the byte \(String(byte, radix: 16, uppercase: true).padded(to: 2)), which is no UTF-8 there"
    }
    return "`\(Printable(String(scalar)).text)`"
  }

  private mutating func value(depth: Int) throws(JSONFault) {
    guard index < bytes.count else { throw fault("a value") }
    switch bytes[index] {
    case UInt8(ascii: "{"): try object(depth: depth)
    case UInt8(ascii: "["): try array(depth: depth)
    case UInt8(ascii: "\""): _ = try string()
    case UInt8(ascii: "t"): try word("true")
    case UInt8(ascii: "f"): try word("false")
    case UInt8(ascii: "n"): try word("null")
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try number()
    default: throw fault("a value")
    }
  }

  private func checkDepth(_ depth: Int) throws(JSONFault) {
    guard depth < Self.depthLimit else { throw fault("no list or map more than \(Self.depthLimit) deep") }
  }

  private mutating func object(depth: Int) throws(JSONFault) {
    try checkDepth(depth)
    let outer = names.count
    index += 1
    skipBlanks()
    if take(UInt8(ascii: "}")) { return }
    while true {
      guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else { throw fault("a name in quotation marks") }
      names.append(try string())
      skipBlanks()
      guard take(UInt8(ascii: ":")) else { throw fault("a colon") }
      skipBlanks()
      try value(depth: depth + 1)
      skipBlanks()
      if take(UInt8(ascii: "}")) { break }
      guard take(UInt8(ascii: ",")) else { throw fault("a comma or `}`") }
      skipBlanks()
    }
    try checkNames(from: outer)
    names.removeLast(names.count - outer)
  }

  private mutating func array(depth: Int) throws(JSONFault) {
    try checkDepth(depth)
    index += 1
    skipBlanks()
    if take(UInt8(ascii: "]")) { return }
    while true {
      try value(depth: depth + 1)
      skipBlanks()
      if take(UInt8(ascii: "]")) { return }
      guard take(UInt8(ascii: ",")) else { throw fault("a comma or `]`") }
      skipBlanks()
    }
  }

  private mutating func word(_ word: StaticString) throws(JSONFault) {
    let length = word.utf8CodeUnitCount
    guard let base = bytes.baseAddress, index + length <= bytes.count,
      memcmp(base + index, word.utf8Start, length) == 0
    else { throw fault("a value") }
    index += length
  }

  private mutating func number() throws(JSONFault) {
    _ = take(UInt8(ascii: "-"))
    let first = index
    try digits()
    if bytes[first] == UInt8(ascii: "0"), index > first + 1 {
      throw fault("no further digit after a 0 in front", at: first + 1)
    }
    if take(UInt8(ascii: ".")) { try digits() }
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
      try digits()
    }
  }

  private mutating func digits() throws(JSONFault) {
    let start = index
    while index < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[index]) { index += 1 }
    guard index > start else { throw fault("a digit") }
  }

  // MARK: Strings

  private mutating func string() throws(JSONFault) -> JSONName {
    let opening = index
    index += 1
    var isEscaped = false
    while index < bytes.count {
      switch bytes[index] {
      case UInt8(ascii: "\""):
        let name = JSONName(start: opening + 1, end: index, isEscaped: isEscaped)
        index += 1
        return name
      case UInt8(ascii: "\\"):
        isEscaped = true
        try escape()
      case 0x20..<0x80: index += 1
      case 0..<0x20: throw fault("no control character in a string")
      default: try character()
      }
    }
    throw fault("a closing quotation mark")
  }

  /// Goes past a character of more than one byte; the ranges are those of table 3-7 of the Unicode Standard.
  private mutating func character() throws(JSONFault) {
    let first = bytes[index]
    let (length, second): (Int, ClosedRange<UInt8>) =
      switch first {
      case 0xc2...0xdf: (2, 0x80...0xbf)
      case 0xe0: (3, 0xa0...0xbf)
      case 0xed: (3, 0x80...0x9f)
      case 0xe1...0xef: (3, 0x80...0xbf)
      case 0xf0: (4, 0x90...0xbf)
      case 0xf1...0xf3: (4, 0x80...0xbf)
      case 0xf4: (4, 0x80...0x8f)
      default: (0, 0...0)
      }
    guard length > 0, index + length <= bytes.count, second.contains(bytes[index + 1]),
      bytes[(index + 2)..<max(index + 2, index + length)].allSatisfy({ $0 & 0xc0 == 0x80 })
    else { throw fault("UTF-8") }
    index += length
  }

  private mutating func escape() throws(JSONFault) {
    let start = index
    index += 1
    guard index < bytes.count else { throw fault("a closing quotation mark") }
    switch bytes[index] {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
      UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      index += 1
    case UInt8(ascii: "u"):
      index += 1
      let first = try codeUnit()
      guard UTF16.isSurrogate(first) else { return }
      guard UTF16.isLeadSurrogate(first), take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")),
        UTF16.isTrailSurrogate(try codeUnit())
      else { throw fault("the two halves of a surrogate pair", at: start) }
    default: throw fault("one of the letters \" \\ / b f n r t u after a backslash")
    }
  }

  private mutating func codeUnit() throws(JSONFault) -> UInt16 {
    var unit: UInt16 = 0
    for _ in 0..<4 {
      guard index < bytes.count, let digit = hexadecimalDigit(bytes[index]) else {
        throw fault("four hexadecimal digits after \\u")
      }
      unit = unit << 4 | digit
      index += 1
    }
    return unit
  }

  // MARK: Names

  /// Throws where two names of one map are the same, however they are written.
  private mutating func checkNames(from first: Int) throws(JSONFault) {
    guard names.count - first > 1 else { return }
    let repeated = names.withUnsafeMutableBufferPointer { all -> JSONName? in
      var names = UnsafeMutableBufferPointer<JSONName>(rebasing: all[first...])
      if names.count <= 8 { return Self.repeatedOfFew(names, bytes) }
      // What lvsctl writes is in order.
      let isInOrder = (1..<names.count).allSatisfy { names[$0 - 1].precedes(names[$0], in: bytes) }
      if isInOrder { return nil }
      names.sort { a, b in
        a.precedes(b, in: bytes) || !b.precedes(a, in: bytes) && a.start < b.start
      }
      return (1..<names.count).first { names[$0 - 1].equals(names[$0], in: bytes) }.map { names[$0] }
    }
    if let repeated { throw JSONFault(reason: .repeatedName, offset: repeated.start - 1) }
  }

  private static func repeatedOfFew(
    _ names: UnsafeMutableBufferPointer<JSONName>, _ bytes: UnsafeBufferPointer<UInt8>
  ) -> JSONName? {
    for second in 1..<names.count {
      for first in 0..<second where names[first].equals(names[second], in: bytes) { return names[second] }
    }
    return nil
  }

  // MARK: Steps

  private mutating func skipBlanks() {
    while index < bytes.count, isJSONBlank(bytes[index]) { index += 1 }
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard index < bytes.count, bytes[index] == byte else { return false }
    index += 1
    return true
  }
}

/// Whether a byte is a blank between the parts of a JSON text.
public func isJSONBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 }

/// The value of a hexadecimal digit.
public func hexadecimalDigit(_ byte: UInt8) -> UInt16? {
  switch byte {
  case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt16(byte - UInt8(ascii: "0"))
  case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt16(byte - UInt8(ascii: "a") + 10)
  case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt16(byte - UInt8(ascii: "A") + 10)
  default: nil
  }
}

/// Where a string of a JSON text stands: what is between its quotation marks.
public struct JSONName {
  private var first: UInt32
  private var lengthAndMark: UInt32

  public init(start: Int, end: Int, isEscaped: Bool) {
    first = UInt32(truncatingIfNeeded: start)
    lengthAndMark = UInt32(truncatingIfNeeded: end - start) << 1 | (isEscaped ? 1 : 0)
  }

  public var start: Int { Int(first) }
  public var end: Int { start + count }
  /// How many bytes it takes as it is written.
  public var count: Int { Int(lengthAndMark >> 1) }
  /// Whether there is a backslash in it.
  public var isEscaped: Bool { lengthAndMark & 1 != 0 }

  /// Whether it says this word.
  public func equals(_ word: StaticString, in bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let base = bytes.baseAddress else { return false }
    if !isEscaped { return count == word.utf8CodeUnitCount && memcmp(base + start, word.utf8Start, count) == 0 }
    let text = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
    return unescaped(in: bytes).elementsEqual(text)
  }

  public func equals(_ other: JSONName, in bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let base = bytes.baseAddress else { return false }
    guard isEscaped || other.isEscaped else {
      return count == other.count && memcmp(base + start, base + other.start, count) == 0
    }
    return unescaped(in: bytes).elementsEqual(other.unescaped(in: bytes))
  }

  /// Whether it comes before another one in the order of the bytes that they say.
  public func precedes(_ other: JSONName, in bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let base = bytes.baseAddress else { return false }
    guard isEscaped || other.isEscaped else {
      let order = memcmp(base + start, base + other.start, min(count, other.count))
      return order < 0 || order == 0 && count < other.count
    }
    return unescaped(in: bytes).lexicographicallyPrecedes(other.unescaped(in: bytes))
  }

  /// The bytes that it says.
  public func unescaped(in bytes: UnsafeBufferPointer<UInt8>) -> Unescaped {
    Unescaped(bytes: bytes, index: start, end: end)
  }

  /// What it says.
  public func string(in bytes: UnsafeBufferPointer<UInt8>) -> String {
    let written = UnsafeBufferPointer(rebasing: bytes[start..<end])
    guard isEscaped else { return String(decoding: written, as: UTF8.self) }
    // An escape is never shorter than what it stands for.
    return String(unsafeUninitializedCapacity: count) { buffer in
      var length = 0
      for byte in unescaped(in: bytes) {
        buffer[length] = byte
        length += 1
      }
      return length
    }
  }

  /// The bytes of a string that was checked, with its escapes undone one by one.
  public struct Unescaped: Sequence, IteratorProtocol {
    let bytes: UnsafeBufferPointer<UInt8>
    var index: Int
    let end: Int
    /// Bytes of a character that are still to come, the next one lowest.
    private var pending: UInt32 = 0

    init(bytes: UnsafeBufferPointer<UInt8>, index: Int, end: Int) {
      self.bytes = bytes
      self.index = index
      self.end = end
    }

    public mutating func next() -> UInt8? {
      if pending != 0 {
        defer { pending >>= 8 }
        return UInt8(truncatingIfNeeded: pending)
      }
      guard index < end else { return nil }
      let byte = bytes[index]
      index += 1
      guard byte == UInt8(ascii: "\\"), index < end else { return byte }
      let letter = bytes[index]
      index += 1
      switch letter {
      case UInt8(ascii: "b"): return 0x08
      case UInt8(ascii: "f"): return 0x0c
      case UInt8(ascii: "n"): return 0x0a
      case UInt8(ascii: "r"): return 0x0d
      case UInt8(ascii: "t"): return 0x09
      case UInt8(ascii: "u"): break
      default: return letter
      }
      var value = UInt32(codeUnit())
      if UTF16.isLeadSurrogate(UInt16(value)) {
        index += 2
        value = 0x10000 + (value - 0xd800) << 10 + (UInt32(codeUnit()) &- 0xdc00)
      }
      for byte in UTF8.encode(Unicode.Scalar(value) ?? "\u{fffd}")?.reversed() ?? [] {
        pending = pending << 8 | UInt32(byte)
      }
      defer { pending >>= 8 }
      return UInt8(truncatingIfNeeded: pending)
    }

    private mutating func codeUnit() -> UInt16 {
      var unit: UInt16 = 0
      for _ in 0..<4 where index < end {
        unit = unit << 4 | (hexadecimalDigit(bytes[index]) ?? 0)
        index += 1
      }
      return unit
    }
  }
}
