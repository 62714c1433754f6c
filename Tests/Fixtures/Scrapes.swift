import LVSConfig
import LVSModel
import LVSPlan
import LVSRender
import LVSText

/// What the directors of a cluster with everything in it give to Prometheus: each metric there is, with every label.
package enum Scrapes {
  /// The nodes that give it.
  package static let nodes = ["director1", "director2"]

  private static let cluster = """
    name: shop
    directors:
      - { name: director1, address: [192.168.147.6, "2001:db8:147::6"], interface: ens33 }
      - { name: director2, address: [192.168.147.5, "2001:db8:147::5"], interface: ens33 }
    real_servers:
      - { name: web1, address: [192.168.147.4, "2001:db8:147::4"], weight: 3 }
      - { name: web2, address: [192.168.147.3, "2001:db8:147::3"] }
      - { name: web3, address: 192.168.147.2 }
      - { name: sorry, address: 127.0.0.1 }
    vips:
      - { name: front, address: 192.168.147.100 }
      - { name: marked, address: 192.168.147.101 }
      - { name: marked6, address: "2001:db8:147::101", held_by: external }
    sync: { interface: ens33, id: 7 }
    defaults: { real_servers: [web1, web2] }
    services:
      - vip: front
        port: 80
        scheduler: wrr
        check: { type: http, path: /healthz, host: www.example.com }
        fallback: sorry
        quorum: 2
        real_servers: [web1, web2, web3]
      - { vip: front, port: 443, check: tcp, persistence: 300 }
      - { fwmark: 10 }
      - { fwmark: 10, family: ipv6 }

    """

  private static func file() throws -> ClusterFile {
    guard let file = ClusterFile.read(Array(cluster.utf8)).file else { throw Faulty() }
    return file
  }

  private struct Faulty: Error {}

  /// The health that both find: web2 is drained, web3 is down, nothing is known of web1's port 443.
  private static func health(_ file: ClusterFile, _ node: Node) -> Health {
    var health = Health()
    health.drains["web2"] = 1_795_669_201
    for rule in file.checks(for: node).rules where rule.question.port == 80 {
      let isDown = rule.question.address == IPAddress("192.168.147.2")
      health.verdicts[rule] = Verdict(
        isDown ? .down : .up, since: 1_795_669_200, reason: isDown ? "connection refused" : nil)
    }
    return health
  }

  /// What `lvsctl status` says on one of the nodes.
  package static func status(_ name: String) throws -> String {
    let file = try file()
    let node = try file.node(named: name, role: .auto)
    let health = health(file, node)
    let target = file.target(for: node, health: health)
    var counters: [ServiceID: ServiceCounters] = [:]
    for (id, service) in target.state.services {
      counters[id] = ServiceCounters()
      counters[id]?.traffic = StatusReports.traffic(12)
      for (server, settings) in service.realServers {
        counters[id]?.realServers[server] = StatusReports.server(
          UInt32(settings.weight), inactive: 1, rate: UInt64(settings.weight) * 3)
      }
    }
    let identity = StatusReport.Identity(
      cluster: file.name, node: name, role: node.roleWord, serverNames: file.serverNames,
      vipNames: Dictionary(uniqueKeysWithValues: file.vips.map { ($0.address, $0.name ?? "") }))
    let report = StatusReport(
      identity: identity, ipvs: StatusReports.ipvs, syncDaemons: target.state.syncDaemons,
      wantedSyncRoles: Set(target.state.syncDaemons.keys),
      vips: file.vipStatuses(of: node, in: target, holding: target.state.addresses),
      services: target.state.services, counters: counters, drift: StatusReport.Drift(),
      health: file.memberHealth(health, in: target), serviceHealth: file.serviceHealth(health, in: target))
    return TextSink.text { report.writePrometheus(revision: "1a2b3c4d5e6f", to: &$0) }
  }

  /// What `lvsctld --metrics` says there.
  package static func keeping(_ name: String) throws -> String {
    let file = try file()
    let node = try file.node(named: name, role: .auto)
    var book = CheckBook(verdicts: health(file, node).verdicts)
    book.follow(file, node)
    for question in book.checks.questions.keys where question.port == 80 {
      _ = book.note(question, .passed, seconds: 0.004, at: 1_795_669_300)
    }
    let metrics = KeepingMetrics(
      cluster: file.name, node: name, role: node.roleWord, book: book, names: file.serverNames,
      mends: ["address": 1, "real_server": 4], contests: 1, rounds: 1234, failures: 2, roundSeconds: 0.012,
      isKept: true, lastSuccess: 1_795_669_300, isConfigurationValid: true, configurationTime: 1_795_669_000,
      lateness: 0.003, revision: "1a2b3c4d5e6f")
    return TextSink.text { metrics.write(to: &$0) }
  }
}
