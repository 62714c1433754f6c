import Glibc
import LVSConfig
import LVSText
import Testing

/// The folder with the faulty files and what is said of them.
private let faults = folder(of: #filePath) + "/../Faults"

/// Faulty files, each with the diagnostics it must give, to the letter.
///
/// `LVSCTL_RECORD=1` writes what is given now, and fails, so that a recording is never taken for a test.
struct FaultFileTests {
  static let names = fileNames(in: faults, endingIn: ".conf")

  /// The codes that the files show between them; a file that cannot be read shows none.
  static let shown = Set(
    names.flatMap { name in
      ClusterFile.read((try? contents(of: "\(faults)/\(name).conf")) ?? []).diagnostics.map(\.code)
    })

  @Test(arguments: names)
  func `a faulty file says what is wrong, where, and what to do`(name: String) throws {
    let source = try contents(of: "\(faults)/\(name).conf")
    let reading = ClusterFile.read(source)
    #expect(reading.file == nil)
    let text = ExcerptRenderer(fileName: "\(name).conf", source: source, usesColor: false).text(reading.diagnostics)
    let golden = "\(faults)/\(name).txt"
    if getenv("LVSCTL_RECORD") != nil {
      try write(text, to: golden)
      Issue.record("recorded \(name).txt; unset LVSCTL_RECORD to test")
      return
    }
    #expect(text == String(decoding: try contents(of: golden), as: UTF8.self))
  }

  @Test func `there are enough faulty files`() {
    #expect(Self.names.count >= 40)
  }

  @Test(arguments: FindingCode.faults)
  func `every code is explained and shown by a faulty file`(code: FindingCode) throws {
    let explanation = try #require(code.explanation)
    #expect(explanation.count > 60)
    // Prose is wrapped for a terminal; examples are indented and stay as they are.
    #expect(explanation.split(separator: "\n").allSatisfy { $0.hasPrefix(" ") || $0.count <= 80 })
    #expect(code.rawValue.allSatisfy { $0.isLowercase || $0.isNumber || $0 == "-" })
    // A file of four million values shows this one; it has a test of its own.
    guard code != .tooLarge else { return }
    #expect(Self.shown.contains(code), "no file in Tests/PureTests/Faults shows \(code.rawValue)")
  }

  @Test func `every code that is shown is in the list, and no code is there twice`() {
    #expect(Self.shown.isSubset(of: FindingCode.faults))
    #expect(Set(FindingCode.faults.map(\.rawValue)).count == FindingCode.faults.count)
    #expect(FindingCode("no-such-fault").explanation == nil)
  }

  @Test(arguments: names)
  func `diagnostics come in file order, inside the file, with help and whole sentences`(name: String) throws {
    let source = try contents(of: "\(faults)/\(name).conf")
    let diagnostics = ClusterFile.read(source).diagnostics
    #expect(!diagnostics.isEmpty)
    let lines = source.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).count
    let starts = diagnostics.compactMap(\.range?.start)
    #expect(starts == starts.sorted())
    for diagnostic in diagnostics {
      #expect(diagnostic.message.last == ".")
      #expect(diagnostic.help?.last == "." || diagnostic.help?.last == "?")
      guard let range = diagnostic.range else { continue }
      #expect(range.start.line >= 1 && range.start.column >= 1 && range.start.line <= lines)
      #expect(range.start <= range.end)
    }
  }
}
