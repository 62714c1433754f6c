import LVSConfig
import Testing

/// The reference of keys in README.md is that of the table.
struct KeyReferenceTests {
  /// The rows of a table of the README.
  private func rows(where isWanted: (KeyTable.Entry) -> Bool) -> String {
    let rows = KeyTable.entries.filter(isWanted).map { entry in
      "| `\(entry.path)` | \(entry.key.meaning.value.text) | \(entry.key.absenceText) | \(entry.key.meaning.help) |\n"
    }
    #expect(!rows.isEmpty && rows.allSatisfy { $0.count { $0 == "|" } == 5 })
    return "| key | value | default | meaning |\n| --- | --- | --- | --- |\n" + rows.joined()
  }

  /// A text with a part between two comments of Markdown replaced.
  private func replacing(_ name: String, in text: String, with part: String) throws -> String {
    let begin = try #require(text.firstRange(of: "<!-- \(name), written by KeyReferenceTests -->\n"))
    let end = try #require(text.firstRange(of: "<!-- end of the \(name) -->\n"))
    return text[..<begin.upperBound] + part + text[end.lowerBound...]
  }

  @Test func `the README tells of each key what the table says`() throws {
    let readme = "\(projectFolder)/README.md"
    var text = String(decoding: try contents(of: readme), as: UTF8.self)
    let isServices = { (entry: KeyTable.Entry) in entry.path.hasPrefix("services.") }
    text = try replacing("keys of the file", in: text, with: rows { !isServices($0) })
    text = try replacing("keys of a service", in: text, with: rows(where: isServices))
    try expectContents(text, of: readme)
  }
}
