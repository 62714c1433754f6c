import Testing

/// Tests lie by what they cost: values in and values out, the binary or another program, a kernel of their own.
struct CostTests {
  /// What is called to start a program, the system's or this project's, and the path of what is started.
  private static let starters: Set<String> = [
    "CapturedRun(", "InteractiveShell(", "Program(", "PseudoTerminal(", "RunningCommand(", "execve(", "fork(",
    "lvsctlPath", "popen(", "posix_spawn(", "posix_spawnp(", "shell(", "writeProgram(",
  ]

  /// The words of each file of a folder, and those with a parenthesis behind them once more with it.
  private func words(in folder: String) throws -> [(path: String, words: Set<String>)] {
    let files = try SwiftFiles.below("Tests/\(folder)").map { path, text in
      let words = SwiftFiles.words(of: text)
      return (path, Set(words).union(zip(words, words.dropFirst()).filter { $1 == "(" }.map { $0.0 + "(" }))
    }
    #expect(!files.isEmpty)
    return files
  }

  @Test func `no pure test starts a program`() throws {
    for (path, words) in try words(in: "PureTests") {
      let found = words.intersection(Self.starters)
      #expect(found.isEmpty, "\(path) uses \(found.sorted())")
    }
  }

  @Test func `each suite of binary tests starts one`() throws {
    for (path, words) in try words(in: "BinaryTests") where path.hasSuffix("Tests.swift") {
      #expect(!words.isDisjoint(with: Self.starters), "\(path)")
    }
  }

  @Test(arguments: ["PureTests", "BinaryTests", "Fixtures", "Support"])
  func `only kernel tests need the sandbox`(folder: String) throws {
    for (path, text) in try SwiftFiles.below("Tests/\(folder)") {
      #expect(!SwiftFiles.imports(of: text).contains("LVSSandbox"), "\(path)")
    }
  }
}
