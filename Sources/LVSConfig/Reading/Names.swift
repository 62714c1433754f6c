import LVSModel
import LVSText

/// Names of the cluster, of machines, pools and VIPs.
///
/// A name is typed on command lines, offered by the completion of shells, and handed on in messages and comments, so
/// what a shell or a terminal would act upon is no part of one.
extension ClusterFileReader {
  /// A name; nil where it cannot be one, which is reported.
  func name(_ node: Int, of what: String) -> String? {
    guard let scalar = scalar(node, "the name of \(what)") else { return nil }
    let text = tape.string(scalar)
    return checkName(text, at: node, of: what) ? text : nil
  }

  /// Whether a text can be a name; reported where not, and where it is an unusual one.
  func checkName(_ text: String, at node: Int, of what: String) -> Bool {
    if text.isPlainWord, IPAddress(text) == nil, text != ".", text != ".." { return true }
    if let problem = Name.problem(of: text) {
      report(.badName, at: node, "The name of \(what) \(problem).") {
        "Use a short word such as `web1`: names are typed on command lines and become part of file names."
      }
      return false
    }
    if let oddity = Name.oddity(of: text) {
      report(.unusualName, severity: .warning, at: node, "The name of \(what) \(oddity).") {
        "Use letters, digits, `.`, `-` and `_`, 63 at most and no `-` in front: shells complete such a name alone."
      }
    }
    return true
  }
}

extension String {
  /// Whether this is a word that no shell changes and no command takes for an option: 1 to 63 ASCII letters, digits,
  /// `.`, `-` and `_`, not beginning with `-`.
  public var isPlainWord: Bool {
    let bytes = utf8
    guard let first = bytes.first, first != UInt8(ascii: "-"), bytes.count <= Name.plainLength else { return false }
    return bytes.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
        true
      default: false
      }
    }
  }
}

private enum Name {
  /// The longest plain word, in bytes: that of a label in a host's name (RFC 1035).
  static let plainLength = 63
  /// The longest name, in bytes.
  static let length = 64

  /// What keeps a text from being a name, in words; nil where nothing does.
  static func problem(of text: String) -> String? {
    if text.isEmpty {
      "is empty"
    } else if text.utf8.count > length {
      "is longer than \(length) bytes"
    } else if text == "." || text == ".." {
      "is `\(text)`, which a file cannot be called"
    } else if text.utf8.contains(UInt8(ascii: "/")) {
      "holds a `/`"
    } else if hasBlankEdges(text) || text.utf8.contains(where: { $0 == 0x0a || $0 == 0x09 }) {
      "has a blank at its edge, a tab or a line break"
    } else if let character = text.unicodeScalars.first(where: isEvaluated) {
      "holds \(words[character] ?? "`\(character)`"), which shells act upon"
    } else if let character = text.unicodeScalars.first(where: isHidden) {
      "holds the character U+\(String(character.value, radix: 16, uppercase: true).padded(to: 4)), which does not print"
    } else if IPAddress(text) != nil {
      "is an address"
    } else {
      nil
    }
  }

  /// What makes a name an unusual one, in words; nil where nothing does.
  static func oddity(of text: String) -> String? {
    if text.utf8.first == UInt8(ascii: "-") { return "begins with `-`, as an option on a command line does" }
    if text.utf8.count > plainLength { return "is longer than \(plainLength) bytes" }
    let odd = text.unicodeScalars.first { !String($0).isPlainWord && $0 != "-" }
    return odd.map { "holds \(words[$0] ?? "`\($0)`"), and is no plain word" }
  }

  private static let words: [Unicode.Scalar: String] = [
    "'": "a single quote", "\"": "a double quote", "`": "a backquote", " ": "a blank",
  ]

  /// Whether a POSIX shell acts upon a character even between double quotes, or ends such quotes with it.
  private static func isEvaluated(_ character: Unicode.Scalar) -> Bool {
    character == "'" || character == "\"" || character == "$" || character == "`"
  }

  /// Whether a character does not show as itself: a control character, or one that turns the direction of writing.
  private static func isHidden(_ character: Unicode.Scalar) -> Bool {
    let text = String(character)
    return Printable(text).text != text
  }

  private static func hasBlankEdges(_ text: String) -> Bool { text.utf8.first == 0x20 || text.utf8.last == 0x20 }
}
