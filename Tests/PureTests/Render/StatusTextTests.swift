import LVSModel
import LVSPlan
import LVSText
import Testing

struct StatusTextTests {
  private let plain = Style(usesColor: false)
  private let colored = Style(usesColor: true)

  @Test func `a status shows the node, the table in columns, and that nothing differs`() {
    #expect(
      StatusReports.classic().text(plain) == """
        director1 (director) of shop
        IPVS 1.2.1, connection table of 4096 rows, sync master on ens33 id 7
        No drift: this node is what the file says

                                 fwd  weight  active  inact  conn/s  pkt/s   B/s  share
        tcp 192.168.147.100:80 (front)  rr
          web2 192.168.147.3:80  dr        1       8      2       7     42  2.8k    25%
          web1 192.168.147.4:80  dr        1      30      0    1.2k   7.2k  480k    75%
          total                                   38      2    1.2k   7.2k  483k

        """)
  }

  @Test func `without a file there are no names and nothing about drift`() {
    #expect(
      StatusReports.classic(identity: nil, drift: nil).text(plain) == """
        IPVS 1.2.1, connection table of 4096 rows, sync master on ens33 id 7

                            fwd  weight  active  inact  conn/s  pkt/s   B/s  share
        tcp 192.168.147.100:80  rr
          192.168.147.3:80  dr        1       8      2       7     42  2.8k    25%
          192.168.147.4:80  dr        1      30      0    1.2k   7.2k  480k    75%
          total                              38      2    1.2k   7.2k  483k

        """)
  }

  @Test func `a machine that has not loaded IPVS has an empty table`() {
    #expect(
      StatusReport(ipvs: nil).text(plain) == """
        IPVS is not loaded (module ip_vs), so its table is empty

        No virtual services.

        """)
  }

  @Test func `weight 0 and a full server say so in words, and in colour besides`() {
    let report = StatusReports.classic(
      web1: RealServerSettings(upperThreshold: 30, lowerThreshold: 20), web2: RealServerSettings(weight: 0))
    let lines = report.text(plain).split(separator: "\n")
    #expect(lines.contains("  web2 192.168.147.3:80 dr   0   8   2    7   42 2.8k 25% weight 0"))
    #expect(lines.contains("  web1 192.168.147.4:80 dr   1  30   0 1.2k 7.2k 480k 75% overloaded"))
    let painted = report.text(colored).split(separator: "\n")
    #expect(painted.contains { $0.hasPrefix("\u{1b}[33m  web2 ") })
    #expect(painted.contains { $0.hasPrefix("\u{1b}[31m  web1 ") })
    #expect(!report.text(plain).contains("\u{1b}"))
  }

  @Test func `a note that finds no room stands below its row, and nothing passes the width`() {
    let lines = StatusReports.classic(web2: RealServerSettings(weight: 0)).lines(width: 60)
    #expect(lines.map { $0.text(plain) }.contains("    ^ weight 0"))
    #expect(lines.dropFirst(4).allSatisfy { $0.columns <= 60 })
  }

  @Test func `between its thresholds a server is not said to be overloaded`() {
    let report = StatusReports.classic(web1: RealServerSettings(upperThreshold: 31, lowerThreshold: 20))
    #expect(!report.text(plain).contains("overloaded"))
  }

  @Test func `where the estimator is off rates are blank and a note says why`() {
    let text = StatusReports.classic(estimatesRates: false).text(plain)
    #expect(text.contains("Rates are blank: the kernel's estimator is off (net.ipv4.vs.run_estimation is 0).\n"))
    #expect(text.contains("  web1 192.168.147.4:80  dr        1      30      0                        75%\n"))
  }

  @Test func `a service says its flags, persistence and one-packet scheduling`() {
    let persistence = Persistence(timeout: 300, netmask: .ipv4(0xffff_ff00), engine: "sip")
    let settings = ServiceSettings(
      scheduler: Scheduler("sh"), schedulerFlags: [.flag1, .flag2], persistence: persistence, onePacket: true)
    let text = StatusReports.classic(settings: settings).text(plain)
    #expect(
      text.contains(
        "\ntcp 192.168.147.100:80 (front)  sh, sh-fallback, sh-port, "
          + "persistence 300 s netmask 255.255.255.0 engine sip, one-packet\n"))
    #expect(text.contains(" pers "))
  }

  @Test func `replies have columns where NAT brings them back through this machine`() {
    let text = StatusReports.classic(web1: RealServerSettings(forward: .nat)).text(plain, width: 120)
    #expect(text.contains("  pkt/s   B/s  pkt/s out  B/s out  share\n"))
    #expect(text.contains("   7.2k  480k          0        0    75%\n"))
  }

  @Test(arguments: [
    ("web-1", "web-2    "), ("サーバ", "web-2   "), ("e\u{301}te\u{301}", "web-2"), ("\u{1b}[2J", "web-2"), ("🦊", "web-2"),
    ("\u{1112}\u{1161}\u{11ab}", "web-2"),
  ])
  func `columns stand below each other whatever a name is made of`(name: String, other: String) {
    var identity = StatusReports.identity
    identity.serverNames = [Classic.web1: name, Classic.web2: "web2"]
    let report = StatusReports.classic(identity: identity)
    let rows = report.lines(width: 100).filter { $0.text(plain).contains(" dr ") }
    #expect(rows.count == 2)
    #expect(Set(rows.map(\.columns)).count == 1)
    #expect(!report.text(plain).contains("\u{1b}"))
  }

  @Test func `a name of wide characters takes two columns for each`() {
    var identity = StatusReports.identity
    identity.serverNames = [Classic.web1: "東京", Classic.web2: "web2"]
    let rows = StatusReports.classic(identity: identity).text(plain).split(separator: "\n")
    #expect(rows.contains("  web2 192.168.147.3:80  dr        1       8      2       7     42  2.8k    25%"))
    #expect(rows.contains("  東京 192.168.147.4:80  dr        1      30      0    1.2k   7.2k  480k    75%"))
  }

  @Test func `a syllable of Hangul written in parts is as wide as one written whole`() {
    var identity = StatusReports.identity
    let parts = "\u{1112}\u{1161}\u{11ab}"
    identity.serverNames = [Classic.web1: parts, Classic.web2: "\u{d55c}"]
    let rows = StatusReports.classic(identity: identity).text(plain).split(separator: "\n")
    #expect(rows.contains("  \(parts) 192.168.147.4:80  dr        1      30      0    1.2k   7.2k  480k    75%"))
    #expect(rows.contains("  \u{d55c} 192.168.147.3:80  dr        1       8      2       7     42  2.8k    25%"))
  }

  @Test func `drift is a line a difference, live to file`() {
    let drift = StatusReport.Drift(
      changes: [
        .sysctl("net.ipv4.ip_forward", Difference(before: "1", after: "0")),
        .realServer(
          Classic.service, StatusReports.web1,
          Difference(before: RealServerSettings(weight: 5), after: RealServerSettings())),
        .address(Classic.vipOnDirector, Difference(before: nil, after: AddressSettings())),
        .service(.fwmark(3, .ipv4), Difference(before: ServiceSettings(), after: nil)),
      ], unmanaged: [Classic.service])
    let text = StatusReports.classic(drift: drift).text(plain)
    #expect(text.contains("\nDrift: 4 differences from the file\n"))
    #expect(text.contains("tcp 192.168.147.100:80 (front)  rr, not in the file\n"))
    #expect(
      text.hasSuffix(
        """

        Drift, live → file:
          ~ sysctl net.ipv4.ip_forward  1 → 0
          ~ real server tcp 192.168.147.100:80 -> 192.168.147.4:80 (web1)  weight 5 → 1
          + address 192.168.147.100/32 dev ens33  missing
          - service fwmark 3 ipv4  not in the file

        """))
  }

  @Test func `what keeps apply from doing anything is drift too`() {
    let drift = StatusReport.Drift(conflicts: [
      Finding(.foreignVIP, .error, node: "d1", subject: "10.0.0.9/32 dev lo", "The VIP is on the wrong interface.")
    ])
    #expect(!drift.isEmpty)
    let text = StatusReports.classic(drift: drift).text(plain)
    #expect(text.contains("\nDrift: the file cannot be applied here\n"))
    #expect(text.hasSuffix("\n  ! The VIP is on the wrong interface.\n"))
  }

  @Test func `health says since when and why`() {
    let report = StatusReports.unhealthy()
    let lines = report.text(plain, width: 200).split(separator: "\n").map(String.init)
    #expect(
      lines.contains {
        $0.hasPrefix("  web3 192.168.147.1:80 ")
          && $0.hasSuffix("  taken out, down since 2026-11-26T05:00:00Z: tcp: refused")
      })
    #expect(
      lines.contains {
        $0.hasPrefix("  web2 192.168.147.3:80 ") && $0.hasSuffix("25%  drained since 2026-11-26T05:00:01Z")
      })
    #expect(lines.contains { $0.hasPrefix("  sorry 192.168.147.2:80 ") && $0.hasSuffix("  fallback, not needed") })
    #expect(lines.contains { $0.hasPrefix("  web1 ") && $0.hasSuffix("75%") })
    #expect(!lines.contains { $0.contains("weight 0") })
    let painted = report.text(colored).split(separator: "\n")
    #expect(painted.contains { $0.hasPrefix("\u{1b}[31m  web3 ") })
    #expect(painted.contains { $0.hasPrefix("\u{1b}[33m  web2 ") })
    #expect(report.text(plain).contains("    ^ taken out, down since 2026-11-26T05:00:00Z: tcp: refused\n"))
  }
}
