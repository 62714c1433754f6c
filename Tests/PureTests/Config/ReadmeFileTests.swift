import LVSConfig
import Testing

/// What README.md has of cluster files is what the reader takes.
struct ReadmeFileTests {
  private static func text(_ label: String) throws -> String {
    let blocks = try Readme().blocks(label)
    #expect(!blocks.isEmpty, "\(label)")
    return blocks.map(\.text).joined()
  }

  /// The lines of a file that say something, with blanks as they come.
  private static func words(_ text: String) -> [Substring] {
    text.split(separator: "\n").map { $0.prefix { $0 != "#" } }.flatMap { $0.split(separator: " ") }
  }

  @Test func `the file of the first page is the example`() throws {
    let example = try read("\(projectFolder)/Examples/cluster.conf")
    #expect(try Self.words(Self.text("first-file")) == Self.words(example))
    let lines = try Self.text("first-file").split(separator: "\n")
    #expect(lines.count <= 12)
  }

  /// A part of a file stands in the place of what the first page's says of the same keys, or beside it.
  @Test(arguments: ["first-file", "vrrp", "health", "schema"])
  func `each file, and each part of one, is valid`(label: String) throws {
    let part = try Self.text(label)
    let keys = part.split(separator: "\n").compactMap { $0.wholeMatch(of: #/([a-z_]+):.*/#)?.1 }
    var isReplaced = false
    let rest = try Self.text("first-file").split(separator: "\n").filter { line in
      if let key = line.wholeMatch(of: #/([a-z_]+):.*/#)?.1 { isReplaced = keys.contains(key) }
      return !isReplaced
    }
    let file = part + rest.map { $0 + "\n" }.joined()
    let reading = ClusterFile.read(Array(file.utf8))
    #expect(reading.file != nil && reading.diagnostics.isEmpty, "\(reading.diagnostics)\n\(file)")
  }

  @Test func `keys in the table of words are those of the file`() throws {
    let known = Set(KeyTable.entries.compactMap { $0.path.split(separator: ".").last })
    let prose = try Readme().prose
    let begin = try #require(prose.firstIndex { $0.hasPrefix("| ipvsadm") })
    let rows = prose[begin...].prefix { $0.hasPrefix("|") }.dropFirst(2)
    #expect(rows.count > 20)
    for row in rows {
      let cells = row.split(separator: "|")
      try #require(cells.count == 3, "\(row)")
      for code in cells[2].matches(of: #/`([^`]+)`/#) {
        for key in code.1.matches(of: #/([a-z_]+): /#) { #expect(known.contains(key.1), "\(row)") }
      }
    }
  }
}
