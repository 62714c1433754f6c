import LVSModel

/// Texts that nobody would choose, and that a kernel or another machine can have nevertheless.
package enum HostileTexts {
  private static let pieces = [
    "\"", "\\", "/", "\u{0}", "\u{1b}[31m", "\n", "\r", "\t", "\u{7f}", "\u{85}", "\u{9b}", "\u{2028}", "\u{2029}",
    "\u{202e}",
    "\u{feff}", "\u{fffd}", "\u{e000}", "\u{10ffff}", "🐧", "é", "e\u{301}", "日本", "a", " ", "\\u0041", "`", "$(x)",
    "null", "{",
  ]

  /// A text of a few of them.
  package static func text(using numbers: inout SeededNumbers) -> String {
    (0..<Int.random(in: 0...6, using: &numbers)).map { _ in pieces.randomElement(using: &numbers) ?? "" }.joined()
  }

  /// A name of a network interface as the kernel may have it: any bytes but `/`, `:` and blanks.
  package static func interface(using numbers: inout SeededNumbers) -> String {
    let bytes = (0..<Int.random(in: 1...15, using: &numbers)).map { _ in UInt8.random(in: 0x21...0xff, using: &numbers)
    }
    return "a" + KernelText.text(bytes.dropLast().filter { $0 != 0x2f && $0 != 0x3a && $0 != 0xa0 })
  }
}
