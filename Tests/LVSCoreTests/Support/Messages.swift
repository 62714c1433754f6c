import LVSText

extension Message {
  func contains(_ part: String) -> Bool { text.contains(part) }
  func hasPrefix(_ part: String) -> Bool { text.hasPrefix(part) }
  var last: Character? { text.last }
  func hasSuffix(_ part: String) -> Bool { text.hasSuffix(part) }
}
