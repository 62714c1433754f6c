import Glibc
import LVSModel
import LVSText

/// Why a question was not answered as it should be, in a few words.
enum Reason {
  /// The most characters of a reason.
  static let longest = 120

  /// Words that a server may have had a hand in, safe on a terminal and not too long.
  static func bounded(_ words: String) -> String {
    // By scalars: one character may have any number of them.
    let first = String(String.UnicodeScalarView(words.unicodeScalars.prefix(longest)))
    return String(String.UnicodeScalarView(printable(first).unicodeScalars.prefix(longest)))
  }

  /// What the kernel says of a connection or of a datagram that was sent.
  static func refusal(_ number: Int32) -> String {
    switch number {
    case ECONNREFUSED: "connection refused"
    case ECONNRESET: "connection reset"
    case EHOSTUNREACH: "no route to host"
    case ENETUNREACH: "network unreachable"
    default: "\(String(cString: strerror(number))) (errno \(number))"
    }
  }

  /// The time is up, and this was awaited.
  static func timeout(_ seconds: Int, awaiting: StaticString) -> String { "timeout after \(seconds) s (\(awaiting))" }

  /// A text that is not in a body.
  static func bodyWithout(_ text: String) -> String { bounded("body without \"\(text)\"") }
}
