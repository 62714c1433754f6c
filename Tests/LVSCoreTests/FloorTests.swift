import Testing

/// The house has floors: whoever stands on one uses what is below, and nothing above or beside it.
///
/// Package.swift says the same to the compiler; this finds a floor that was given too much there.
struct FloorTests {
  /// Each module with those it may use.
  private static let below: [(module: String, uses: Set<String>)] = [
    ("LVSText", []),
    ("LVSSystem", ["CSystem", "LVSText"]),
    ("LVSModel", ["LVSText"]),
    ("LVSConfig", ["CYAML", "LVSModel", "LVSText"]),
    ("LVSPlan", ["LVSConfig", "LVSModel", "LVSText"]),
    ("LVSRender", ["LVSModel", "LVSPlan", "LVSText"]),
    ("LVSKernel", ["CNetlink", "LVSModel", "LVSSystem", "LVSText"]),
    ("LVSNode", ["CNetlink", "LVSConfig", "LVSKernel", "LVSModel", "LVSPlan", "LVSSystem", "LVSText"]),
    ("LVSSandbox", []),
  ]

  @Test(arguments: below) func `a module uses only what is below it`(module: String, uses: Set<String>) throws {
    let lines = try shell("cd '\(projectFolder)/Sources/\(module)' && grep -rhoE '^import [A-Za-z.]+' . | sort -u")
      .output
    let imported = Set(lines.split(separator: "\n").map { String($0.dropFirst("import ".count)) })
    let others = imported.subtracting(["Glibc", "Synchronization"])
    #expect(others.isSubset(of: uses), "\(module) uses \(others.subtracting(uses).sorted())")
  }

  /// Whoever uses the application as a library says what is to be said, and ends when it likes.
  @Test func `what is done to a node writes to no standard stream and ends no process`() throws {
    let words = #"STD(OUT|ERR)_FILENO|\b(print|debugPrint|puts|fputs|perror|_?exit|abort)\("#
    let found = try shell("cd '\(projectFolder)/Sources' && grep -rnE '\(words)' LVSNode").output
    #expect(found == "")
  }

  @Test func `every module of the application has its floor`() throws {
    let folders = try shell("cd '\(projectFolder)/Sources' && ls -d LVS*").output.split(separator: "\n").map(
      String.init)
    #expect(folders.sorted() == Self.below.map(\.module).sorted())
  }
}
