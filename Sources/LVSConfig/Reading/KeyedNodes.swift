import LVSText

/// A map of the file, taken apart by its keys.
struct KeyedNodes<Key: FileKey> {
  /// The map.
  let node: Int
  fileprivate var pairs: [(key: Key, keyNode: Int, value: Int, isNone: Bool)] = []
  /// Whether any value is `none`.
  fileprivate var hasNone = false
  /// Keys that the map seems to have under a misspelt name, which has been reported.
  fileprivate(set) var misspelt: Set<Key> = []

  /// How many keys of the map are known.
  var count: Int { pairs.count }

  /// The node of a key's value, or nil where the map does not have the key, or has `none` for it.
  subscript(key: Key) -> Int? { pairs.first { $0.key == key && !$0.isNone }?.value }

  /// The node of the `none` that switches a key off here, whatever `defaults` says.
  func none(_ key: Key) -> Int? {
    guard hasNone else { return nil }
    return pairs.first { $0.key == key && $0.isNone }?.value
  }

  /// The node of the key itself.
  func keyNode(_ key: Key) -> Int? { pairs.first { $0.key == key }?.keyNode }
}

extension ClusterFileReader {
  /// Takes a map apart; unknown and repeated keys are reported and left out.
  func keyedNodes<Key: FileKey>(of node: Int, _: Key.Type) -> KeyedNodes<Key> {
    var fields = KeyedNodes<Key>(node: node)
    fields.pairs.reserveCapacity(min(Int(tape[node].count) / 2, Key.byWord.count))
    tape.forEachPair(of: node) { key, value in
      guard let word = keyWord(key) else { return }
      guard let known = Key.byWord[word] else {
        let meant = advice(on: word, as: .key(of: Key.owner), among: Key.allCases.map(\.rawValue))
        for word in meant?.words ?? [] { Key.byWord[word].map { _ = fields.misspelt.insert($0) } }
        report(.unknownKey, at: key, "`\(word.shortened)` is not a key of \(Key.owner).") {
          meant?.help ?? KeyTable.home(of: word)
            ?? "The keys are \(Key.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", "))."
        }
        return
      }
      if let first = fields.keyNode(known) {
        reportRepeatedKey(word, at: key, first: first)
        return
      }
      let isNone = tape.isNone(value) && !known.isRequired
      if isNone { fields.hasNone = true }
      fields.pairs.append((known, key, value, isNone))
    }
    return fields
  }

  /// The text of a key, or nil where it is none, which is reported.
  func keyWord(_ key: Int) -> String? {
    let node = tape.resolved(key)
    switch tape[node].kind {
    case .scalar:
      guard !tape[node].hasControls else {
        reportControls(key)
        return nil
      }
      return tape.string(node)
    case .faulty: return nil
    case .sequence, .mapping, .alias:
      report(.wrongForm, at: key, "A \(tape[node].kind == .mapping ? "map" : "list") stands here in place of a key.") {
        "Keys are words; check the brackets and braces on this line."
      }
      return nil
    }
  }

  func reportRepeatedKey(_ word: String, at key: Int, first: Int) {
    report(
      .repeatedKey, at: key,
      "The key `\(word.shortened)` is here for the second time; the first is on line \(line(of: first))."
    ) {
      "Keep one of the two."
    }
  }

  /// The node of a required key's value; its absence is reported at the map.
  func required<Key: FileKey>(_ key: Key, in fields: KeyedNodes<Key>, help: Message) -> Int? {
    if let node = fields[key] { return node }
    guard !fields.misspelt.contains(key) else { return nil }
    report(.missingKey, at: fields.node, "\(Key.owner.capitalizedFirst) needs the key `\(key.rawValue)`.") { help }
    return nil
  }
}
