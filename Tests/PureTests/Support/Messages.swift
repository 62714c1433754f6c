import LVSText

extension Finding {
  func contains(_ part: String) -> Bool { message.contains(part) }
}

extension Message {
  func contains(_ part: String) -> Bool { text.contains(part) }
  func hasPrefix(_ part: String) -> Bool { text.hasPrefix(part) }
  var last: Character? { text.last }
  func hasSuffix(_ part: String) -> Bool { text.hasSuffix(part) }
}
