import Testing

@testable import LVSConfig
@testable import LVSModel
@testable import LVSText

/// What a file costs its reader, in work that is counted.
struct BoundsTests {
  /// The work that the advice on a file takes.
  private func adviceWork(_ bytes: [UInt8]) -> (work: Int, diagnostics: [Finding]) {
    let source = SourceText(bytes)
    let yaml = YAMLReading(source)
    let suggestions = yaml.faults.suggestions
    let faults = FileFaults(yaml.faults, in: source)
    if yaml.isComplete {
      var unfolding = Unfolding(ClusterFileReader(tape: yaml.tape, faults: faults).read(), faults)
      _ = unfolding.file()
    }
    return (SuggestionBudget.standard - suggestions.left, faults.diagnostics())
  }

  @Test(arguments: Shapes.all.map(\.name))
  func `the advice on a file costs the same at most, however the file is built`(name: String) throws {
    let shape = try #require(Shapes.all.first { $0.name == name })
    for size in [1 << 16, 1 << 17] {
      let (work, diagnostics) = adviceWork(shape.file(size))
      #expect(!diagnostics.isEmpty)
      #expect(diagnostics.count <= 101)
      // The last comparison is finished: two words of 64 characters.
      #expect(work <= SuggestionBudget.standard + 65 * 65, "\(work) at \(size) bytes")
    }
  }

  @Test func `a slip in a file of a thousand names is still told`() {
    let names = (0..<1000).map { "- { name: web\(1000 + $0), address: 10.0.\($0 >> 8).\($0 & 255) }\n" }
    let text =
      "directors: [{ name: d, address: 10.9.0.1, interface: eth0 }]\nreal_servers:\n" + names.joined()
      + "pools: { p: [wbe1999] }\nservices: []\n"
    let diagnostics = ClusterFile.read(Array(text.utf8)).diagnostics
    #expect(diagnostics.contains { $0.help == "Did you mean `web1999`?" })
  }

  @Test func `nothing is suggested that was not compared with all others`() {
    let budget = SuggestionBudget(100)
    #expect(budget.nearest(to: "web1", among: (0..<200).map { "wxy\($0)" } + ["web1"]) == nil)
    #expect(budget.isSpent)
    #expect(budget.nearest(to: "web1", among: ["web1"]) == nil)
  }

  @Test(arguments: ["vip: x, port: 80", "vip: 10.9.9.9, port: x", "vip: x, port: 1-65535", "fwmark: x"])
  func `faulty services do not look at real servers for nothing`(service: String) throws {
    let servers = (0..<2000).map { "- { name: w\($0), address: 10.1.\($0 >> 8).\($0 & 255) }\n" }
    let text =
      "directors: [{ name: d, address: 10.0.0.1, interface: eth0 }]\nreal_servers:\n" + servers.joined() + "services:\n"
      + String(repeating: "- { \(service) }\n", count: 600)
    let source = SourceText(Array(text.utf8))
    let (draft, faults) = ClusterDraft.read(source)
    var unfolding = Unfolding(try #require(draft), faults)
    _ = unfolding.file()
    #expect(unfolding.entries > ClusterFile.entryLimit)
    #expect(faults.diagnostics().contains { [.tooManyFaults, .tooManyEntries].contains($0.code) })
  }

  @Test(arguments: ["", "a: b\n...\n", "# c\r", "a: b\u{2028}"])
  func `directives that libyaml compares with each other are refused`(before: String) {
    let directives = (0..<40).map { "%TAG !e\($0)! tag:x\n" }.joined()
    #expect(ClusterFile.read(Array((before + directives).utf8)).diagnostics.map(\.code) == [.tag])
  }

  @Test func `a directive that libyaml would copy into each tag is refused, and a short one is not`() {
    let long = "%TAG !e! tag:\(String(repeating: "x", count: 9999))\n--- { name: !e!x a }\n"
    #expect(ClusterFile.read(Array(long.utf8)).diagnostics.map(\.code) == [.tag])
    let short = "%TAG !e! tag:x\n---\ndirectors: [{ name: d, address: 10.0.0.1, interface: e }]\nservices: []\n"
    #expect(ClusterFile.read(Array(short.utf8)).diagnostics.isEmpty)
  }

  // MARK: Quoting

  @Test(arguments: [
    ("name: *", ""), ("name: !", " x"), ("name: !<", "> x"), ("name: &", " x"), ("? ", "\n: b"), ("name: '", "'"),
  ])
  func `what is quoted is cut first`(before: String, after: String) {
    let bytes = Shapes.run("a", 100_000, before, after + "\n")
    let diagnostics = ClusterFile.read(bytes).diagnostics
    #expect(!diagnostics.isEmpty)
    for diagnostic in diagnostics {
      #expect(diagnostic.message.text.utf8.count < 200, "\(diagnostic.message.text.prefix(300))")
      #expect((diagnostic.help?.text.utf8.count ?? 0) < 400)
    }
  }

  @Test func `a value is seen by its beginning, and refused for its length all the same`() {
    for (key, code) in [
      ("vips: [{ address: 10.0.0.9, label: 'X' }]", FindingCode.badLabel),
      ("sysctls: { director: { net.ipv4.a: 'X' } }", .badSysctl), ("ignore: ['10.0.0.0/X']", .badNetwork),
      ("timeouts: { tcp: X }", .outOfRange), ("sync: { interface: 'X' }", .badInterface),
    ] {
      let text =
        "directors: [{ name: d, address: 10.0.0.1, interface: e }]\nservices: []\n"
        + key.replacing("X", with: String(repeating: "1", count: 10_000)) + "\n"
      #expect(ClusterFile.read(Array(text.utf8)).diagnostics.map(\.code) == [code])
    }
    let label = ClusterFile.read(
      Array(
        "directors: [{ name: d, address: 10.0.0.1, interface: e }]\nservices: []\nvips: [{ address: 10.0.0.9, label: '\(String(repeating: "1", count: 10_000))' }]\n"
          .utf8)
    ).diagnostics
    #expect(label.first?.message.hasSuffix("has 10000 characters, and 15 fit.") == true)
  }
}
