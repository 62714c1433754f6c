import LVSSystem

/// What goes in to a program with a terminal: keys, and how large the terminal is now.
enum Keys {
  private static let keys = UInt8(ascii: "k")
  private static let size = UInt8(ascii: "s")

  /// Keys as they are sent.
  static func message(_ bytes: [UInt8]) -> [UInt8] {
    [keys, UInt8(bytes.count >> 8 & 0xff), UInt8(bytes.count & 0xff)] + bytes
  }

  /// A size as it is sent.
  static func message(_ size: TerminalSize) -> [UInt8] { [Self.size] + size.bytes }

  /// What has come of what was sent.
  enum Arrival: Equatable {
    case keys([UInt8])
    case size(TerminalSize)
  }

  /// Takes the next whole message from the front; nil where there is none yet.
  static func take(_ bytes: inout [UInt8]) -> Arrival? {
    guard let kind = bytes.first else { return nil }
    if kind == size, bytes.count >= 5, let size = TerminalSize(bytes: bytes[1..<5]) {
      bytes.removeFirst(5)
      return .size(size)
    }
    guard kind == keys, bytes.count >= 3 else { return nil }
    let end = 3 + (Int(bytes[1]) << 8 | Int(bytes[2]))
    guard bytes.count >= end else { return nil }
    defer { bytes.removeFirst(end) }
    return .keys(Array(bytes[3..<end]))
  }
}
