import LVSModel
import LVSPlan
import LVSText
import Testing

struct StatusTextTests {
  private let plain = Style(usesColor: false)
  private let colored = Style(usesColor: true)

  private func rows(_ report: StatusReport, width: Int? = 120) -> [String] {
    report.text(plain, width: width).split(separator: "\n").map(String.init)
  }

  @Test(arguments: [80, 120, 200])
  func `a status is this on a terminal so wide`(width: Int) throws {
    var report = StatusReports.classic()
    report.time = StatusReports.time
    try expectGolden(report.text(plain, width: width), "status-\(width).txt")
  }

  @Test(arguments: [80, 120, 200])
  func `a status with all that can be wrong is this`(width: Int) throws {
    let report = StatusReports.fleet(4).withDriftInPlace()
    try expectGolden(report.text(plain, width: width), "status-wrong-\(width).txt")
  }

  @Test func `a pipe has the columns of 120, and the last one whole`() throws {
    let report = StatusReports.fleet(4).withDriftInPlace()
    let piped = rows(report, width: nil)
    for (whole, cut) in zip(piped, rows(report, width: 120)) {
      #expect(cut == whole || cut.hasSuffix("…") && whole.hasPrefix(cut.dropLast()))
    }
    #expect(piped.contains { $0.hasSuffix("down 3m: http 503") })
  }

  @Test func `a real server says what it holds, what listens and where replies go`() throws {
    try expectGolden(StatusReports.realServer().text(plain), "status-realserver.txt")
  }

  @Test func `a real server says what black-holes`() {
    var report = StatusReports.realServer()
    report.realServer?.vips[0].isMute = false
    report.realServer?.waysBack[0].answer = .unreachable
    let text = report.text(plain)
    #expect(text.contains("VIPs      1 of 1 held, NOT MUTE: 192.168.147.100 (front) on lo\n"))
    #expect(text.contains("Way back  from 192.168.147.100 none: replies to clients on other networks are lost\n"))
    report.realServer?.vips[0].interface = nil
    report.realServer?.vips[0].isMute = nil
    #expect(report.text(plain).contains("VIPs      0 of 1 held, not 192.168.147.100 (front)\n"))
  }

  @Test func `without a file there are no names and nothing about drift`() {
    let text = StatusReports.classic(identity: nil, drift: nil).text(plain)
    #expect(text.hasPrefix("IPVS 1.2.1, connection table of 4096 rows, sync master on ens33 id 7\nServices  1\n"))
    for word in ["web1", "front", "Drift", "Missing", "Findings"] { #expect(!text.contains(word)) }
  }

  @Test func `a machine that has not loaded IPVS has an empty table`() {
    let text = StatusReport(ipvs: nil).text(plain)
    #expect(text.hasPrefix("IPVS is not loaded (module ip_vs), so its table is empty\n"))
    #expect(text.hasSuffix("\n\nNo virtual services.\n"))
  }

  @Test func `weight 0 and a full server say so by a sign and a word, and in colour besides`() {
    let report = StatusReports.classic(
      web1: RealServerSettings(upperThreshold: 30, lowerThreshold: 20), web2: RealServerSettings(weight: 0))
    #expect(rows(report).contains { $0.hasPrefix(">   web2 192.168.147.3:80 ") && $0.hasSuffix(" draining, 8 left") })
    #expect(rows(report).contains { $0.hasPrefix("^   web1 192.168.147.4:80 ") && $0.hasSuffix(" overloaded") })
    let painted = report.text(colored).split(separator: "\n")
    #expect(painted.contains { $0.hasPrefix("\u{1b}[33m>   web2 ") })
    #expect(painted.contains { $0.hasPrefix("\u{1b}[31m^   web1 ") })
    #expect(!report.text(plain).contains("\u{1b}"))
  }

  @Test func `each state has a sign and a word of its own`() {
    let states = Standing.allCases.filter { $0 != .serving && $0 != .spare }
    var seen: [String: String] = [:]
    let report = StatusReports.fleet(4).withDriftInPlace()
    for service in report.services {
      for server in service.realServers {
        let standing = server.standing(in: service.id, estimatesRates: true)
        let name = server.name.map { "\($0) " } ?? ""
        let row = rows(report, width: nil).first { $0.dropFirst(4).hasPrefix(name + server.id.description) } ?? ""
        if standing != .serving { seen[standing.word] = String(row.prefix(1)) }
      }
    }
    #expect(Set(seen.keys) == Set(states.map(\.word)))
    #expect(Set(seen.values).count == states.count && !seen.values.contains(" "))
  }

  @Test func `active connections of which nothing passes are no answer; of NAT replies count`() {
    var report = StatusReports.classic()
    report.services[0].realServers[1].counters.traffic = TrafficCounters()
    #expect(rows(report).contains { $0.hasPrefix("?   web1 ") && $0.hasSuffix(" no answer") })
    report.estimatesRates = false
    #expect(!report.text(plain).contains("no answer"))
    let nat = StatusReports.classic(web1: RealServerSettings(forward: .nat))
    #expect(rows(nat).contains { $0.hasPrefix("?   web1 ") && $0.hasSuffix(" no answer") })
  }

  @Test func `between its thresholds a server is not said to be overloaded`() {
    let report = StatusReports.classic(web1: RealServerSettings(upperThreshold: 31, lowerThreshold: 20))
    #expect(!report.text(plain).contains("overloaded"))
  }

  @Test func `where the estimator is off rates are blank and a note says why`() {
    let text = StatusReports.classic(estimatesRates: false).text(plain)
    #expect(text.contains("Rates are blank: the kernel's estimator is off (net.ipv4.vs.run_estimation is 0).\n"))
    #expect(
      rows(StatusReports.classic(estimatesRates: false), width: 80).contains { $0.hasSuffix("     1     30      0") })
  }

  @Test func `a service says its flags, persistence and one-packet scheduling`() {
    let persistence = Persistence(timeout: 300, netmask: .ipv4(0xffff_ff00), engine: "sip")
    let settings = ServiceSettings(
      scheduler: Scheduler("sh"), schedulerFlags: [.flag1, .flag2], persistence: persistence, onePacket: true)
    #expect(
      rows(StatusReports.classic(settings: settings), width: nil).contains {
        $0.hasPrefix("  tcp 192.168.147.100:80 (front) ")
          && $0.hasSuffix(
            " sh, sh-fallback, sh-port, persistence 300 s netmask 255.255.255.0 engine sip, one-packet")
      })
  }

  @Test func `replies have numbers where NAT brings them back, and nowhere else`() {
    let web1 = rows(StatusReports.classic(web1: RealServerSettings(forward: .nat))).first { $0.contains("web1") }
    #expect(web1?.contains(" nat ") == true && web1?.contains("   480k       0 ") == true)
    #expect(rows(StatusReports.classic()).first { $0.contains("web1") }?.contains("   480k       - ") == true)
  }

  @Test func `the name wins over the address, and the middle of a long one gives way`() {
    var identity = StatusReports.identity
    identity.serverNames = [
      Classic.web1: "a-name-of-a-real-server-that-is-forty-seven-long", Classic.web2: "web-number-two-of-shop",
    ]
    identity.vipNames = [Classic.vip: "front-of-the-shop"]
    let shown = rows(StatusReports.classic(identity: identity), width: 80)
    #expect(shown.contains { $0.hasPrefix("    a-name-of-a…y-seven-long  ") || $0.contains("…") })
    #expect(shown.contains { $0.hasPrefix("    web-number-two-of-shop ") })
    #expect(shown.contains { $0.hasPrefix("  tcp front-of-the-shop:80 ") })
    #expect(!shown.contains { $0.contains("192.168.147.3") })
  }

  @Test(arguments: [
    ("web-1", "web-2    "), ("サーバ", "web-2   "), ("e\u{301}te\u{301}", "web-2"), ("\u{1b}[2J", "web-2"), ("🦊", "web-2"),
    ("\u{1112}\u{1161}\u{11ab}", "web-2"), ("東京東京東京東京東京東京東京東京東京東京東京東京", "web-2"),
  ])
  func `columns stand below each other whatever a name is made of`(name: String, other: String) {
    var identity = StatusReports.identity
    identity.serverNames = [Classic.web1: name, Classic.web2: "web2"]
    let report = StatusReports.classic(identity: identity)
    let rows = report.lines(width: 120).filter { $0.text(plain).contains(" dr ") }
    #expect(rows.count == 2)
    #expect(Set(rows.map(\.columns)).count == 1)
    #expect(!report.text(plain).contains("\u{1b}"))
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
    #expect(text.contains("\nDrift     4 differences from the file\n"))
    #expect(rows(StatusReports.classic(drift: drift)).contains { $0.hasSuffix(" not in the file, rr") })
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
    #expect(text.contains("\nDrift     the file cannot be applied here\n"))
    #expect(text.hasSuffix("\n  ! The VIP is on the wrong interface.\n"))
  }

  @Test func `health says since when and why`() {
    var report = StatusReports.unhealthy()
    report.time = StatusReports.time
    let lines = rows(report, width: nil)
    func row(_ start: String) -> String { lines.first { $0.hasPrefix(start) } ?? "" }
    #expect(row("!   web3 192.168.147.1:80 ").hasSuffix(" down 5m, taken out: tcp: refused"))
    #expect(row(">   web2 192.168.147.3:80 ").hasSuffix(" draining 4m, 8 left"))
    #expect(row("    sorry 192.168.147.2:80 ").hasSuffix(" fallback, not needed"))
    #expect(row("    web1 ").hasSuffix("75%"))
    #expect(row("  tcp ").hasSuffix(" 1 of 3 serve, rr"))
    let painted = report.text(colored).split(separator: "\n")
    #expect(painted.contains { $0.hasPrefix("\u{1b}[31m!   web3 ") })
    #expect(painted.contains { $0.hasPrefix("\u{1b}[33m>   web2 ") })
  }

  @Test func `what is missing stands in the table, and what should not be there says so`() {
    let drift = StatusReport.Drift(changes: [
      .realServer(Classic.service, StatusReports.web1, Difference(before: RealServerSettings(), after: nil)),
      .realServer(
        Classic.service, RealServerID(address: Checked.sorry, port: 80),
        Difference(before: nil, after: RealServerSettings())),
      .service(.fwmark(3, .ipv4), Difference(before: nil, after: ServiceSettings())),
      .realServer(
        .fwmark(3, .ipv4), StatusReports.web2, Difference(before: nil, after: RealServerSettings())),
    ])
    let report = StatusReports.classic(drift: drift).withDriftInPlace()
    #expect(rows(report).contains { $0.hasPrefix("-   web1 ") && $0.hasSuffix(" not in the file") })
    #expect(rows(report).contains { $0.hasPrefix("+   192.168.147.2:80 ") && $0.hasSuffix(" missing") })
    #expect(rows(report).contains { $0.hasPrefix("+ fwmark 3 ipv4 ") && $0.contains(" missing, ") })
    #expect(rows(report).contains { $0.hasPrefix("+   web2 192.168.147.3:80 ") && $0.hasSuffix(" missing") })
    #expect(rows(report).contains("Missing   1 service, 2 real servers, 1 real server not in the file"))
    // Numbers are those of what is there.
    #expect(StatusTotals(report).active == 38 && StatusTotals(report).services == 1)
  }
}
