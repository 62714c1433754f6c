import CYAML
import Glibc
import LVSText

/// Reads the events of libyaml onto a tape; nothing else in the program knows libyaml.
///
/// What YAML allows and a cluster file has no use for is refused here: tags, several documents, merge keys, control
/// characters, deep nesting, and aliases that would unfold to more than the file could say.
struct YAMLReading {
  /// The deepest nesting a cluster file is read at; its own form needs six levels.
  static let depthLimit = 32
  /// The most nodes a file may have: some twenty thousand services with ten real servers each.
  static let nodeLimit = 2_000_000

  /// The document.
  private(set) var tape = YAMLTape()
  /// The faults found on the way, and later those of the reader of the tape.
  var faults: FaultCollector
  /// Whether there is a whole document on the tape.
  private(set) var isComplete = false

  private let source: SourceText
  private let nodeLimit: Int
  private var open: [Collection] = []
  private var anchors: [String: Anchor] = [:]
  /// The first of their names in file order, as many as could be compared with an unknown one.
  private var anchorNames: [String] = []
  private var openAnchors: Set<String> = []
  private var largestAlias: (node: Int, size: UInt64)?
  private var rootUnfolded: UInt64?

  /// A collection whose end has not come yet.
  private struct Collection {
    var node: Int
    var anchor: String?
    /// The number of its nodes once every alias in it is unfolded.
    var unfolded: UInt64 = 1
  }

  private struct Anchor {
    var node: Int
    var unfolded: UInt64
  }

  /// Why reading stopped before the end; the fault has been recorded.
  private struct Stop: Error {}

  /// Reads a text as one YAML document.
  init(_ source: SourceText, nodeLimit: Int = YAMLReading.nodeLimit) {
    self.source = source
    self.nodeLimit = nodeLimit
    faults = FaultCollector(source: source)
    do throws(Stop) {
      try checkDirectives()
      try read()
      try checkUnfoldedSize()
      isComplete = true
    } catch {
      // The fault that stopped the reading is among the faults.
    }
  }

  private mutating func read() throws(Stop) {
    // The parser holds a pointer to itself, so it needs an address of its own.
    let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
    defer { parser.deallocate() }
    guard yaml_parser_initialize(parser) == 1 else {
      try stop(.tooLarge, from: 0, to: 0, "There is no memory to read the file.")
    }
    defer { yaml_parser_delete(parser) }
    // Without this a UTF-16 mark at the start would switch libyaml to UTF-16.
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    // A node takes at least a byte, and in a real file some five.
    tape.nodes.reserveCapacity(min(nodeLimit, source.bytes.count / 5 + 16))
    tape.text.reserveCapacity(source.bytes.count / 2)

    let result = source.bytes.withUnsafeBufferPointer { bytes -> Result<Void, Stop> in
      yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
      return Result { () throws(Stop) in try readEvents(parser) }
    }
    try result.get()
  }

  private mutating func readEvents(_ parser: UnsafeMutablePointer<yaml_parser_t>) throws(Stop) {
    var documents = 0
    while true {
      var event = yaml_event_t()
      guard yaml_parser_parse(parser, &event) == 1 else { try stop(atErrorOf: parser.pointee) }
      defer { yaml_event_delete(&event) }
      let start = UInt32(clamping: event.start_mark.index)
      let end = UInt32(clamping: event.end_mark.index)

      switch event.type {
      case YAML_STREAM_END_EVENT:
        guard documents > 0 else {
          try stop(
            .emptyFile, from: 0, to: 0, "The file holds no cluster: it is empty, or has only comments.",
            help: "A cluster file has at least `directors` and `services`.")
        }
        return
      case YAML_DOCUMENT_START_EVENT:
        documents += 1
        guard documents == 1 else {
          faults.add(.severalDocuments, from: start, to: end) {
            "A second YAML document begins here."
          } help: {
            "Keep one cluster in one file, and leave out the line with `---`."
          }
          // The first document is whole, and its own faults are told too.
          return
        }
      case YAML_SCALAR_EVENT:
        checkTag(event.data.scalar.tag, from: start)
        try addScalar(event, from: start, to: end)
      case YAML_SEQUENCE_START_EVENT:
        checkTag(event.data.sequence_start.tag, from: start)
        try begin(.sequence, anchor: event.data.sequence_start.anchor, from: start, to: end)
      case YAML_MAPPING_START_EVENT:
        checkTag(event.data.mapping_start.tag, from: start)
        try begin(.mapping, anchor: event.data.mapping_start.anchor, from: start, to: end)
      case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT:
        finishCollection(end: end)
      case YAML_ALIAS_EVENT:
        try addAlias(Self.text(event.data.alias.anchor) ?? "", from: start, to: end)
      default:
        break
      }
    }
  }

  /// The longest name of an anchor, in bytes; generators number theirs.
  private static let nameLimit = 256

  /// The beginning of a text of libyaml's: one byte more than a name may have, and no more of a longer one.
  private static func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
    guard let pointer else { return nil }
    let bytes = UnsafeBufferPointer(start: pointer, count: strnlen(pointer, nameLimit + 1))
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The name of an anchor; one that is too long to be kept is reported.
  private mutating func anchorName(
    _ pointer: UnsafeMutablePointer<yaml_char_t>?, from start: UInt32, to end: UInt32
  ) -> String? {
    guard let name = Self.text(pointer), name.utf8.count > Self.nameLimit else { return Self.text(pointer) }
    faults.add(.tooLarge, from: start, to: start) {
      "The anchor `&\(name.shortened)` has a name of more than \(Self.nameLimit) bytes."
    } help: {
      "Give it a short name, as in `&web`."
    }
    return nil
  }

  // MARK: Nodes

  @discardableResult
  private mutating func append(_ node: YAMLTape.Node) throws(Stop) -> Int {
    guard tape.nodes.count < nodeLimit else {
      try stop(
        .tooLarge, from: node.start, to: node.end,
        "The file has more than \(nodeLimit) names and values up to here, more than any cluster needs.",
        help: "Name real servers once, put them into `pools`, and let services name the pools.")
    }
    if let parent = open.last { tape.nodes[parent.node].count += 1 }
    tape.nodes.append(node)
    return tape.nodes.count - 1
  }

  private var isAtKey: Bool {
    guard let parent = open.last else { return false }
    let node = tape.nodes[parent.node]
    return node.kind == .mapping && node.count.isMultiple(of: 2)
  }

  /// Whether the value of a key comes next that is sent over the network, or compared with what comes back: any characters
  /// may be in it.
  private var isSent: Bool {
    guard let parent = open.last, tape.nodes[parent.node].kind == .mapping, !isAtKey, let key = tape.nodes.indices.last,
      tape.nodes[key].kind == .scalar
    else { return false }
    return [CheckKey.send, .expect].contains { tape.bytes(key).elementsEqual($0.rawValue.utf8) }
  }

  private mutating func addScalar(_ event: yaml_event_t, from start: UInt32, to end: UInt32) throws(Stop) {
    let scalar = event.data.scalar
    let bytes = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
    let isQuoted = scalar.style != YAML_PLAIN_SCALAR_STYLE
    var kind = YAMLTape.Kind.scalar
    var hasControls = false
    if let character = Self.controlCharacter(in: bytes) {
      if isSent {
        hasControls = true
      } else {
        kind = .faulty
        faults.add(.controlCharacter, from: start, to: end) {
          "This text holds the control character U+\(String(character, radix: 16, uppercase: true).padded(to: 4))."
        } help: {
          "Leave it out; names and values are plain text."
        }
      }
    } else if !isQuoted, isAtKey, bytes.elementsEqual("<<".utf8) {
      kind = .faulty
      faults.add(.mergeKey, from: start, to: end) {
        "`<<` merges one map into another in some YAML readers, and is not part of YAML."
      } help: {
        "Write what services have in common under `defaults`, or use a plain alias for a whole value."
      }
    }
    let node = try append(
      YAMLTape.Node(
        start: start, end: end, next: UInt32(tape.nodes.count + 1), content: UInt32(tape.text.count),
        count: UInt32(bytes.count), kind: kind, isQuoted: isQuoted, hasControls: hasControls))
    tape.text.append(contentsOf: bytes)
    if let name = anchorName(scalar.anchor, from: start, to: end) { keep(name, Anchor(node: node, unfolded: 1)) }
    addUnfolded(1)
  }

  private mutating func begin(
    _ kind: YAMLTape.Kind, anchor: UnsafeMutablePointer<yaml_char_t>?, from start: UInt32, to end: UInt32
  ) throws(Stop) {
    guard open.count < Self.depthLimit else {
      try stop(
        .tooDeep, from: start, to: end, "Lists and maps are nested more than \(Self.depthLimit) deep here.",
        help: "A cluster file needs no more than six levels.")
    }
    let node = try append(YAMLTape.Node(start: start, end: end, next: 0, kind: kind))
    let anchor = anchorName(anchor, from: start, to: end)
    if let anchor { openAnchors.insert(anchor) }
    open.append(Collection(node: node, anchor: anchor))
  }

  private mutating func finishCollection(end: UInt32) {
    guard let collection = open.popLast() else { return }
    tape.nodes[collection.node].next = UInt32(tape.nodes.count)
    // Both brackets of an empty collection are what a diagnostic points to.
    if tape.nodes[collection.node].count == 0 { tape.nodes[collection.node].end = end }
    if let anchor = collection.anchor {
      openAnchors.remove(anchor)
      keep(anchor, Anchor(node: collection.node, unfolded: collection.unfolded))
    }
    if open.isEmpty { rootUnfolded = collection.unfolded }
    addUnfolded(collection.unfolded)
  }

  private mutating func keep(_ name: String, _ anchor: Anchor) {
    let isNew = anchors.updateValue(anchor, forKey: name) == nil
    if isNew, anchorNames.count < SuggestionBudget.standard / 100 { anchorNames.append(name) }
  }

  private mutating func addUnfolded(_ size: UInt64) {
    guard !open.isEmpty else { return }
    let (sum, isBeyond) = open[open.count - 1].unfolded.addingReportingOverflow(size)
    open[open.count - 1].unfolded = isBeyond ? .max : sum
  }

  private mutating func addAlias(_ name: String, from start: UInt32, to end: UInt32) throws(Stop) {
    var node = YAMLTape.Node(start: start, end: end, next: UInt32(tape.nodes.count + 1), kind: .alias)
    if openAnchors.contains(name) {
      node.kind = .faulty
      faults.add(.aliasLoop, from: start, to: end) {
        "The alias `*\(name.shortened)` stands inside the value that it stands for, which would never end."
      } help: {
        "Write the value out here, or move the anchor `&\(name.shortened)` to the part that is meant."
      }
    } else if let anchor = anchors[name] {
      node.content = UInt32(anchor.node)
      addUnfolded(anchor.unfolded)
      if anchor.unfolded > largestAlias?.size ?? 0 { largestAlias = (tape.nodes.count, anchor.unfolded) }
    } else {
      node.kind = .faulty
      faults.add(.unknownAlias, from: start, to: end) {
        "The alias `*\(name.shortened)` has no anchor before it."
      } help: { [anchorNames, suggestions = faults.suggestions] in
        if let near = suggestions.nearest(to: name, among: anchorNames) { return "Did you mean `*\(near)`?" }
        return "Write `&\(name.shortened)` in front of the value that it stands for."
      }
    }
    try append(node)
  }

  // MARK: Rules

  /// libyaml compares each `%TAG` with all before it, and copies its text into each tag that uses it.
  private static let directiveLimit = (count: 16, bytes: 256)

  /// Refuses directives by which a short file would make libyaml work long; a file without tags needs none.
  private mutating func checkDirectives() throws(Stop) {
    var found = 0
    let excess = source.bytes.withUnsafeBufferPointer { bytes -> Int? in
      var offset = 0
      while let start = bytes.offset(of: "%TAG", from: offset) {
        offset = start + 1
        // The last bytes of the line breaks of YAML 1.1: LF, CR, U+0085, U+2028, U+2029.
        guard start == 0 || [0x0a, 0x0d, 0x85, 0xa8, 0xa9].contains(bytes[start - 1]) else { continue }
        found += 1
        let line = bytes[start...].prefix(Self.directiveLimit.bytes + 1)
        let isLong = line.count > Self.directiveLimit.bytes && !line.contains(0x0a)
        if found > Self.directiveLimit.count || isLong { return start }
      }
      return nil
    }
    guard let excess else { return }
    let place = UInt32(clamping: source.character(ofByte: excess))
    try stop(
      .tag, from: place, to: place + 4, "The file announces more tags here than lvsctl reads past, or longer ones.",
      help: "Leave the lines with `%TAG` out; lvsctl knows which keys are numbers, addresses or names.")
  }

  /// A tag would be read as an instruction to other YAML readers; here every value has its one type.
  private mutating func checkTag(_ tag: UnsafeMutablePointer<yaml_char_t>?, from start: UInt32) {
    guard let tag = Self.text(tag) else { return }
    faults.add(.tag, from: start, to: start) {
      "The value here carries the tag `\(tag.shortened)`."
    } help: {
      "Leave the tag out; lvsctl knows which keys are numbers, addresses or names."
    }
  }

  private mutating func checkUnfoldedSize() throws(Stop) {
    guard let largestAlias, let root = rootUnfolded, root > UInt64(source.bytes.count) else { return }
    let node = tape.nodes[largestAlias.node]
    try stop(
      .aliasExpansion, from: node.start, to: node.end,
      "The aliases of this file unfold to more values than the file has bytes; this one alone stands for "
        + "\(largestAlias.size == .max ? "more than can be counted" : "\(largestAlias.size)").",
      help: "Put a list that many services share into `pools` and let the services name the pool.")
  }

  /// The first character that is neither printable nor a blank nor a line break.
  private static func controlCharacter(in bytes: UnsafeBufferPointer<UInt8>) -> UInt32? {
    for (offset, byte) in bytes.enumerated() {
      if byte < 0x20, byte != 0x09, byte != 0x0a { return UInt32(byte) }
      if byte == 0x7f { return 0x7f }
      // U+0080 to U+009F are C2 80 to C2 9F.
      if byte == 0xc2, offset + 1 < bytes.count, bytes[offset + 1] < 0xa0 { return UInt32(bytes[offset + 1]) }
    }
    return nil
  }

  // MARK: Ends

  private mutating func stop(
    _ code: FindingCode, from start: UInt32, to end: UInt32, _ message: Message, help: Message? = nil
  ) throws(Stop) -> Never {
    faults.add(code, from: start, to: end) {
      message
    } help: {
      help
    }
    throw Stop()
  }

  private mutating func stop(atErrorOf parser: yaml_parser_t) throws(Stop) -> Never {
    let problem = parser.problem.map { String(cString: $0) } ?? "it cannot be read"
    switch parser.error {
    case YAML_MEMORY_ERROR:
      try stop(.tooLarge, from: 0, to: 0, "There is not enough memory to read the file.")
    case YAML_READER_ERROR:
      let place = UInt32(clamping: source.character(ofByte: parser.problem_offset))
      if problem.contains("control character") {
        let code = String(UInt32(bitPattern: parser.problem_value), radix: 16, uppercase: true).padded(to: 4)
        try stop(
          .controlCharacter, from: place, to: place + 1, "The file holds the control character U+\(code) here.",
          help: "A cluster file is plain text; remove the character.")
      }
      try stop(
        .notUTF8, from: place, to: place + 1, "The file is not UTF-8 text from here on.",
        help: "Save the file as UTF-8.")
    default:
      let isAtContext = SyntaxAdvice.isAboutContext(problem) || parser.problem_mark.index >= source.characterCount
      let mark = isAtContext && parser.context != nil ? parser.context_mark : parser.problem_mark
      let place = UInt32(clamping: mark.index)
      let context = parser.context.map { " " + String(cString: $0) } ?? ""
      try stop(
        .syntax, from: place, to: place, "The text is not valid YAML here: \(problem)\(context).",
        help: SyntaxAdvice.help(for: problem))
    }
  }
}
