import Glibc
import LVSSystem
import Testing

/// README.md is run, block by block, by the tests that it names; its links lead somewhere.
struct ReadmeTests {
  private static let readme = (try? Readme()) ?? Readme("")

  @Test func `each block of commands says which test runs it, and that test reads it`() throws {
    let blocks = Self.readme.blocks.filter(\.isForUse)
    #expect(blocks.count > 30)
    for block in blocks {
      guard let runner = block.runner, let label = block.label else {
        Issue.record("README.md, line \(block.line): no test is named that runs this.")
        continue
      }
      let source = try Self.source(of: runner)
      #expect(source != "", "README.md, line \(block.line): there is no \(runner).")
      let call = try Regex("Tests/readme \(label)(?![a-z-])")
      #expect(
        source.contains("\"\(label)\"") || source.contains(call),
        "README.md, line \(block.line): \(runner) does not run \(label).")
    }
  }

  @Test func `a block that no test runs is told`() {
    let text =
      "<!-- run by RecipeTests: one -->\n```sh\na\n```\n\n```sh\nb\n```\n<!-- run by X: two -->\n\n```sh\nc\n```\n"
    #expect(Readme(text).blocks.map(\.label) == ["one", nil, nil])
    #expect(
      Readme("1. a\n\n   <!-- run by X: y -->\n   ```sh\n   a\n     b\n   ```\n").blocks.map(\.lines) == [["a", "  b"]])
  }

  /// The text of a runner: a script and those beside it, or the files that have a suite of that name.
  private static func source(of runner: String) throws -> String {
    if runner.contains("/") {
      guard access("\(projectFolder)/\(runner)", X_OK) == 0 else { return "" }
      let folder = folder(of: runner)
      let files = folder == "Tests" ? [runner] : try names(in: "\(projectFolder)/\(folder)").map { "\(folder)/\($0)" }
      return try files.map { try read("\(projectFolder)/\($0)") }.joined()
    }
    return try SwiftFiles.below("Tests").map(\.text).filter { $0.contains("struct \(runner) {") }.joined()
  }

  @Test func `its links lead to headings and files`() throws {
    let anchors = Set(Self.readme.headings.map(Self.anchor))
    var count = 0
    for line in Self.readme.prose {
      for link in line.matches(of: #/\]\(([^)]+)\)/#) {
        let target = String(link.1)
        count += 1
        if target.hasPrefix("#") {
          #expect(anchors.contains(String(target.dropFirst())), "\(line)")
        } else {
          #expect(access("\(projectFolder)/\(target)", F_OK) == 0, "\(line)")
        }
      }
    }
    #expect(count > 30)
  }

  @Test func `paths of the project that it names are there`() throws {
    var count = 0
    for line in Self.readme.prose {
      for name in line.matches(of: #/`((?:Examples|Tests|Sources)\/[A-Za-z0-9_.\/-]+)/#) {
        count += 1
        #expect(access("\(projectFolder)/\(name.1)", F_OK) == 0, "\(line)")
      }
    }
    #expect(count > 20)
  }

  @Test func `each example is linked`() throws {
    for name in try names(in: "\(projectFolder)/Examples") {
      #expect(Self.readme.text.contains("](Examples/\(name)"), "\(name)")
    }
  }

  @Test func `no heading is there twice`() {
    let anchors = Self.readme.headings.map(Self.anchor)
    #expect(Set(anchors).count == anchors.count)
  }

  @Test(arguments: [
    ("lvsctld: a cluster that lives", "lvsctld-a-cluster-that-lives"), ("1. Add a server", "1-add-a-server"),
    ("A VIP with /24", "a-vip-with-24"),
  ])
  func `a heading has the anchor that GitHub gives it`(heading: String, anchor: String) {
    #expect(Self.anchor(of: heading) == anchor)
  }

  private static func anchor(of heading: String) -> String {
    String(
      heading.lowercased().compactMap { character -> Character? in
        if character == " " { return "-" }
        return character.isLetter || character.isNumber || "-_".contains(character) ? character : nil
      })
  }
}
