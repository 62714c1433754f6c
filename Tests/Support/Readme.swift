/// README.md as its tests read it: each block of commands stands under a comment that names who runs it.
package struct Readme {
  /// A fenced block.
  package struct Block {
    /// What stands behind the fence: `sh`, `console`, `diff`, `yaml`, or nothing.
    package let language: String
    /// The test that runs it, and what it is called there: `<!-- run by RUNNER: LABEL -->` in front of it.
    package let runner: String?
    package let label: String?
    /// The number of the line with the fence.
    package let line: Int
    /// What is in it, without what the block as a whole is indented by.
    package fileprivate(set) var lines: [String] = []

    package var text: String { lines.map { $0 + "\n" }.joined() }
  }

  package let text: String
  package private(set) var blocks: [Block] = []
  /// The texts of its headings.
  package private(set) var headings: [String] = []
  /// Its lines outside of blocks.
  package private(set) var prose: [String] = []

  package init() throws { self.init(try read("\(projectFolder)/README.md")) }

  package init(_ text: String) {
    self.text = text
    var open: (block: Block, indent: Int)?
    var marker: (runner: String, label: String)?
    for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let bare = line.drop { $0 == " " }
      if let (block, indent) = open {
        if bare == "```" {
          blocks.append(block)
          open = nil
        } else {
          open?.block.lines.append(String(line.dropFirst(min(indent, line.count - bare.count))))
        }
      } else if bare.hasPrefix("```") {
        let block = Block(
          language: String(bare.dropFirst(3)), runner: marker?.runner, label: marker?.label, line: number + 1)
        open = (block, line.count - bare.count)
        marker = nil
      } else {
        marker = bare.wholeMatch(of: #/<!-- run by (\S+): ([a-z0-9-]+) -->/#).map { (String($0.1), String($0.2)) }
        if line.hasPrefix("#") { headings.append(String(line.drop { $0 == "#" }.dropFirst())) }
        prose.append(String(line))
      }
    }
  }

  /// The blocks with this label, in their order.
  package func blocks(_ label: String) -> [Block] { blocks.filter { $0.label == label } }
}

extension Readme.Block {
  /// Whether somebody would type it, or write it into a file.
  package var isForUse: Bool { !["", "text"].contains(language) }

  /// A text edited as the block says, a `diff` whose parts are told apart by `@@`.
  package func edit(_ text: String) throws -> String {
    var text = text
    for part in lines.split(separator: "@@") {
      func side(without sign: Character) -> String {
        part.filter { $0.first != sign }.map { $0.dropFirst() + "\n" }.joined()
      }
      let (old, new) = (side(without: "+"), side(without: "-"))
      guard !old.isEmpty, text.ranges(of: old).count == 1 else {
        throw TestFailure(description: "README.md, line \(line): this is not once in the file:\n\(old)\(text)")
      }
      text = text.replacing(old, with: new)
    }
    return text
  }
}
