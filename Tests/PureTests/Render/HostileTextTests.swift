import Testing

@testable import LVSConfig
@testable import LVSModel
@testable import LVSPlan
@testable import LVSText

/// Every message that lvsctl makes, of names and words as others might write them.
struct HostileTextTests {
  // MARK: Findings

  private static let node = "d1" + Hostile.text

  /// A made-up machine with hostile names of interfaces.
  private func machine(_ addresses: [String]) -> (HostState, [NetworkLink]) {
    var state = HostState()
    for text in addresses {
      let words = text.split(separator: " ").map(String.init)
      let parts = words[0].split(separator: "/").map(String.init)
      let interface = (words.count > 2 ? words[2] : "ens33") + Hostile.text
      state.addresses[AddressID(ip(parts[0]), prefixLength: UInt8(parts[1]), interface: interface)] = AddressSettings(
        mark: 0)
    }
    return (state, [NetworkLink("ens33" + Hostile.text), NetworkLink("ens34" + Hostile.text)])
  }

  private static func file(
    _ service: String, server: String = "192.168.147.4", more: String = ""
  ) throws -> ClusterFile {
    try good(
      """
      directors:
        - { name: d1, address: 192.168.147.6, interface: ens33 }
      real_servers: [{ name: web1, address: \(server) }]
      services: [{ \(service) }]
      \(more)
      """
    ).hostile
  }

  private static let service = "vip: 192.168.147.100, port: 80"

  /// A file, a machine and a node on which there is this finding.
  private func findings(_ code: FindingCode) throws -> [Finding] {
    var (state, links) = machine(["192.168.147.6/24"])
    var (server, serverLinks) = machine(["192.168.147.4/24", "10.0.0.4/24 dev ens34"])
    server.addresses[Classic.vipOnLoopback] = AddressSettings()
    serverLinks.append(NetworkLink("lo", isLoopback: true, answersARP: false))
    var around = unknownSurroundings
    var file: ClusterFile
    var name = "d1"
    var health = Health()
    var unsigned: [AddressID] = []
    switch code {
    case .unconfirmedChange:
      let heading = UnconfirmedChange.Heading(
        cluster: Hostile.text, node: Hostile.text, role: Hostile.text, since: 0, isGraceful: false, isComplete: false)
      return [heading.finding(.left), heading.finding(.waiting), heading.finding(.atWork)]
    case .drGateway:
      file = try Self.file(Self.service, server: "10.9.9.9")
      around.routes[RouteQuestion(ip("10.9.9.9"))] = .gateway(ip("192.168.147.50"), interface: Hostile.text)
    case .noRoute:
      file = try Self.file(Self.service, server: "10.9.9.9")
      around.routes[RouteQuestion(ip("10.9.9.9"))] = .unreachable
    case .linkDown:
      file = try Self.file(Self.service)
      links[0].isUp = false
    case .noCarrier:
      file = try Self.file(Self.service)
      links[0].hasCarrier = false
    case .missingAddress:
      file = try Self.file(Self.service)
      state = HostState()
    case .fwmarkWithoutVIP: file = try Self.file("fwmark: 7")
    case .noWeight:
      file = try Self.file("\(Self.service), real_servers: [{ server: web1, weight: 0 }]")
    case .belowQuorum:
      file = try Self.file(Self.service)
      file.services[0].health.checks = [Check(.tcp)]
      health.drains["web1" + Hostile.text] = 0
    case .natReturnPath:
      file = try Self.file("\(Self.service), forward: nat")
      name = "web1"
      around.gateways[.ipv4] = []
      around.routes[RouteQuestion(anybody(.ipv4), from: Classic.web1)] = .unreachable
    case .natSameNetwork: file = try Self.file("\(Self.service), forward: nat")
    case .guePort:
      file = try Self.file("\(Self.service), forward: tun, tunnel: { type: gue, port: 6080 }")
      name = "web1"
      around.guePorts = []
    case .arpNotMuted:
      file = try Self.file(
        Self.service, more: "sysctls: { real_server: { net.ipv4.conf.all.arp_ignore: keep } }")
      name = "web1"
      for scope in ["all", "ens33" + Hostile.text] {
        for key in ["arp_ignore", "arp_announce"] { around.sysctls[interfaceSysctl(.ipv4, scope, key)] = "0" }
      }
    case .rpFilter:
      file = try Self.file(Self.service)
      name = "web1"
      for scope in ["all", "ens33" + Hostile.text] {
        around.sysctls[interfaceSysctl(.ipv4, scope, "rp_filter")] = "1"
      }
      around.routes[RouteQuestion(anybody(.ipv4))] = .onLink(interface: "ens34" + Hostile.text)
    case .unsignedAddress:
      file = try Self.file(Self.service)
      unsigned = [AddressID(Classic.vip, interface: "ens33" + Hostile.text)]
    default:
      Issue.record("no machine is made up for \(code.rawValue)")
      return []
    }
    let node = try file.node(named: name + Hostile.text, role: .auto)
    let isDirector = name == "d1"
    let examination = Examination(
      file, node, file.target(for: node, health: health), observed: isDirector ? state : server,
      links: isDirector ? links : serverLinks, health: health)
    return examination.findings(around.answering(examination.query), unsigned: unsigned)
  }

  @Test(arguments: FindingCode.examined)
  func `a finding is safe in every format`(code: FindingCode) throws {
    let findings = try findings(code)
    #expect(findings.contains { $0.code == code })
    for finding in findings { #expect(FindingCode.examined.contains(finding.code)) }
    for finding in findings {
      expectPrintable(finding.message.text, isForeign: false)
      expectPrintable(finding.help?.text ?? "", isForeign: false)
      expectPrintable("\(finding.json["message"]?.text ?? "?")", isForeign: false)
    }
    let style = Style(usesColor: false)
    expectPrintable(findings.lines.map { $0.text(style) + "\n" }.joined(), isForeign: false)
    let plan = NodePlan(
      cluster: Hostile.text, node: Self.node, role: Hostile.text, plan: Plan(), findings: findings)
    expectPrintable(plan.text(style))
    expectPrintable(plan.markdown)
  }

  // MARK: Faults of a file

  @Test(arguments: FindingCode.faults)
  func `a fault of a file is safe in every format`(code: FindingCode) throws {
    let source = Array(Hostile.text.utf8) + [0xff, 0x1b, 0x0d]
    var faults = FaultCollector(source: SourceText(source))
    faults.add(code, from: 1, to: 3) {
      "\(Hostile.text)"
    } help: {
      "\(Hostile.text)"
    }
    let diagnostic = try #require(faults.diagnostics().first)
    #expect(diagnostic.code == code)
    for line in 1...2 {
      var diagnostic = diagnostic
      diagnostic.range?.start.line = line
      diagnostic.range?.end.line = line
      let text = ExcerptRenderer(fileName: Hostile.text, source: source, usesColor: false).text([diagnostic])
      expectPrintable(text)
    }
    for key in ["message", "help"] { expectPrintable(diagnostic.diagnosticJSON[key]?.text ?? "?") }
    #expect(Hostile.unprintable(in: code.explanation ?? "\u{1b}") == [])
  }

  // MARK: Refusals

  private func mismatch(_ body: () throws -> Void, sourceLocation: SourceLocation = #_sourceLocation) {
    do {
      try body()
      Issue.record("nothing was refused", sourceLocation: sourceLocation)
    } catch let error as any MessageConvertible {
      expectPrintable(error.message.text, sourceLocation: sourceLocation)
      expectPrintable("\(error)", sourceLocation: sourceLocation)
    } catch {
      Issue.record("\(error) has no words", sourceLocation: sourceLocation)
    }
  }

  @Test func `a node that does not fit is refused in safe words`() throws {
    let file = Classic.file().hostile
    let machine = try file.machine(named: "web1" + Hostile.text)
    let director = try file.machine(named: "director1" + Hostile.text)
    mismatch { _ = try file.machine(holding: []) }
    mismatch { _ = try file.machine(holding: [Classic.web1, Classic.web2]) }
    mismatch { _ = try file.machine(named: Hostile.text) }
    mismatch { _ = try file.machine(named: "web1" + Hostile.text, holding: [Classic.web2]) }
    mismatch { _ = try file.node(machine, role: .director) }
    mismatch { _ = try file.node(director, role: .realserver) }
    let dropped = machine.role(asked: .auto, remembered: .director)
    expectPrintable(dropped.note?.message.text ?? "")
  }

  @Test func `interfaces that do not fit are refused in safe words`() throws {
    var file = Classic.file().hostile
    file.realServers[0].interface = "ens35" + Hostile.text
    file.sysctls.director = [interfaceSysctl(.ipv4, "x" + Hostile.text, "rp_filter"): .value("1")]
    var present = [NetworkLink("ens34" + Hostile.text), NetworkLink("ens35" + Hostile.text)]
    func refusals(_ name: String) throws -> [Finding] {
      let node = try file.node(named: name + Hostile.text, role: .auto)
      let target = file.target(for: node)
      return InterfaceFit(file, node, target, observed: HostState(), links: present).refusals
    }
    #expect(try refusals("director1").count == 2)
    #expect(try refusals("web1").count == 1)
    present[0].alternativeNames = ["ens33" + Hostile.text]
    #expect(try refusals("director1").count == 2)
    for refusal in try refusals("director1") + refusals("web1") { expectPrintable(refusal.message.text) }
  }

  @Test func `a VIP in a strange place is told in safe words`() throws {
    let file = Classic.file().hostile
    let node = try file.node(named: "director1" + Hostile.text, role: .auto)
    var observed = HostState()
    observed.addresses[AddressID(Classic.vip, interface: "ens34" + Hostile.text)] = AddressSettings(mark: 0)
    var reasons: [Finding] = []
    do {
      _ = try Planner.plan(file.target(for: node), observed: observed)
    } catch {
      reasons = error.reasons
    }
    #expect(reasons.count == 1)
    // The command for the operator is one that works.
    for reason in reasons { expectPrintable(reason.message.text.replacing("\\012FORGED", with: "")) }
    let report = StatusReports.classic(drift: StatusReport.Drift(conflicts: reasons))
    expectPrintable(report.text(Style(usesColor: false)))
    expectPrintable(report.json["conflicts"]?.elements?.first?.text ?? "")
  }

  @Test func `what is remembered of a machine is told in safe words`() {
    var memory = MachineMemory()
    memory.cluster = Hostile.text
    memory.node = Hostile.text
    memory.lastRole = Hostile.text
    let plan = Plan(changes: [
      .address(AddressID(Classic.vip, interface: Hostile.text), Difference(before: AddressSettings(), after: nil))
    ])
    let findings: [Finding?] = [
      memory.refusal(of: "shop", plan), memory.refusal(of: Hostile.text + "2", plan), memory.warning(of: "shop"),
      memory.teardownNote(of: "shop", namesNode: true), memory.teardownNote(of: "shop", namesNode: false),
    ]
    for finding in findings { expectPrintable(finding?.message.text ?? "nothing") }
  }

  @Test(arguments: [
    #"{ "format_version": 1, "modules": [], "sysctls": { "KEY": 5 } }"#,
    #"{ "format_version": 1, "modules": [], "sysctls": {}, "links": { "KEY": { "up": true } } }"#,
    #"{ "format_version": 1, "modules": [], "sysctls": { "KEY": "", "KEY": "" } }"#,
  ])
  func `a faulty snapshot is told in safe words`(text: String) {
    let key = JSONText.compact(.string("net." + Hostile.text)).dropFirst().dropLast()
    mismatch { _ = try Snapshot(Array(text.replacing("KEY", with: key).utf8)) }
  }

  // MARK: Reports

  /// A plan with a step of each kind, hostile wherever there is a text.
  private static func plan() -> NodePlan {
    let text = Hostile.text
    let server = RealServerID(address: Classic.web1, port: 80)
    let old = ServiceSettings(
      scheduler: Scheduler("rr" + text), persistence: Persistence(timeout: 9, netmask: .host(.ipv4), engine: text))
    let changes: [Change] = [
      .module("m" + text, Difference(before: nil, after: ModuleSettings())),
      .sysctl("net." + text, Difference(before: text, after: "1" + text)),
      .link(text, Difference(before: LinkSettings(isUp: false), after: LinkSettings(isUp: true))),
      .address(
        AddressID(Classic.vip, interface: text), Difference(before: nil, after: AddressSettings(label: text))),
      .route(RouteID(Classic.vip, interface: text), Difference(before: nil, after: RouteSettings())),
      .service(Classic.service, Difference(before: nil, after: old)),
      .service(Classic.service, Difference(before: old, after: ServiceSettings(scheduler: Scheduler(text)))),
      .realServer(Classic.service, server, Difference(before: nil, after: RealServerSettings())),
      .timeouts(Difference(before: Timeouts(), after: Timeouts(tcp: 1))),
      .syncDaemon(.master, Difference(before: nil, after: SyncDaemon(interface: text))),
    ]
    let kinds = Set(changes.map(\.kind))
    // A new kind of step has to be here too.
    #expect(kinds.count == 9)
    return NodePlan(
      cluster: text, node: "n" + text, role: text, plan: Plan(changes: changes),
      serverNames: [Classic.web1: "web1" + text], vipNames: [Classic.vip: "shop" + text])
  }

  @Test func `a plan is safe as text, as Markdown and as a document of many nodes`() {
    let plan = Self.plan()
    let style = Style(usesColor: false)
    // A standby beside its director, and nodes with one plan.
    let pair = [DirectorRole.standby, .standby, .director].map { role in
      var plan = plan
      plan.role = role.rawValue
      return plan
    }
    #expect(pair.markdown.contains(", the same as on "))
    for text in [
      plan.text(style), plan.text(style, isVerbose: true), [plan, plan].text(style), plan.markdown, [plan].markdown,
      pair.markdown,
      NodePlan(cluster: Hostile.text, node: Hostile.text, role: Hostile.text, plan: Plan()).text(style),
    ] { expectPrintable(text) }
    let colored = plan.text(Style(usesColor: true))
    expectPrintable(colored.replacing(#/\u{1b}\[[0-9]+m/#, with: ""))
  }

  @Test func `commands are safe to look at and for the shell what they are`() {
    let lines = [Self.plan()].commandLines
    #expect(lines.first?.hasPrefix("# n␛[31m␊FORGED<U+202E>") == true)
    for line in lines.dropFirst() where line.contains("FORGED") {
      expectPrintable(line)
      #expect(!line.contains("\n"))
    }
    #expect(lines.contains { $0.hasPrefix("sysctl -qw \"$(printf 'net.\\033\\13331m\\012FORGED\\342\\200\\256") })
  }

  @Test func `a status is safe as text and on a screen`() {
    let identity = StatusReport.Identity(
      cluster: Hostile.text, node: Hostile.text, role: Hostile.text, serverNames: [Classic.web1: Hostile.text],
      vipNames: [Classic.vip: Hostile.text])
    var settings = ServiceSettings(scheduler: Scheduler(Hostile.text))
    settings.persistence = Persistence(timeout: 9, netmask: .host(.ipv4), engine: Hostile.text)
    var report = StatusReports.classic(
      identity: identity, drift: StatusReport.Drift(changes: Self.plan().plan.changes), settings: settings)
    report.syncDaemons[.master]?.interface = Hostile.text
    report.services[0].realServers[0].health = ServerHealth(.down, since: 0, reason: Hostile.text)
    report.services[0].realServers[1].health = ServerHealth(.down, reason: Hostile.text)
    report.services[0].realServers[1].isInTable = false
    let style = Style(usesColor: false)
    for width in [40, 80, 200] {
      expectPrintable(report.text(style, width: width))
      for line in report.lines(width: width) { #expect(!line.text(style, width: width).contains("\n")) }
    }
  }
}
