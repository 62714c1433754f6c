import LVSRender
import LVSText
import Testing

/// Words as `diff --format commands` quotes them, read back by the shells that are there.
struct ShellQuotingTests {
  @Test(arguments: [
    ("plain-1.2_3/4:5=6,7@8+9%", "plain-1.2_3/4:5=6,7@8+9%"), ("", "''"), ("a b", "'a b'"), ("it's", #"'it'\''s'"#),
    ("$(reboot)", "'$(reboot)'"), ("`x`;&|<>*?!~#\"\\", "'`x`;&|<>*?!~#\"\\'"), ("ü", "'ü'"),
    ("a\u{1b}[1mb", #""$(printf 'a\033\1331mb')""#), ("a\nb", #""$(printf 'a\012b')""#),
    ("b\n\n", "\"$(printf 'b')\"'\n\n'"),
    ("\n", "\"$(printf '')\"'\n'"), ("a\u{202e}ü", #""$(printf 'a\342\200\256ü')""#),
    ("-e\u{7f}", #""$(printf '\055e\177')""#),
    ("%s\\n'$(x)`y`\"\u{9b}!*", #""$(printf '\045s\134n\047\044\050x\051\140y\140\042\302\233\041\052')""#),
    ("a\tb\r\n", "\"$(printf 'a\\011b\\015')\"'\n'"), ("\u{2028}1", #""$(printf '\342\200\2501')""#),
  ])
  func `a word is quoted so that every shell reads it back, and a reader sees what is in it`(
    word: String, quoted: String
  ) throws {
    #expect(shellQuoted(word) == quoted)
    for name in ["dash", "bash", "bash --posix", "busybox sh", "zsh"] {
      let program = name.split(separator: " ")[0]
      // The tests need sh alone.
      guard try shell("command -v \(program)").status == 0 else { continue }
      let ending = try withTemporaryFolder { folder in
        try write("printf %s \(shellQuoted(word))", to: "\(folder)/line")
        return try shell("\(name) \(folder)/line")
      }
      #expect(ending.output == word, "\(name)")
    }
  }
}
