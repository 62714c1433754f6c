import LVSText
import Testing

struct FindingRenderTests {
  private let plain = Style(usesColor: false)

  private func gateways(_ count: Int) -> [Finding] {
    (1...count).map { number in
      Finding(
        .drGateway, .error, node: "d1", subject: "10.0.0.\(number)", "web\(number) is behind a gateway.",
        facts: [Finding.Fact("via", "10.9.9.1")], help: "Move it.")
    }
  }

  private func text(_ findings: [Finding]) -> [String] { findings.lines.map { $0.text(plain) } }

  @Test func `a finding is a line with its help below`() {
    #expect(text(gateways(1)) == ["  error: web1 is behind a gateway.", "    Move it."])
    #expect(text([]) == [])
  }

  @Test func `many of one kind are counted, and help that is the same is told once`() {
    let down = Finding(.linkDown, .error, node: "d1", subject: "ens33", "ens33 is down.", help: "Raise it.")
    #expect(
      text(gateways(20) + [down]) == [
        "  error: web1 is behind a gateway.", "  error: web2 is behind a gateway.",
        "  error: web3 is behind a gateway.",
        "    Move it.", "    and 17 more (dr-gateway)", "  error: ens33 is down.", "    Raise it.",
      ])
  }

  @Test func `what comes from a file cannot break out of a terminal or a table`() throws {
    var plan = try Plans.plan("web1", from: Classic.target("web1").state)
    plan.findings = [Finding(.noRoute, .error, node: nil, subject: "x", "a\u{1b}[31m*b*|<i> `c` `d` e.", help: "`f")]
    #expect(plan.text(plain).hasSuffix("  error: a␛[31m*b*|<i> `c` `d` e.\n    `f\n"))
    #expect(plan.markdown.hasSuffix("\n- **error**: a␛&#91;31m&#42;b&#42;&#124;&#60;i&#62; `c` `d` e. &#96;f\n"))
  }

  @Test func `a finding in JSON is the map of the contract`() {
    let finding = gateways(1)[0]
    #expect(
      JSONText.compact(finding.json) == """
        { "code": "dr-gateway", "severity": "error", "node": "d1", "subject": "10.0.0.1", \
        "message": "web1 is behind a gateway.", "facts": { "via": "10.9.9.1" }, "help": "Move it." }
        """)
  }

  @Test func `a status counts them at its head and tells them at its end; an error is a fault`() {
    var report = StatusReports.classic()
    #expect(!report.isFaulty)
    report.findings = [Finding(.rpFilter, .warning, node: "d1", subject: "ens33", "It is strict.")]
    #expect(!report.isFaulty)
    report.findings = gateways(1) + report.findings
    #expect(report.isFaulty)
    let text = report.text(plain)
    #expect(text.contains("\nFindings  1 error, 1 warning\n"))
    #expect(text.hasSuffix("\n\n  error: web1 is behind a gateway.\n    Move it.\n  warning: It is strict.\n"))
    #expect(report.prometheus.contains("lvs_findings{cluster=\"shop\",node=\"director1\",severity=\"error\"} 1\n"))
  }
}
