import LVSModel
import Testing

struct PlanMarkdownTests {
  @Test func `a node is a section with a table`() throws {
    try expectGolden(try Plans.drift().markdown, "drift.md")
    try expectGolden(try [Plans.weights(), Plans.first("web2")].markdown, "nodes.md")
  }

  @Test func `equal changes are one row, and a long table is folded away`() throws {
    try expectGolden(try Plans.many().markdown, "many.md")
    let long = try Plans.first("director1", file: Plans.wide(ports: 8000...8004)).markdown
    #expect(long.contains("<details><summary>") == (long.split(separator: "\n").count { $0.hasPrefix("| ") } > 22))
  }

  @Test func `no name breaks out of its cell`() throws {
    let text = try Plans.names().markdown
    try expectGolden(text, "names.md")
    for row in text.split(separator: "\n") where row.hasPrefix("|") {
      // Cells are parted by bars; inside one every bar is a number, and every span ends where it began.
      #expect(row.count { $0 == "|" } == 5, "\(row)")
      #expect(row.count { $0 == "`" }.isMultiple(of: 2), "\(row)")
    }
    #expect(!text.contains("<b>"))
  }

  @Test func `a comment stays below the 65536 characters of GitHub, and says what it leaves out`() throws {
    let file = Plans.wide(ports: 1000...3000)
    var observed = try Classic.target("director1", file: file).state
    for (index, id) in observed.services.keys.sorted().enumerated() {
      observed.services[id]?.settings.persistence = Persistence(timeout: UInt32(index), netmask: .host(.ipv4))
    }
    let plan = try Plans.plan("director1", from: observed, file: file)
    for text in [plan.markdown, [plan, plan, plan].markdown] {
      #expect(text.utf8.count < 65536)
      #expect(text.contains(#/… and [0-9]+ more lines, which `lvsctl diff` shows\./#))
    }
  }
}
