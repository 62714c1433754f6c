import Testing

/// The house has floors: whoever stands on one uses what is below, and nothing above or beside it.
///
/// Package.swift says the same to the compiler; this finds a floor that was given too much there.
struct FloorTests {
  /// Each module with those it may use.
  private static let below: [(module: String, uses: Set<String>)] = [
    ("LVSText", []),
    ("LVSSystem", ["CSystem", "LVSText"]),
    ("LVSApart", ["CSystem", "LVSSystem", "LVSText"]),
    ("LVSModel", ["LVSText"]),
    ("LVSConfig", ["CYAML", "LVSModel", "LVSText"]),
    ("LVSPlan", ["LVSConfig", "LVSModel", "LVSText"]),
    ("LVSRender", ["LVSModel", "LVSPlan", "LVSText"]),
    ("LVSKernel", ["CNetlink", "LVSModel", "LVSSystem", "LVSText"]),
    ("LVSNode", ["CNetlink", "LVSConfig", "LVSKernel", "LVSModel", "LVSPlan", "LVSSystem", "LVSText"]),
    ("LVSChecks", ["CCurl", "CSystem", "LVSModel", "LVSSystem", "LVSText"]),
    ("LVSSandbox", ["CSystem", "LVSSystem"]),
    (
      "LVSRehearsal",
      [
        "LVSConfig", "LVSKernel", "LVSModel", "LVSNode", "LVSPlan", "LVSRender", "LVSSandbox", "LVSSystem", "LVSText",
      ]
    ),
  ]

  @Test(arguments: below) func `a module uses only what is below it`(module: String, uses: Set<String>) throws {
    let imported = try SwiftFiles.below("Sources/\(module)").reduce(into: Set()) {
      $0.formUnion(SwiftFiles.imports(of: $1.text))
    }
    #expect(!imported.isEmpty)
    let others = imported.subtracting(["Glibc", "Synchronization"])
    #expect(others.isSubset(of: uses), "\(module) uses \(others.subtracting(uses).sorted())")
  }

  /// It is one file that needs no library of the system, and starts quickly.
  @Test func `lvsctl has nothing of what asks real servers`() throws {
    let imported = try SwiftFiles.below("Sources/lvsctl").reduce(into: Set()) {
      $0.formUnion(SwiftFiles.imports(of: $1.text))
    }
    #expect(imported.contains("LVSNode"))
    #expect(imported.isDisjoint(with: ["CCurl", "LVSChecks"]))
  }

  /// Whoever uses the application as a library says what is to be said, and ends when it likes.
  @Test func `what is done to a node writes to no standard stream and ends no process`() throws {
    let calls: Set<String> = [
      "print", "debugPrint", "puts", "fputs", "perror", "exit", "_exit", "abort",
    ]
    let streams: Set<String> = ["STDOUT_FILENO", "STDERR_FILENO"]
    for (path, text) in try SwiftFiles.below("Sources/LVSNode") {
      let words = SwiftFiles.words(of: text)
      for (word, next) in zip(words, words.dropFirst()) {
        #expect(!streams.contains(word) && !(calls.contains(word) && next == "("), "\(path): \(word)")
      }
    }
  }

  @Test func `every module of the application has its floor`() throws {
    let folders = try names(in: "\(projectFolder)/Sources").filter { $0.hasPrefix("LVS") }
    #expect(folders.sorted() == Self.below.map(\.module).sorted())
  }
}
