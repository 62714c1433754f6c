import CProcess
import Glibc
import LVSSystem

/// The arguments as the kernel handed them over: the name of a file is bytes, and need not be text.
enum ArgumentBytes {
  /// The path that an argument names, ended by a zero.
  ///
  /// An argument that is no UTF-8 arrives with U+FFFD in the place of what is not, and no file has that name; its own
  /// bytes name the file. Where two arguments look alike, neither is guessed.
  static func path(_ argument: String) -> [CChar] {
    guard argument.unicodeScalars.contains("\u{fffd}") else { return Array(argument.utf8CString) }
    var found: [CChar]?
    var count: CInt = 0
    guard let words = lvsctl_arguments(&count) else { return Array(argument.utf8CString) }
    for index in 1..<max(1, Int(count)) {
      guard let start = words[index] else { break }
      for word in [start, strchr(start, Int32(UInt8(ascii: "="))).map { $0 + 1 }] {
        guard let word, String(cString: word) == argument else { continue }
        let bytes = Array(UnsafeBufferPointer(start: word, count: strlen(word) + 1))
        if let found, found != bytes { return Array(argument.utf8CString) }
        found = bytes
      }
    }
    return found ?? Array(argument.utf8CString)
  }
}
