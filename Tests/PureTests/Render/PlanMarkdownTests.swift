import LVSConfig
import LVSModel
import LVSNode
import LVSPlan
import LVSRender
import LVSText
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

  // MARK: Several nodes

  /// The comparison of two files, as `diff` makes it.
  private func review(_ new: ClusterFile, from old: ClusterFile = ClusterFile(), isVerbose: Bool = false) -> String {
    let plans = Comparison.plans(from: old, to: new, prune: false)
    return TextSink.text { plans.writeMarkdown(isVerbose: isVerbose, to: &$0) }
  }

  /// The classic file with a name for its VIP.
  private var named: ClusterFile {
    var file = Classic.file()
    file.vips[0].name = "shop"
    return file
  }

  @Test func `the total is on top, nodes with one plan share a section, and a standby is a line`() throws {
    try expectGolden(review(named), "review.md")
    try expectGolden(review(named, isVerbose: true), "review-verbose.md")
  }

  @Test func `nodes without changes are one line, and a machine that leaves is said to`() throws {
    var old = named
    old.realServers.append(
      ClusterFile.RealServer(name: "web3", addresses: [IPAddress(ipv4: 0xc0a8_9302)]))
    var members = Array(old.services[0].realServers)
    members.append(
      ClusterFile.Member(
        server: 2, id: RealServerID(address: IPAddress(ipv4: 0xc0a8_9302), port: 80), settings: RealServerSettings()))
    old.services[0].realServers = ServiceMembers(members)
    try expectGolden(review(named, from: old), "review-leaving.md")
    #expect(review(named, from: named) == "## `cluster`: nothing to change on 4 nodes\n")
  }

  @Test func `a standby with steps of its own is told with them, and by itself where they are many`() throws {
    var file = named
    file.sysctls.standby = ["net.core.somaxconn": .value("9")]
    let few = review(file)
    #expect(few.contains("**`director2`** (standby): 9 changes, the same as on `director1` below but for: only there "))
    #expect(few.contains("; only here create sysctl `net.core.somaxconn` (`9`).\n"), "\(few)")
    #expect(!few.contains("### `director2`"))
    for number in 0..<6 { file.sysctls.standby?["net.core.x\(number)"] = .value("9") }
    #expect(review(file).contains("### `director2` (standby): 15 changes\n"))
  }

  @Test func `a comment about ever so many nodes stays one, and says how many it leaves out`() {
    var file = Classic.file()
    file.realServers = (0..<900).map { number in
      ClusterFile.RealServer(name: "web\(number)", addresses: [IPAddress(ipv4: 0x0a00_0001 + UInt32(number))])
    }
    file.vips = []
    // Each real server has a VIP of its own, so no two plans are alike.
    file.services = []
    for (number, server) in file.realServers.enumerated() {
      let vip = IPAddress(ipv4: 0x0a01_0001 + UInt32(number))
      file.vips.append(ClusterFile.VIP(address: vip))
      file.services.append(
        ClusterFile.Service(
          id: .address(.tcp, vip, port: 80), settings: ServiceSettings(),
          realServers: [
            ClusterFile.Member(
              server: number, id: RealServerID(address: server.addresses[0], port: 80), settings: RealServerSettings())
          ]))
    }
    for isVerbose in [false, true] {
      let text = review(file, isVerbose: isVerbose)
      #expect(text.utf8.count < 65536)
      #expect(text.contains(#/\n… and [0-9]+ nodes more, which `lvsctl diff` shows\.\n/#))
    }
    var alike = named
    alike.realServers = file.realServers
    alike.services[0].realServers = ServiceMembers(
      alike.realServers.enumerated().map { number, server in
        ClusterFile.Member(
          server: number, id: RealServerID(address: server.addresses[0], port: 80), settings: RealServerSettings())
      })
    #expect(review(alike).contains("`web20` and 879 more (realserver): 6 changes each\n"))
  }
}
