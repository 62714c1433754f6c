import LVSText

extension KeyTable {
  /// A short page on a key for `lvsctl validate --explain KEY`, by its path or the end of it; nil where there is none.
  public static func explanation(of path: String) -> String? {
    let found = entries(named: path)
    return found.isEmpty ? nil : found.map(\.explanation).joined(separator: "\n\n")
  }
}

extension KeyTable.Entry {
  fileprivate var explanation: String {
    var lines = ["\(path): a key of \(key.owner)", "", key.meaning.help.wrapped(to: 80), ""]
    lines.append("Value: \(key.meaning.value.text).".wrapped(to: 80))
    lines.append("Default: \(key.absenceText).".wrapped(to: 80))
    if let map = key.meaning.value.map, let first = map.keys.first?.word {
      lines.append(
        "Its keys have pages of their own, as in `lvsctl validate --explain \(path).\(first)`.".wrapped(to: 80))
    }
    return lines.joined(separator: "\n")
  }
}

extension FileMapKey {
  /// What it means to leave the key out, in words.
  public var absenceText: String {
    switch meaning.absence {
    case .value(let word): "`\(word)`"
    case .words(let words): words
    case nil: isRequired ? "none, it is required" : "none"
    }
  }
}
