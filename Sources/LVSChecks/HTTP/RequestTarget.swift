/// How a request names what it wants.
enum RequestTarget {
  /// A path with its query, as it is, but for what would end the line or is no ASCII: that is given by its number
  /// (RFC 3986, 2.1).
  static func of(_ path: String) -> String {
    if path.utf8.allSatisfy(isPlain) { return path }
    var target = ""
    for byte in path.utf8 {
      if isPlain(byte) {
        target.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        target += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }
    }
    return target
  }

  private static func isPlain(_ byte: UInt8) -> Bool { byte > 0x20 && byte < 0x7f }
}
