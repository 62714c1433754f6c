import LVSRehearsal
import LVSText
import Testing

/// What is said of a rehearsal.
struct RehearsalReportTests {
  private var report: RehearsalReport {
    var report = RehearsalReport(cluster: "shop & \"co\"")
    report.checks = [
      CheckResult(.directReturn, node: "web1", .pass, "0 of 40 replies crossed director1"),
      CheckResult(.vipOwner, .fail, "web<2> answered"),
      CheckResult(.failover, .skip, "There is one director."),
    ]
    report.tallies = [
      RehearsalReport.Tally(
        service: "tcp 192.168.147.100:80", requests: 41, answers: [("web1", 20), ("web2", 20)], lost: 1)
    ]
    return report
  }

  @Test func `JSON has the checks in their order`() {
    #expect(
      JSONText.compact(report.json)
        == """
        { "format_version": 1, "passed": false, "checks": [\
        { "name": "direct-return", "node": "web1", "result": "pass", "evidence": "0 of 40 replies crossed director1" }, \
        { "name": "vip-owner", "node": null, "result": "fail", "evidence": "web<2> answered" }, \
        { "name": "failover", "node": null, "result": "skip", "evidence": "There is one director." }] }
        """)
  }

  @Test func `JUnit counts and escapes`() throws {
    try expectGolden(report.junit, "rehearsal.xml")
  }

  @Test func `text says who answered, and a verdict`() throws {
    let plain = Style(usesColor: false)
    let lines = report.checks.map(\.line) + report.table + [report.verdict]
    try expectGolden(lines.map { $0.text(plain) }.joined(separator: "\n") + "\n", "rehearsal.txt")
  }

  @Test func `a skipped check is no failure, and a failed one is`() {
    var report = report
    report.checks.removeAll { $0.result == .fail }
    #expect(report.passed)
    #expect(!self.report.passed)
  }
}
