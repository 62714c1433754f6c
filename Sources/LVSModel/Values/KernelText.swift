/// Texts of the kernel, which are bytes: a network interface may have any but `/`, `:` and blanks in its name.
///
/// As a text each byte that is no part of UTF-8 is U+FFFD and its two hexadecimal digits, and so is each byte of a U+FFFD
/// that really stands there. Two different names stay different that way, and the bytes can be had back.
public enum KernelText {
  /// The text of some bytes.
  public static func text(_ bytes: [UInt8]) -> String { bytes.withUnsafeBytes { text($0) } }

  /// The text of some bytes.
  public static func text(_ bytes: UnsafeRawBufferPointer) -> String {
    // Nearly all of them are plain.
    if bytes.allSatisfy({ $0 < 0x80 }) { return String(decoding: bytes, as: UTF8.self) }
    var text = ""
    var index = 0
    while index < bytes.count {
      // A character has four bytes at most.
      let character = (1...4).lazy.compactMap { length in
        index + length <= bytes.count ? String(validating: bytes[index..<index + length], as: UTF8.self) : nil
      }.first
      if let character, character != "\u{fffd}" {
        text += character
        index += character.utf8.count
      } else {
        text += "\u{fffd}" + String(bytes[index], radix: 16).padded(to: 2)
        index += 1
      }
    }
    return text
  }

  /// The bytes that ``text(_:)`` made a text of.
  public static func bytes(_ text: String) -> [UInt8] {
    guard text.utf8.contains(0xef) else { return Array(text.utf8) }
    var bytes: [UInt8] = []
    var rest = text.unicodeScalars[...]
    while let scalar = rest.popFirst() {
      if scalar == "\u{fffd}", let byte = UInt8(String(rest.prefix(2)), radix: 16) {
        bytes.append(byte)
        rest = rest.dropFirst(2)
      } else {
        bytes += Array(String(scalar).utf8)
      }
    }
    return bytes
  }
}
