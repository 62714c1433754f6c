import LVSConfig
import LVSModel
import LVSPlan
import LVSRender
import LVSText
import Testing

/// What holds of all metrics, lvsctl's and lvsctld's.
struct MetricsTests {
  private static func scrapes() throws -> [Exposition] {
    try [Scrapes.status("director1"), Scrapes.keeping("director1")].map(Exposition.init)
  }

  @Test func `the README tells of each metric what is written`() throws {
    let metrics = try Self.scrapes().flatMap(\.metrics)
    let rows = metrics.map { metric in
      let labels = metric.labels.filter { $0 != "cluster" && $0 != "node" }.map { "`\($0)`" }.joined(separator: ", ")
      #expect(metric.labels.starts(with: ["cluster", "node"]), "\(metric.name)")
      return "| `\(metric.name)` | \(metric.kind) | \(labels) | \(metric.help) |\n"
    }
    #expect(rows.allSatisfy { $0.count { $0 == "|" } == 5 })
    let readme = "\(projectFolder)/README.md"
    let text = String(decoding: try contents(of: readme), as: UTF8.self)
    let begin = try #require(text.firstRange(of: "<!-- metrics, written by MetricsTests -->\n"))
    let end = try #require(text.firstRange(of: "<!-- end of the metrics -->\n"))
    let table = "| metric | type | labels | meaning |\n| --- | --- | --- | --- |\n" + rows.joined()
    try expectContents(text[..<begin.upperBound] + table + text[end.lowerBound...], of: readme)
  }

  /// The README, the rules and the dashboard are held against the fixture: it has to have everything.
  @Test func `the example of what is written has every metric of the source`() throws {
    var names: Set<String> = []
    for (_, text) in try SwiftFiles.below("Sources/LVSRender") {
      for match in text.matches(of: #/\bMetric\(\s*"([a-z_]+)"/#) { names.insert(String(match.1)) }
    }
    #expect(names.count > 40)
    #expect(Set(try Self.scrapes().flatMap(\.metrics).map(\.name)) == names)
  }

  @Test func `two marks of one number, and two nodes, share no series`() throws {
    let all = try Scrapes.nodes.flatMap {
      try [Scrapes.status($0), Scrapes.keeping($0)].flatMap { try Exposition($0).samples }
    }
    #expect(Dictionary(grouping: all, by: \.series).allSatisfy { $0.value.count == 1 })
    let services = all.filter { $0.name == "lvs_service_info" }.map { sample in
      ["service", "protocol", "vip_name", "family"].map { name in
        sample.labels.first { $0.name == name }?.value ?? "no label"
      }
    }
    #expect(
      services.contains(["10 ipv4", "fwmark", "", "ipv4"]) && services.contains(["10 ipv6", "fwmark", "", "ipv6"]))
    #expect(services.contains(["192.168.147.100:80", "tcp", "front", "ipv4"]))
  }

  @Test func `no series is written twice, whatever the machine holds`() throws {
    for seed in 1...200 as ClosedRange<UInt64> {
      var states = RandomStates(seed: seed, isHostile: seed.isMultiple(of: 2))
      let state = states.state()
      // Two real servers of one service may have one address: names go by the address.
      let health = state.services.mapValues { service in
        service.realServers.map { MemberHealth($0.key, settings: $0.value, health: ServerHealth(.down, since: 7)) }
      }
      let vips = Set(state.services.keys.compactMap(\.vip))
      let report = StatusReport(
        identity: seed.isMultiple(of: 3) ? nil : StatusReports.identity, ipvs: StatusReports.ipvs,
        syncDaemons: state.syncDaemons, wantedSyncRoles: [.master],
        vips: vips.map { VIPStatus(address: $0, isHeld: true) }, services: state.services,
        drift: StatusReport.Drift(), health: health,
        serviceHealth: state.services.mapValues { _ in ServiceHealth(up: 1) })
      let exposition = try Exposition(TextSink.text { report.writePrometheus(to: &$0) })
      #expect(exposition.repeated.isEmpty, "seed \(seed): \(exposition.repeated)")
      #expect(exposition.samples.count { $0.name == "lvs_service_info" } == state.services.count)
    }
  }

  @Test func `two checks have never the same labels`() throws {
    for seed in 1...100 as ClosedRange<UInt64> {
      var rules = RandomRules(seed: seed)
      var file = Checked.file([])
      // Every question is put to one address and port, so that it is all in the words of the check.
      file.services[0].realServers[0].checks = (0..<20).map { _ in
        let rule = rules.rule()
        return Check(rule.question.means, address: Classic.web1, port: 80, timeout: rule.question.timeout)
      }
      let node = try file.node(named: "director1", role: .auto)
      var book = CheckBook()
      book.follow(file, node)
      let metrics = KeepingMetrics(
        cluster: "c", node: "n", role: "director", book: book, names: [:], mends: [:], contests: 0, rounds: 0,
        failures: 0, roundSeconds: 0, isKept: true, lastSuccess: 0, isConfigurationValid: true, configurationTime: 0,
        lateness: 0)
      let exposition = try Exposition(TextSink.text { metrics.write(to: &$0) })
      #expect(exposition.repeated.isEmpty, "seed \(seed): \(exposition.repeated)")
      let counted = exposition.samples.count { $0.name == "lvsctld_check_passes_total" }
      #expect(counted == book.checks.questions.count && counted > 0)
    }
  }
}
