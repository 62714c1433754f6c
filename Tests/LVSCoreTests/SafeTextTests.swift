import Glibc
import Testing

/// The places in the source where a text is taken for safe: few, and each with its reason.
struct SafeTextTests {
  private func source(_ folder: String) throws -> [(file: String, text: String)] {
    let list = try shell("cd '\(projectFolder)/Sources' && find \(folder) -name '*.swift' | sort").output
    return try list.split(separator: "\n").map { file in
      (String(file), String(decoding: try contents(of: "\(projectFolder)/Sources/\(file)"), as: UTF8.self))
    }
  }

  @Test func `only what has made its lines safe itself is said verbatim`() throws {
    let known = [
      // Message itself, and what renders lines that TextLine or Printable made.
      "LVSText/Words/Message.swift", "lvsctl/Diff.swift", "lvsctl/Main.swift", "lvsctl/SourceFile.swift",
    ]
    let words = ["verbatim: ", "stringLiteral: "]
    let files = try source(".").filter { file in words.contains { file.text.contains($0) } }
    #expect(files.map { String($0.file.dropFirst(2)) } == known)
  }

  @Test func `nothing is written to a standard stream but through Terminal, and no sentence as a document`() throws {
    let calls = ["fputs(", "fprintf(", "perror(", "debugPrint("]
    for (file, text) in try source("lvsctl LVSText LVSModel LVSConfig LVSPlan LVSRender LVSKernel LVSNode") {
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
