import LVSText
import Testing

struct TextLineTests {
  private let plain = Style(usesColor: false)

  @Test(arguments: [
    ("abcdef", 6, "abcdef"), ("abcdef", 5, "abcd…"), ("abcdef", 1, "…"), ("abcdef", 0, ""), ("東京都", 6, "東京都"),
    ("東京都", 5, "東京…"), ("東京都", 4, "東…"), ("e\u{301}te\u{301}", 3, "e\u{301}te\u{301}"),
    ("e\u{301}te\u{301}", 2, "e\u{301}…"),
  ])
  func `a line is cut at the terminal's last column`(text: String, width: Int, shown: String) {
    #expect(TextLine(text).text(plain, width: width) == shown)
  }

  @Test func `a cut falls between colours, and each colour ends where it began`() {
    var line = TextLine("one ", .red)
    line.append("two ", .green)
    line.append("three")
    let style = Style(usesColor: true)
    #expect(line.text(style, width: 7) == "\u{1b}[31mone \u{1b}[0m\u{1b}[32mtw\u{1b}[0m…")
    #expect(line.text(style, width: 13) == "\u{1b}[31mone \u{1b}[0m\u{1b}[32mtwo \u{1b}[0mthree")
  }
}
