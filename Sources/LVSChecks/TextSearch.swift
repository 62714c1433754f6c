/// Looks for a text in bytes that come in pieces, each byte once (Knuth, Morris and Pratt).
struct TextSearch {
  /// Whether it has come.
  private(set) var isFound: Bool
  private let text: [UInt8]
  /// For each byte, how many before and with it are a beginning of the text too.
  private let borders: [Int]
  private var matched = 0

  init(for text: String) {
    let text = Array(text.utf8)
    var borders = [Int](repeating: 0, count: text.count)
    var length = 0
    for index in text.indices.dropFirst() {
      while length > 0, text[index] != text[length] { length = borders[length - 1] }
      if text[index] == text[length] { length += 1 }
      borders[index] = length
    }
    self.text = text
    self.borders = borders
    isFound = text.isEmpty
  }

  /// Looks at the next bytes; whether the text has come.
  mutating func hear(_ bytes: UnsafeRawBufferPointer) -> Bool {
    for byte in bytes where !isFound {
      while matched > 0, byte != text[matched] { matched = borders[matched - 1] }
      if byte == text[matched] { matched += 1 }
      isFound = matched == text.count
    }
    return isFound
  }
}
