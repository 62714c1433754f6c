import Glibc

/// A value of a JSON text that ``JSONSyntax`` has checked: its place, and nothing that is copied.
///
/// What a document says is read where it stands, so that reading takes no memory beside the text and the result.
public struct JSONPart {
  /// The whole text; it outlives the part.
  public let bytes: UnsafeBufferPointer<UInt8>
  /// The first byte of the value.
  public let start: Int
  /// The byte after it, where somebody has found it; else 0.
  private var knownEnd = 0

  public init(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int) {
    self.bytes = bytes
    self.start = start
  }

  /// Checks a text and lets a body read it; the body's parts are not to be kept.
  public static func read<Result>(
    _ bytes: [UInt8], _ body: (JSONPart) throws(JSONFault) -> Result
  ) throws(JSONFault) -> Result {
    let result = bytes.withUnsafeBufferPointer { bytes -> Swift.Result<Result, JSONFault> in
      Swift.Result { () throws(JSONFault) in try body(JSONPart(bytes, at: JSONSyntax.check(bytes))) }
    }
    return try result.get()
  }

  private var first: UInt8 { start < bytes.count ? bytes[start] : 0 }
  public var isObject: Bool { first == UInt8(ascii: "{") }
  public var isArray: Bool { first == UInt8(ascii: "[") }
  public var isString: Bool { first == UInt8(ascii: "\"") }
  public var isNull: Bool { first == UInt8(ascii: "n") }
  /// `true` or `false`, nil for anything else.
  public var flag: Bool? { first == UInt8(ascii: "t") ? true : first == UInt8(ascii: "f") ? false : nil }

  // MARK: Ends

  /// The byte after the value. It never leads beyond the text, also of one that is not whole.
  public var end: Int {
    if knownEnd > 0 { return knownEnd }
    if isString { return Self.endOfString(bytes, from: start) }
    guard isObject || isArray else {
      var index = start
      while index < bytes.count, !isJSONBlank(bytes[index]), !",]}".utf8.contains(bytes[index]) { index += 1 }
      return index
    }
    var depth = 0
    var index = start
    while index < bytes.count {
      switch bytes[index] {
      case UInt8(ascii: "\""):
        index = Self.endOfString(bytes, from: index)
        continue
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth -= 1
        if depth == 0 { return index + 1 }
      default: break
      }
      index += 1
    }
    return index
  }

  private static func endOfString(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    var index = start + 1
    while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
      index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
    }
    return min(index + 1, bytes.count)
  }

  private static func name(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> JSONName {
    var index = start + 1
    var isEscaped = false
    while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
      if bytes[index] == UInt8(ascii: "\\") {
        isEscaped = true
        index += 1
      }
      index += 1
    }
    return JSONName(start: start + 1, end: min(index, bytes.count), isEscaped: isEscaped)
  }

  private func afterBlanks(_ index: Int) -> Int {
    var index = index
    while index < bytes.count, isJSONBlank(bytes[index]) { index += 1 }
    return index
  }

  // MARK: Maps and lists

  /// Calls the body for each name and value of a map; what the body finds out about the value's end is used.
  public mutating func forEachMember(
    _ body: (JSONName, inout JSONPart) throws(JSONFault) -> Void
  ) throws(JSONFault) {
    var index = afterBlanks(start + 1)
    while index < bytes.count, bytes[index] == UInt8(ascii: "\"") {
      let name = Self.name(bytes, from: index)
      // Past the closing quotation mark, and past the colon.
      var value = JSONPart(bytes, at: afterBlanks(afterBlanks(name.end + 1) + 1))
      try body(name, &value)
      index = afterBlanks(value.end)
      guard index < bytes.count, bytes[index] == UInt8(ascii: ",") else { break }
      index = afterBlanks(index + 1)
    }
    knownEnd = min(index + 1, bytes.count)
  }

  /// Calls the body for each element of a list; what the body finds out about the element's end is used.
  public mutating func forEachElement(_ body: (inout JSONPart) throws(JSONFault) -> Void) throws(JSONFault) {
    var index = afterBlanks(start + 1)
    while index < bytes.count, bytes[index] != UInt8(ascii: "]") {
      var element = JSONPart(bytes, at: index)
      try body(&element)
      index = afterBlanks(element.end)
      guard index < bytes.count, bytes[index] == UInt8(ascii: ",") else { break }
      index = afterBlanks(index + 1)
    }
    knownEnd = min(index + 1, bytes.count)
  }

  // MARK: Scalars

  /// The place of a string; nil for anything else.
  public var name: JSONName? { isString ? Self.name(bytes, from: start) : nil }

  /// What a string says; nil for anything else, and for one that is written in more bytes than a limit.
  public func string(atMost limit: Int = .max) -> String? {
    guard let name, name.count <= limit else { return nil }
    return name.string(in: bytes)
  }

  /// A whole number, however it is written: `100`, `100.0` and `1e2` are the same. Nil for anything else, and beyond 64
  /// bits.
  public var wholeNumber: Int128? {
    var index = start
    let isNegative = first == UInt8(ascii: "-")
    if isNegative { index += 1 }
    guard index < bytes.count, let _ = digit(at: index) else { return nil }
    var value: Int128 = 0
    var power = 0
    // Zeros that nothing has followed yet: they count only before a further digit, or before the point.
    var zeros = 0
    var isFraction = false
    while index < bytes.count {
      if bytes[index] == UInt8(ascii: ".") {
        isFraction = true
        index += 1
        continue
      }
      guard let digit = digit(at: index) else { break }
      index += 1
      if isFraction { power -= 1 }
      guard digit > 0 else {
        zeros += 1
        continue
      }
      for _ in 0..<(value == 0 ? 0 : zeros) {
        value *= 10
        guard value < Self.limit else { return nil }
      }
      zeros = 0
      value = value * 10 + Int128(digit)
      guard value < Self.limit else { return nil }
    }
    guard value > 0 else { return 0 }
    power += zeros
    guard let exponent = exponent(at: index) else { return nil }
    let (sum, isBeyond) = power.addingReportingOverflow(exponent)
    guard !isBeyond, (0...20).contains(sum) else { return nil }
    for _ in 0..<sum {
      value *= 10
      guard value < Self.limit else { return nil }
    }
    return isNegative ? -value : value
  }

  private static let limit: Int128 = 1 << 64

  private func digit(at index: Int) -> UInt8? {
    let digit = bytes[index] &- UInt8(ascii: "0")
    return digit < 10 ? digit : nil
  }

  /// The exponent at a place: 0 where there is none, nil for one that leads beyond everything.
  private func exponent(at index: Int) -> Int? {
    guard index < bytes.count, bytes[index] | 0x20 == UInt8(ascii: "e") else { return 0 }
    var index = index + 1
    let isNegative = index < bytes.count && bytes[index] == UInt8(ascii: "-")
    if index < bytes.count, bytes[index] == UInt8(ascii: "-") || bytes[index] == UInt8(ascii: "+") { index += 1 }
    var exponent = 0
    while index < bytes.count, let digit = digit(at: index) {
      exponent = exponent * 10 + Int(digit)
      guard exponent < 1 << 40 else { return nil }
      index += 1
    }
    return isNegative ? -exponent : exponent
  }

  /// What stands there, in words: a list, a map, or the value as it is written.
  public var found: String {
    if isObject { return "a map" }
    if isArray { return "a list" }
    let written = bytes[start..<min(end, start + 240)]
    return "`\(Printable(String(decoding: written, as: UTF8.self).shortened).text)`"
  }
}

/// The members of a map that somebody has asked for, found in one pass over it.
public struct JSONMembers {
  /// The map.
  public let part: JSONPart
  private let names: [StaticString]
  /// Where the values begin, in the order of the names; 0 for one that is not there, or null.
  private var places: [Int]

  /// Finds members by their names; throws where there is no map.
  public init(_ part: inout JSONPart, _ names: [StaticString]) throws(JSONFault) {
    guard part.isObject else { throw part.fault("is not a map") }
    self.names = names
    var places = [Int](repeating: 0, count: names.count)
    let bytes = part.bytes
    try part.forEachMember { (name, value) throws(JSONFault) in
      // What is not asked for is passed over.
      guard !value.isNull, let index = names.firstIndex(where: { name.equals($0, in: bytes) }) else { return }
      places[index] = value.start
    }
    self.places = places
    self.part = part
  }

  /// A member by its name; nil where there is none, or null.
  public subscript(_ name: StaticString) -> JSONPart? {
    let wanted = UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
    let index = names.firstIndex { candidate in
      candidate.utf8CodeUnitCount == wanted.count && memcmp(candidate.utf8Start, name.utf8Start, wanted.count) == 0
    }
    guard let index, places[index] > 0 else { return nil }
    return JSONPart(part.bytes, at: places[index])
  }

  /// A member that must be there.
  public func required(_ name: StaticString) throws(JSONFault) -> JSONPart {
    guard let member = self[name] else { throw JSONFault(reason: .missing("\(name)"), offset: part.start) }
    return member
  }
}

// MARK: Values of lvsctl's documents

extension JSONPart {
  /// A fault of this value, in words that follow its name.
  public func fault(_ what: String) -> JSONFault {
    let found = isNull || isObject || isArray || start >= bytes.count ? "" : ": \(self.found) stands there"
    return JSONFault(reason: .wrong(what + found), offset: start)
  }

  /// The members of a map that are asked for.
  public func fields(_ names: [StaticString]) throws(JSONFault) -> JSONMembers {
    var part = self
    return try JSONMembers(&part, names)
  }

  /// Calls the body for each member of a map.
  public func members(_ body: (String, JSONPart) throws(JSONFault) -> Void) throws(JSONFault) {
    guard isObject else { throw fault("is not a map") }
    var part = self
    try part.forEachMember { (name, value) throws(JSONFault) in try body(name.string(in: bytes), value) }
  }

  /// Calls the body for each element of a list.
  public func elements(_ body: (inout JSONPart) throws(JSONFault) -> Void) throws(JSONFault) {
    guard isArray else { throw fault("is not a list") }
    var part = self
    try part.forEachElement(body)
  }

  public func text() throws(JSONFault) -> String {
    guard let text = string() else { throw fault("is not a text") }
    return text
  }

  public func boolean() throws(JSONFault) -> Bool {
    guard let flag else { throw fault("is neither true nor false") }
    return flag
  }

  /// The most bytes in which a word, a name or an address of the kernel's can be written, each byte as an escape.
  public static let wordLimit = 384

  public func number<Number: FixedWidthInteger>(in range: ClosedRange<Number> = .min...(.max)) throws(JSONFault)
    -> Number
  {
    guard let number = wholeNumber.flatMap({ Number(exactly: $0) }), range.contains(number) else {
      throw fault("is not a number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  public func word<Choice>(_ choices: [Choice], _ word: (Choice) -> String) throws(JSONFault) -> Choice {
    let text = string(atMost: Self.wordLimit)
    guard let text, let choice = choices.first(where: { word($0) == text }) else {
      throw fault("is not one of \(choices.map { "\"\(word($0))\"" }.joined(separator: ", "))")
    }
    return choice
  }
}

// MARK: Faults in words

extension JSONFault {
  /// The fault as a whole sentence about a document, such as "the snapshot", and its place in the text.
  public func described(_ document: String, in bytes: [UInt8]) -> (message: Message, position: SourcePosition) {
    let source = SourceText(bytes)
    let mark = bytes.count - source.bytes.count
    let position = source.position(ofCharacter: source.character(ofByte: max(0, offset - mark)))
    let path = bytes.withUnsafeBufferPointer { bytes in
      reason.isSyntax ? "" : Self.path(to: offset, in: bytes)
    }
    let message: Message =
      switch reason {
      case .syntax(let expected, let found):
        "\(document.capitalizedFirst) is not JSON here: \(expected) was expected, and \(found) was found."
      case .repeatedName: "In \(document), \(path) is there twice."
      case .wrong(let what) where path.isEmpty: "\(document.capitalizedFirst) \(what)."
      case .wrong(let what): "In \(document), \(path) \(what)."
      case .missing(let name): "In \(document), \(path.isEmpty ? "" : "\(path).")\(name) is missing."
      }
    return (message, position)
  }

  /// The way to a value or a name, such as `services[3].real_servers[0].weight`.
  private static func path(to offset: Int, in bytes: UnsafeBufferPointer<UInt8>) -> String {
    var start = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
    while start < bytes.count, isJSONBlank(bytes[start]) { start += 1 }
    var path = ""
    while start != offset, let step = step(from: JSONPart(bytes, at: start), to: offset) {
      path += path.isEmpty && step.words.hasPrefix(".") ? String(step.words.dropFirst()) : step.words
      start = step.start
    }
    return path
  }

  /// The member or element of a value that a byte is in, and where it begins; nil where there is none.
  private static func step(from part: JSONPart, to offset: Int) -> (words: String, start: Int)? {
    var part = part
    var found: (words: String, start: Int)?
    var index = 0
    let isList = part.isArray
    guard isList || part.isObject else { return nil }
    func look(_ words: @autoclosure () -> String, _ start: Int, _ value: JSONPart) {
      if found == nil, (start..<max(start + 1, value.end)).contains(offset) {
        // A byte in the name stands for the member itself.
        found = (words(), offset < value.start ? offset : value.start)
      }
      index += 1
    }
    if isList {
      try? part.forEachElement { (value) throws(JSONFault) in look("[\(index)]", value.start, value) }
    } else {
      let bytes = part.bytes
      try? part.forEachMember { (name, value) throws(JSONFault) in
        look(".\(name.string(in: bytes).shortened)", name.start - 1, value)
      }
    }
    return found
  }
}

extension JSONFault.Reason {
  fileprivate var isSyntax: Bool { if case .syntax = self { true } else { false } }
}
