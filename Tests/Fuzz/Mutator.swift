import Recordings

/// Bends inputs: the same seed bends them in the same way.
struct Mutator {
  /// The longest input that is made, in bytes.
  static let largest = 64 << 10

  private var random: SeededGenerator
  private let words: [[UInt8]]

  init(seed: UInt64, words: [[UInt8]]) {
    random = SeededGenerator(seed: seed)
    self.words = words
  }

  /// One of the inputs, bent in one to eight places.
  mutating func bent(from corpus: [[UInt8]]) -> [UInt8] {
    var bytes = corpus.randomElement(using: &random) ?? []
    for _ in 0..<Int.random(in: 1...8, using: &random) { bend(&bytes, corpus) }
    return Array(bytes.prefix(Self.largest))
  }

  private mutating func bend(_ bytes: inout [UInt8], _ corpus: [[UInt8]]) {
    switch Int.random(in: 0..<10, using: &random) {
    case 0: bytes.removeSubrange(stretch(of: bytes, atMost: 1))
    case 1: bytes.removeSubrange(stretch(of: bytes, atMost: 64))
    case 2: flip(&bytes)
    case 3: overwrite(&bytes)
    case 4, 5: bytes.insert(contentsOf: words.randomElement(using: &random) ?? [], at: place(in: bytes))
    case 6: replaceByWord(&bytes)
    case 7: bytes.insert(contentsOf: bytes[stretch(of: bytes, atMost: 128)], at: place(in: bytes))
    case 8: splice(&bytes, corpus)
    default: repeatStretch(&bytes)
    }
  }

  private mutating func place(in bytes: [UInt8]) -> Int { Int.random(in: 0...bytes.count, using: &random) }

  private mutating func stretch(of bytes: [UInt8], atMost length: Int) -> Range<Int> {
    let start = place(in: bytes)
    return start..<min(bytes.count, start + Int.random(in: 1...length, using: &random))
  }

  private mutating func flip(_ bytes: inout [UInt8]) {
    if bytes.isEmpty { return }
    bytes[Int.random(in: 0..<bytes.count, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
  }

  private mutating func overwrite(_ bytes: inout [UInt8]) {
    for index in stretch(of: bytes, atMost: 4) { bytes[index] = UInt8.random(in: 0...255, using: &random) }
  }

  private mutating func replaceByWord(_ bytes: inout [UInt8]) {
    guard let word = words.randomElement(using: &random) else { return }
    let start = place(in: bytes)
    bytes.replaceSubrange(start..<min(bytes.count, start + word.count), with: word)
  }

  /// The beginning of one input with the end of another.
  private mutating func splice(_ bytes: inout [UInt8], _ corpus: [[UInt8]]) {
    guard let other = corpus.randomElement(using: &random) else { return }
    bytes = Array(bytes[..<place(in: bytes)] + other[place(in: other)...])
  }

  private mutating func repeatStretch(_ bytes: inout [UInt8]) {
    let stretch = stretch(of: bytes, atMost: 32)
    let copies = repeatElement(bytes[stretch], count: Int.random(in: 1...200, using: &random)).joined()
    bytes.insert(contentsOf: copies, at: stretch.lowerBound)
  }
}
