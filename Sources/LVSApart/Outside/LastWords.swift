import LVSText

/// What a kernel has said on its console, as far as it is kept: the end of it.
struct LastWords {
  private var bytes: [UInt8] = []

  mutating func take(_ more: [UInt8]) {
    bytes += more
    if bytes.count > 128 << 10 { bytes.removeFirst(bytes.count - 64 << 10) }
  }

  /// A sentence, with the last lines where there are any.
  func message(_ sentence: Message) -> Message {
    let lines = bytes.split { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
      .map { String(decoding: $0, as: UTF8.self) }
      // Addresses of functions would push out why they were called.
      .filter { !$0.contains("[<") }.suffix(15)
    if lines.isEmpty { return sentence }
    let said = lines.map { "  \($0)" as Message }.joined(separator: "\n")
    return "\(sentence) Its last words:\n" + said
  }
}
