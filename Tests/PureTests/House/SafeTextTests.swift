import Glibc
import Testing

/// The places in the source where a text is taken for safe: few, and each with its reason.
struct SafeTextTests {
  private func source(_ modules: [String]? = nil) throws -> [(file: String, text: String)] {
    try SwiftFiles.below("Sources").filter { file in
      modules?.contains { file.path.hasPrefix("\($0)/") } ?? true
    }.map { (file: $0.path, text: $0.text) }
  }

  @Test func `only what has made its lines safe itself is said verbatim`() throws {
    let known = [
      // Message itself, and what renders lines that TextLine or Printable made.
      "LVSText/Words/Message.swift", "lvsctl/Diff.swift", "lvsctl/Export/Export.swift", "lvsctl/Main.swift",
      "lvsctl/SourceFile.swift", "lvsctld/Configuration.swift",
    ]
    let words = ["verbatim: ", "stringLiteral: "]
    let files = try source().filter { file in words.contains { file.text.contains($0) } }
    #expect(files.map(\.file) == known)
  }

  @Test func `nothing is written to a standard stream but through Terminal, and no sentence as a document`() throws {
    let calls = ["fputs(", "fprintf(", "perror(", "debugPrint("]
    let modules = ["lvsctl", "LVSText", "LVSModel", "LVSConfig", "LVSPlan", "LVSRender", "LVSKernel", "LVSNode"]
    for (file, text) in try source(modules) {
      for call in calls { #expect(!text.contains(call), "\(file)") }
      for line in text.split(separator: "\n") where line.contains("print(") {
        let isTerminal = line.contains("Terminal.print(") || line.contains("static func print(")
        #expect(isTerminal, "\(file): \(line)")
        let isSentence = line.contains("Terminal.print(\"") && line.contains("\\(")
        #expect(!isSentence, "\(file): \(line): Terminal.tell shows what is foreign")
      }
    }
  }
}
