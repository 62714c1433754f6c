import LVSPlan
import LVSText
import Testing

struct PlanTextTests {
  private let plain = Style(usesColor: false)

  @Test(arguments: ["director1", "director2", "web1"])
  func `a first apply is a line for each step`(name: String) throws {
    try expectGolden(try Plans.first(name).text(plain), "first-\(name).txt")
  }

  @Test func `a drift shows old and new of what differs, connections that are cut, and what is left alone`() throws {
    try expectGolden(try Plans.drift().text(plain), "drift.txt")
    try expectGolden(try Plans.weights().text(plain), "weights.txt")
  }

  @Test func `colours say which action it is, and nothing else differs`() throws {
    let text = try Plans.drift().text(Style(usesColor: true))
    try expectGolden(text, "drift-color.txt")
    #expect(text.replacing(#/\u{1b}\[[0-9]+m/#, with: "") == (try Plans.drift().text(plain)))
  }

  @Test func `equal changes to many services are one line with a count, unless asked for`() throws {
    let plan = try Plans.many()
    try expectGolden(plan.text(plain), "many.txt")
    let lines = plan.text(plain, isVerbose: true).split(separator: "\n")
    #expect(lines.count { $0.hasPrefix("  ~") || $0.hasPrefix("  +") } == plan.plan.changes.count)
  }

  @Test func `more than twenty unmanaged services are counted, unless asked for`() throws {
    var plan = try Plans.drift()
    plan.plan.unmanaged = (1...25).map { .fwmark($0, .ipv4) }
    #expect(plan.text(plain).contains("\n  ? unmanaged   and 5 more\n"))
    #expect(plan.text(plain, isVerbose: true).contains("fwmark 25 ipv4"))
  }

  @Test func `wide and combining characters keep the columns, and controls stay visible`() throws {
    let text = try Plans.names().text(plain)
    try expectGolden(text, "names.txt")
    #expect(!text.unicodeScalars.contains { $0 != "\n" && $0.properties.generalCategory == .control })
  }

  @Test func `nothing to do is one sentence`() throws {
    let plan = try Plans.plan("web1", from: Classic.target("web1").state)
    #expect(plan.text(plain) == "web1 (realserver) of cluster\nNothing to change: web1 is what the file says.\n")
  }

  @Test func `several nodes end with a count of all`() throws {
    let plans = [
      try Plans.weights(), try Plans.plan("web1", from: Classic.target("web1").state), try Plans.first("web2"),
    ]
    try expectGolden(plans.text(plain), "nodes.txt")
  }

  @Test(arguments: ["drift", "many", "names", "first", "weights"])
  func `no line is longer than 80 columns for its padding alone`(name: String) throws {
    let plan: NodePlan =
      switch name {
      case "drift": try Plans.drift()
      case "many": try Plans.many()
      case "names": try Plans.names()
      case "weights": try Plans.weights()
      default: try Plans.first("director1")
      }
    for line in plan.text(plain).split(separator: "\n") where line.count > 80 {
      #expect(line.prefix(18).count + line.dropFirst(18).replacing(#/ {3,}/#, with: "  ").count > 80, "\(line)")
    }
  }
}
