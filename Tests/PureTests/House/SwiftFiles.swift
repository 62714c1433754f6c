import Glibc
import LVSSystem

/// The project's own Swift files, which some tests look at.
enum SwiftFiles {
  /// Those of a folder of the project and of all folders in it, by their paths below it, in order.
  static func below(_ folder: String) throws -> [(path: String, text: String)] {
    let root = "\(projectFolder)/\(folder)"
    return try paths(in: root, "").sorted().map { path in (path, try read("\(root)/\(path)")) }
  }

  private static func paths(in root: String, _ folder: String) -> [String] {
    entries(ofFolder: "\(root)/\(folder)").flatMap { name, mode in
      if mode & S_IFMT == S_IFDIR { return paths(in: root, "\(folder)\(name)/") }
      return name.hasSuffix(".swift") ? [folder + name] : []
    }
  }

  /// The modules that a file imports.
  static func imports(of text: String) -> Set<String> {
    Set(
      text.split(separator: "\n").compactMap { line in
        let words = line.split(separator: " ")
        let name = words.first?.first == "@" ? words.dropFirst() : words[...]
        return name.first == "import" ? name.dropFirst().first.map(String.init) : nil
      })
  }

  /// The names and the signs of a text, without comments and what stands in quotation marks.
  static func words(of text: String) -> [String] {
    let bytes = Array(text.utf8)
    var words: [String] = []
    var index = 0
    while index < bytes.count {
      let start = index
      if isWord(bytes[index]) {
        while index < bytes.count, isWord(bytes[index]) { index += 1 }
        words.append(String(decoding: bytes[start..<index], as: UTF8.self))
      } else if starts(with: "//", bytes, at: index) {
        while index < bytes.count, bytes[index] != newline { index += 1 }
      } else if starts(with: threeMarks, bytes, at: index) {
        index += 3
        while index < bytes.count, !starts(with: threeMarks, bytes, at: index) { index += 1 }
        index += 3
      } else if bytes[index] == mark {
        index = end(ofStringAt: index + 1, in: bytes)
      } else {
        if bytes[index] > blank { words.append(String(UnicodeScalar(bytes[index]))) }
        index += 1
      }
    }
    return words
  }

  private static let threeMarks: StaticString = "\"\"\""
  private static let mark = UInt8(ascii: "\"")
  private static let newline = UInt8(ascii: "\n")
  private static let blank = UInt8(ascii: " ")

  /// A byte of a name or a number; whatever is no ASCII belongs to one.
  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"),
      UInt8(ascii: "a")...UInt8(ascii: "z"), 0x80...:
      true
    default: false
    }
  }

  private static func starts(with prefix: StaticString, _ bytes: [UInt8], at index: Int) -> Bool {
    let count = prefix.utf8CodeUnitCount
    guard index + count <= bytes.count else { return false }
    return (0..<count).allSatisfy { bytes[index + $0] == prefix.utf8Start[$0] }
  }

  /// Where a string of one line ends; one within an interpolation belongs to it.
  private static func end(ofStringAt start: Int, in bytes: [UInt8]) -> Int {
    var index = start
    var depth = 0
    while index < bytes.count, bytes[index] != newline {
      let byte = bytes[index]
      if byte == UInt8(ascii: "\\") {
        if starts(with: "\\(", bytes, at: index) { depth += 1 }
        index += 2
      } else if byte == mark {
        index += 1
        if depth == 0 { return index }
        index = end(ofStringAt: index, in: bytes)
      } else {
        if depth > 0, byte == UInt8(ascii: "(") { depth += 1 }
        if depth > 0, byte == UInt8(ascii: ")") { depth -= 1 }
        index += 1
      }
    }
    return index
  }
}
