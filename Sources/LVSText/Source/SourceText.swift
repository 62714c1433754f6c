/// A text as diagnostics see it: the way between a character's number, its line and column, and its byte.
///
/// A checkpoint every few thousand bytes keeps both directions cheap for a file of one line and for one of millions;
/// they are set as far as somebody asked, so that a good file costs nothing.
public final class SourceText {
  /// The bytes after a byte order mark, if there is one.
  public let bytes: ArraySlice<UInt8>
  private var checkpoints: [Checkpoint] = []
  /// Where the next checkpoint goes on, and the byte it is at.
  private var frontier = Checkpoint(character: 0, line: 1, lineStart: 0)
  private var scanned = 0
  private static let stride = 4096

  private struct Checkpoint {
    var character: Int
    var line: Int
    var lineStart: Int
  }

  public init(_ source: [UInt8]) {
    bytes = source.dropFirst(source.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0)
  }

  /// How many characters the text has.
  public var characterCount: Int {
    extend { _, _ in false }
    return frontier.character
  }

  /// Sets checkpoints until one is beyond what is wanted, or the text ends.
  private func extend(until isBeyond: (Checkpoint, Int) -> Bool) {
    bytes.withUnsafeBufferPointer { bytes in
      while checkpoints.isEmpty || scanned < bytes.count && !isBeyond(frontier, scanned) {
        checkpoints.append(frontier)
        let stop = min(bytes.count, scanned + Self.stride)
        while scanned < stop {
          Self.step(&frontier, over: scanned, of: bytes)
          scanned += 1
        }
      }
    }
  }

  /// The position of a character counted from 0, as libyaml's marks count; the end of the text for one beyond it.
  public func position(ofCharacter character: Int) -> SourcePosition {
    extend { here, _ in here.character > character }
    return scan(from: lastCheckpoint { $0.character <= character }) { here, _ in here.character >= character }.position
  }

  /// The number of the character at a byte, both counted from 0 after the byte order mark.
  public func character(ofByte byte: Int) -> Int {
    extend { _, offset in offset > byte }
    return scan(from: min(max(byte, 0) / Self.stride, checkpoints.count - 1)) { _, offset in offset >= byte }.character
  }

  /// The offset of the byte at a position, counted from 0 after the byte order mark; the end of the line beyond it.
  func byteOffset(of position: SourcePosition) -> Int {
    extend { here, _ in (here.line, here.character - here.lineStart + 1) > (position.line, position.column) }
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
