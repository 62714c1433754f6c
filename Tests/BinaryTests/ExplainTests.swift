import LVSConfig
import LVSText
import Testing

/// `lvsctl validate --explain`, beside the table of keys.
struct ExplainTests {
  @Test func `explain tells of codes and of keys, and knows no other word`() throws {
    func explain(_ word: String) throws -> Ending { try shell("'\(lvsctlPath)' validate --explain \(word)") }
    #expect(try explain("port-mismatch").output == (FindingCode.portMismatch.explanation ?? "") + "\n")
    let page = try explain("persistence")
    #expect(page.status == 0 && page.output == KeyTable.explanation(of: "persistence").map { $0 + "\n" })
    let unknown = try explain("services.persistance")
    #expect(unknown.status == 64)
    #expect(
      unknown.output.contains(
        #"There is no code and no key "services.persistance". Did you mean services.persistence?"#))
    #expect(unknown.output.contains(" port-mismatch ") && unknown.output.contains(" services.real_servers.weight "))
    // Completion offers both.
    let words = "---completion validate -- --explain 2 0 lvsctl validate --explain ''"
    let offered = try shell("SAP_SHELL=bash '\(lvsctlPath)' \(words)").output.split(separator: "\n").map(String.init)
    #expect(offered == FindingCode.faults.map(\.rawValue) + KeyTable.entries.map(\.path))
  }
}
