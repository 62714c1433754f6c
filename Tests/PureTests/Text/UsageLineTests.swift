import LVSText
import Testing

/// What is said of a command line that is refused.
struct UsageLineTests {
  private let text = """
    Error: something
    Usage: lvsctl diff [<options>] [<file>]
      See 'lvsctl diff --help' for more information.
    """

  @Test(arguments: [
    ("Unknown option '--x'", "Unknown option '--x'. See lvsctl diff --help."),
    ("Unknown option '--x'. Did you mean '--y'?", "Unknown option '--x'. Did you mean '--y'? See lvsctl diff --help."),
    (
      "Bad. Please provide one of the following:\n  - one\n  - two\n  - three",
      "Bad. Please provide one of the following: one, two, three. See lvsctl diff --help."
    ),
    (
      "Unknown option '-ab'\n   or: Missing value for '-a' in '-ab'",
      "Unknown option '-ab' or: Missing value for '-a' in '-ab'. See lvsctl diff --help."
    ),
    ("One\n\ntwo\n", "One two. See lvsctl diff --help."),
  ])
  func `the parser's words are one line, with the way to the help`(words: String, line: String) {
    #expect(UsageLine.message(words, from: text).text == line)
  }

  @Test func `where the parser names no help nothing is made up, and nothing is said of nothing`() {
    #expect(UsageLine.message("No", from: "Error: No").text == "No.")
    #expect(UsageLine.message("No", from: "").text == "No.")
    #expect(UsageLine.message("", from: text).isEmpty)
  }

  @Test func `what does not print is shown`() {
    #expect(UsageLine.message("Unknown '\u{1b}[31m'", from: "x").text == "Unknown '␛[31m'.")
  }
}
