import LVSConfig
import LVSModel
import LVSPlan
import LVSText
import Testing

/// The codes by which programs know what is said.
struct FindingCodeTests {
  private static let lists = [
    FindingCode.faults, FindingCode.examined, FindingCode.refusals, FindingCode.notes,
  ]

  @Test func `no code means two things`() {
    let codes = Self.lists.joined().map(\.rawValue)
    #expect(Set(codes).count == codes.count)
  }

  @Test(arguments: lists.flatMap(\.self)) func `a code is lower-case words`(code: FindingCode) {
    #expect(code.rawValue.wholeMatch(of: #/[a-z0-9]+(-[a-z0-9]+)*/#) != nil)
  }

  @Test func `every code is in the list of the file that declares it`() throws {
    let declaration = #/let [A-Za-z0-9]+ = Self\("([^"]+)"\)/#
    let files = try SwiftFiles.below("Sources").filter {
      $0.text.contains(" = Self(\"") && $0.text.contains(declaration)
    }
    #expect(
      files.map(\.path) == [
        "LVSConfig/FindingCode+Faults.swift", "LVSPlan/Findings/FindingCode+Nodes.swift",
        "LVSPlan/Findings/FindingCode+Refusals.swift",
      ])
    let declared = files.flatMap { $0.text.matches(of: declaration).map { String($0.1) } }
    #expect(declared == Self.lists.joined().map(\.rawValue))
  }

  @Test func `sysctls that nobody remembers are one note, with what they are now`() {
    let plan = Plan(changes: [
      .sysctl("net.ipv4.ip_forward", Difference(before: "0", after: "1")),
      .sysctl("kernel.panic", Difference(before: "0", after: "9")),
      .sysctl("vm.swappiness", Difference(before: nil, after: "1")),
    ])
    let note = plan.unrememberedNote
    #expect(note?.code == .unrememberedSysctl && note?.severity == .note)
    #expect(note?.subject == "kernel.panic, vm.swappiness")
    #expect(note?.facts == [Finding.Fact("kernel.panic", "0")])
    #expect(note?.message.hasSuffix("sets them back: kernel.panic (now 0), vm.swappiness.") == true)
    #expect(Plan(changes: Array(plan.changes.prefix(1))).unrememberedNote == nil)
  }

  @Test func `a machine of another cluster is an error, a warning or a note, and always the same code`() {
    var memory = MachineMemory()
    memory.cluster = "shop"
    memory.node = "web1"
    let found = [
      memory.refusal(of: "blog", Plan()), memory.warning(of: "blog"), memory.teardownNote(of: "blog", namesNode: true),
    ]
    #expect(found.map { $0?.code } == [.otherCluster, .otherCluster, .otherCluster])
    #expect(found.map { $0?.severity } == [.error, .warning, .note])
    for finding in found {
      #expect(finding?.node == "web1" && finding?.subject == "blog")
      #expect(finding?.facts == [Finding.Fact("former_cluster", "shop")])
    }
    #expect(memory.teardownNote(of: "shop", namesNode: false)?.code == .formerNode)
  }

  @Test func `a finding in a text is told with its place and without a node, and the other way round`() {
    let place = SourceRange(start: SourcePosition(line: 1, column: 2), end: SourcePosition(line: 1, column: 4))
    let fault = Finding(.badPort, "So.", at: place)
    #expect(
      JSONText.compact(fault.diagnosticJSON) == """
        { "code": "bad-port", "severity": "error", "message": "So.", "line": 1, "column": 2, "end_line": 1, \
        "end_column": 4, "help": null }
        """)
    #expect(Finding(.badPort, "So.").diagnosticJSON["line"] == .null)
    #expect(fault.on("d1").json["node"]?.text == "d1" && fault.json["line"] == nil)
  }
}
