/// A text as diagnostics see it: the way between a character's number, its line and column, and its byte.
///
/// A checkpoint every few thousand bytes keeps both directions cheap for a file of one line and for one of millions.
struct SourceText: Sendable {
  /// The bytes after a byte order mark, if there is one.
  let bytes: ArraySlice<UInt8>
  /// How many characters the text has.
  let characterCount: Int
  private let checkpoints: [Checkpoint]
  private static let stride = 4096

  private struct Checkpoint: Sendable {
    var character: Int
    var line: Int
    var lineStart: Int
  }

  /// Whether the text begins with the UTF-8 byte order mark, which is no part of its first line.
  static func byteOrderMarkLength(_ source: some Collection<UInt8>) -> Int {
    source.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
  }

  init(_ source: [UInt8]) {
    bytes = source.dropFirst(Self.byteOrderMarkLength(source))
    var checkpoints: [Checkpoint] = []
    checkpoints.reserveCapacity(bytes.count / Self.stride + 1)
    var here = Checkpoint(character: 0, line: 1, lineStart: 0)
    bytes.withUnsafeBufferPointer { bytes in
      for offset in bytes.indices {
        if offset % Self.stride == 0 { checkpoints.append(here) }
        Self.step(&here, over: offset, of: bytes)
      }
    }
    if checkpoints.isEmpty { checkpoints.append(here) }
    self.checkpoints = checkpoints
    characterCount = here.character
  }

  /// The position of a character counted from 0, as libyaml's marks count; the end of the text for one beyond it.
  func position(ofCharacter character: Int) -> SourcePosition {
    scan(from: lastCheckpoint { $0.character <= character }) { here, _ in here.character >= character }.position
  }

  /// The number of the character at a byte, both counted from 0 after the byte order mark.
  func character(ofByte byte: Int) -> Int {
    scan(from: min(max(byte, 0) / Self.stride, checkpoints.count - 1)) { _, offset in offset >= byte }.character
  }

  /// The offset of the byte at a position, counted from 0 after the byte order mark; the end of the line beyond it.
  func byteOffset(of position: SourcePosition) -> Int {
    let start = lastCheckpoint { ($0.line, $0.character - $0.lineStart + 1) <= (position.line, position.column) }
    return scan(from: start) { here, offset in
      if here.line > position.line { return true }
      guard here.line == position.line else { return false }
      return here.character - here.lineStart + 1 >= position.column || isBreak(offset)
    }.offset
  }

  /// Whether the byte at an offset after the byte order mark ends a line.
  func isBreak(_ offset: Int) -> Bool {
    let byte = bytes[bytes.startIndex + offset]
    return byte == 0x0a || byte == 0x0d
  }

  private func lastCheckpoint(where isBefore: (Checkpoint) -> Bool) -> Int {
    var low = 0
    var high = checkpoints.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if isBefore(checkpoints[middle]) { low = middle } else { high = middle }
    }
    return low
  }

  private func scan(
    from checkpoint: Int, until isThere: (Checkpoint, Int) -> Bool
  ) -> (position: SourcePosition, character: Int, offset: Int) {
    var here = checkpoints[checkpoint]
    return bytes.withUnsafeBufferPointer { bytes in
      var offset = checkpoint * Self.stride
      while offset < bytes.count {
        // A continuation byte belongs to the character before it.
        if bytes[offset] & 0xc0 != 0x80, isThere(here, offset) { break }
        Self.step(&here, over: offset, of: bytes)
        offset += 1
      }
      let position = SourcePosition(line: here.line, column: here.character - here.lineStart + 1)
      return (position, here.character, offset)
    }
  }

  private static func step(_ here: inout Checkpoint, over offset: Int, of bytes: UnsafeBufferPointer<UInt8>) {
    let byte = bytes[offset]
    if byte & 0xc0 != 0x80 { here.character += 1 }
    let endsLine = byte == 0x0a || byte == 0x0d && (offset + 1 == bytes.count || bytes[offset + 1] != 0x0a)
    guard endsLine else { return }
    here.line += 1
    here.lineStart = here.character
  }
}
