import Testing

@testable import LVSModel
@testable import LVSText

struct CommandLinesTests {
  @Test(arguments: ["director1", "director2", "web1"])
  func `each step is a line of the tool that does it`(name: String) throws {
    let plan = try Plans.plan(name, from: HostState(), file: good(Classic.rich))
    try expectGolden(plan.plan.commandLines.map { $0 + "\n" }.joined(), "commands-\(name).txt")
  }

  @Test func `updates are edits, and deletions name what goes`() throws {
    try expectGolden(try Plans.drift().plan.commandLines.map { $0 + "\n" }.joined(), "commands-drift.txt")
    var observed = HostState()
    observed.syncDaemons[.master] = SyncDaemon(interface: "eth9")
    observed.addresses[AddressID(IPAddress(ipv4: 0x0a00_0001), interface: "it's")] = AddressSettings()
    let plan = try Plans.plan("director1", from: observed, file: good(Classic.rich))
    let lines = plan.plan.commandLines
    #expect(lines.contains(#"ip addr del 10.0.0.1/32 dev 'it'\''s'"#))
    let stop = try #require(lines.firstIndex(of: "ipvsadm --stop-daemon master"))
    #expect(lines[stop + 1].hasPrefix("ipvsadm --start-daemon master --mcast-interface ens33 --syncid 7"))
  }

  @Test func `several nodes have a comment each`() throws {
    let plans = [try Plans.weights(), try Plans.plan("web1", from: Classic.target("web1").state)]
    #expect(plans.commandLines.first == "# director1")
    #expect(!plans.commandLines.contains("# web1"))
  }
}
