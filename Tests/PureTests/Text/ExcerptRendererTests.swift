import LVSConfig
import LVSText
import Testing

struct ExcerptRendererTests {
  private func lines(
    _ source: String, line: Int, column: Int, length: Int = 1, message: String = "Something.", color: Bool = false,
    file: String = "f"
  ) -> [String] {
    let start = SourcePosition(line: line, column: column)
    let end = SourcePosition(line: line, column: column + length)
    let finding = Finding(.syntax, Message(foreign: message), at: SourceRange(start: start, end: end), help: "Mend it.")
    return ExcerptRenderer(fileName: file, source: Array(source.utf8), usesColor: color).text([finding])
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  @Test func `a fault has its code, place, line, caret and help`() {
    #expect(
      lines("a\nport: 0080\n", line: 2, column: 7, length: 4) == [
        "error[syntax]: Something.", " --> f:2:7", "  |", "2 | port: 0080", "  |       ^^^^", "  = help: Mend it.", "",
      ])
  }

  @Test func `a fault without a place has no excerpt`() {
    let text = ExcerptRenderer(fileName: "f", source: [], usesColor: false)
      .text([Finding(.tooManyFaults, severity: .warning, "More.")])
    #expect(text == "warning[too-many-faults]: More.\n")
  }

  @Test(arguments: [
    ("\tport: x", 8, "    port: x", 10), ("日本: x", 5, "日本: x", 6), ("e\u{301}: x", 5, "e\u{301}: x", 3),
    ("a\u{1b}[31m: x", 9, "a␛[31m: x", 8), ("a\u{202e}b: x", 6, "a<U+202E>b: x", 12), ("🙂: x", 4, "🙂: x", 4),
  ])
  func `the caret stands under its character whatever is before it`(
    source: String, column: Int, shown: String, indent: Int
  ) {
    let lines = lines(source, line: 1, column: column)
    #expect(lines[3] == "1 | " + shown)
    #expect(lines[4] == "  | " + String(repeating: " ", count: indent) + "^")
  }

  @Test func `a long line is cut around the caret`() {
    let source = String(repeating: "a", count: 5000) + "FAULT" + String(repeating: "b", count: 5000)
    let lines = lines(source, line: 1, column: 5001, length: 5)
    #expect(lines[3] == "1 | …" + String(repeating: "a", count: 40) + "FAULT" + String(repeating: "b", count: 54) + "…")
    #expect(lines[4] == "  | " + String(repeating: " ", count: 41) + "^^^^^")
  }

  @Test func `a long underline ends with the excerpt`() {
    let lines = lines(String(repeating: "a", count: 5000), line: 1, column: 1, length: 5000)
    #expect(lines[3] == "1 | " + String(repeating: "a", count: 100) + "…")
    #expect(lines[4] == "  | " + String(repeating: "^", count: 100))
  }

  @Test func `a fault at the end of a text without a last line feed has a caret`() {
    #expect(lines("ab", line: 1, column: 3)[4] == "  |   ^")
    #expect(lines("", line: 1, column: 1)[3...4] == ["1 |", "  | ^"])
  }

  @Test func `messages and file names cannot steer a terminal`() {
    let lines = lines("a", line: 1, column: 1, message: "`\u{1b}[2J\u{9b}` is odd.", file: "\u{7}x")
    #expect(lines[0] == "error[syntax]: `␛[2J<U+009B>` is odd.")
    #expect(lines[1] == " --> ␇x:1:1")
  }

  @Test func `color is an addition only`() {
    let plain = lines("port: 0080", line: 1, column: 7, length: 4)
    let colored = lines("port: 0080", line: 1, column: 7, length: 4, color: true)
    #expect(colored != plain)
    let stripped = colored.map { line in
      line.split(separator: "\u{1b}", omittingEmptySubsequences: false).enumerated()
        .map { $0 == 0 ? String($1) : String($1.drop { $0 != "m" }.dropFirst()) }.joined()
    }
    #expect(stripped == plain)
  }
}
