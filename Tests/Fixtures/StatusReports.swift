import LVSModel
import LVSPlan
import LVSText

/// Reports as `status` makes them, of made-up traffic.
package enum StatusReports {
  package static let identity = StatusReport.Identity(
    cluster: "shop", node: "director1", role: "director", serverNames: [Classic.web1: "web1", Classic.web2: "web2"],
    vipNames: [Classic.vip: "front"])

  package static let ipvs = IPVSInfo(version: 0x010201, connectionTableSize: 4096)

  package static let web1 = RealServerID(address: Classic.web1, port: 80)
  package static let web2 = RealServerID(address: Classic.web2, port: 80)

  /// The classic cluster's one service, web1 with three quarters of the connections.
  package static func classic(
    identity: StatusReport.Identity? = identity, drift: StatusReport.Drift? = StatusReport.Drift(),
    settings: ServiceSettings = ServiceSettings(scheduler: Scheduler("rr")),
    web1 first: RealServerSettings = RealServerSettings(), web2 second: RealServerSettings = RealServerSettings(),
    estimatesRates: Bool = true
  ) -> StatusReport {
    var counters = ServiceCounters()
    counters.realServers = [web1: server(30, inactive: 0, rate: 1200), web2: server(8, inactive: 2, rate: 7)]
    counters.traffic = traffic(1207)
    return StatusReport(
      identity: identity, ipvs: ipvs, estimatesRates: estimatesRates,
      syncDaemons: [.master: SyncDaemon(interface: "ens33", id: 7)],
      services: [Classic.service: VirtualService(settings: settings, realServers: [web1: first, web2: second])],
      counters: [Classic.service: counters], drift: drift)
  }

  /// The same with checks: web1 is not known yet, web2 is drained, web3 was taken out, and the fallback is not needed.
  package static func unhealthy() -> StatusReport {
    let classic = classic(web2: RealServerSettings(weight: 0))
    var identity = identity
    let web3 = IPAddress(ipv4: 0xc0a8_9301)
    identity.serverNames[web3] = "web3"
    identity.serverNames[Checked.sorry] = "sorry"
    let members = [
      MemberHealth(web1, settings: RealServerSettings(), health: ServerHealth(.unknown)),
      MemberHealth(web2, settings: RealServerSettings(), health: ServerHealth(.drained, since: 1_795_669_201)),
      MemberHealth(
        RealServerID(address: web3, port: 80), settings: RealServerSettings(),
        health: ServerHealth(.down, since: 1_795_669_200, reason: "tcp: refused")),
      MemberHealth(
        RealServerID(address: Checked.sorry, port: 80), settings: RealServerSettings(), health: nil, isFallback: true),
    ]
    let service = classic.services[0]
    var counters = ServiceCounters()
    counters.traffic = service.traffic
    var servers: [RealServerID: RealServerSettings] = [:]
    for server in service.realServers {
      counters.realServers[server.id] = server.counters
      servers[server.id] = server.settings
    }
    return StatusReport(
      identity: identity, ipvs: ipvs, syncDaemons: classic.syncDaemons,
      services: [service.id: VirtualService(settings: service.settings, realServers: servers)],
      counters: [service.id: counters], drift: classic.drift, health: [service.id: members])
  }

  package static func server(_ active: UInt32, inactive: UInt32, rate: UInt64) -> RealServerCounters {
    var counters = RealServerCounters()
    counters.active = active
    counters.inactive = inactive
    counters.traffic = traffic(rate)
    return counters
  }

  package static func traffic(_ rate: UInt64) -> TrafficCounters {
    var traffic = TrafficCounters()
    traffic.connections = rate * 10
    traffic.packetsIn = rate * 60
    traffic.bytesIn = rate * 4000
    traffic.connectionRate = rate
    traffic.packetRateIn = rate * 6
    traffic.byteRateIn = rate * 400
    return traffic
  }

  /// When the reports of a fleet were made: 2026-11-26T05:05:00Z.
  package static let time = 1_795_669_500

  /// A director with so many services on a dozen machines, something of each kind wrong in the first ones, and traffic that
  /// is told by the numbers of services.
  package static func fleet(_ count: Int) -> StatusReport {
    var identity = StatusReport.Identity(cluster: "shop", node: "director1", role: "director")
    func machine(_ number: Int) -> IPAddress { IPAddress(ipv4: 0xc0a8_9300 + UInt32(number)) }
    for number in 1...12 { identity.serverNames[machine(number)] = "web-\(number)" }
    identity.serverNames[machine(12)] = "a-real-server-with-a-name-of-fifty-seven-characters-in-it"
    var services: [ServiceID: VirtualService] = [:]
    var counters: [ServiceID: ServiceCounters] = [:]
    var health: [ServiceID: [MemberHealth]] = [:]
    var changes: [Change] = []
    var vips: [VIPStatus] = []
    for number in 0..<count {
      let vip =
        number % 10 == 9
        ? IPAddress(ipv6High: 0x2001_0db8_0147_0000, low: UInt64(0x100 + number))
        : IPAddress(ipv4: 0x0a00_0000 + UInt32(number))
      if number % 4 == 0 { identity.vipNames[vip] = "front-\(number)" }
      vips.append(VIPStatus(address: vip, name: identity.vipNames[vip], isHeld: number != 1))
      let id = ServiceID.address(number % 7 == 3 ? .udp : .tcp, vip, port: UInt16(80 + number % 3))
      var service = VirtualService(
        settings: ServiceSettings(
          scheduler: Scheduler(number % 2 == 0 ? "wlc" : "rr"),
          persistence: number % 6 == 5 ? Persistence(timeout: 300, netmask: .host(vip.family)) : nil))
      var own = ServiceCounters()
      for place in 0..<4 {
        let address = machine((number + place * 3) % 12 + 1)
        let server = RealServerID(address: address, port: id.port)
        service.realServers[server] = RealServerSettings(
          forward: number % 5 == 4 ? .nat : .dr, weight: Int32(place + 1))
        own.realServers[server] = Self.server(
          UInt32(number * 7 + place * 20 + 1), inactive: UInt32(place), rate: UInt64(number * 3 + place + 1))
        if number % 5 == 4 {
          own.realServers[server]?.traffic.packetRateOut = UInt64(number) * 60
          own.realServers[server]?.traffic.byteRateOut = UInt64(number) * 90_000
        }
        own.traffic.connections += own.realServers[server]?.traffic.connections ?? 0
        own.traffic.connectionRate += own.realServers[server]?.traffic.connectionRate ?? 0
        own.traffic.packetRateIn += own.realServers[server]?.traffic.packetRateIn ?? 0
        own.traffic.byteRateIn += own.realServers[server]?.traffic.byteRateIn ?? 0
        own.traffic.packetRateOut += own.realServers[server]?.traffic.packetRateOut ?? 0
        own.traffic.byteRateOut += own.realServers[server]?.traffic.byteRateOut ?? 0
      }
      services[id] = service
      counters[id] = own
    }
    let ids = services.keys.sorted()
    func member(_ service: Int, _ place: Int) -> RealServerID {
      services[ids[service]]?.realServers.keys.sorted()[place] ?? web1
    }
    // The first service: a server that is down, one that drains, one that has drained and one at its threshold.
    health[ids[0]] = [
      MemberHealth(
        member(0, 0), settings: RealServerSettings(), health: ServerHealth(.down, since: time - 200, reason: "http 503")
      ),
      MemberHealth(member(0, 1), settings: RealServerSettings(), health: ServerHealth(.drained, since: time - 4000)),
      MemberHealth(member(0, 2), settings: RealServerSettings(), health: ServerHealth(.drained, since: time - 400_000)),
    ]
    let members = (0..<4).map { member(0, $0) }
    for member in members.prefix(3) { services[ids[0]]?.realServers[member]?.weight = 0 }
    counters[ids[0]]?.realServers[members[2]] = RealServerCounters()
    services[ids[0]]?.realServers[members[3]]?.upperThreshold = 10
    // The second one: a weight that somebody changed, a server that the file has not, one that is missing, one that does
    // not answer.
    let (changed, foreign, silent) = (member(1, 0), member(1, 1), member(1, 2))
    changes.append(
      .realServer(
        ids[1], changed, Difference(before: RealServerSettings(weight: 7), after: RealServerSettings(weight: 1))))
    changes.append(.realServer(ids[1], foreign, Difference(before: RealServerSettings(), after: nil)))
    let missing = RealServerID(address: machine(12), port: ids[1].port)
    changes.append(.realServer(ids[1], missing, Difference(before: nil, after: RealServerSettings())))
    counters[ids[1]]?.realServers[silent]?.traffic = TrafficCounters()
    var report = StatusReport(
      identity: identity, ipvs: ipvs, syncDaemons: [.master: SyncDaemon(interface: "ens33", id: 7)], vips: vips,
      services: services, counters: counters, drift: StatusReport.Drift(changes: changes),
      findings: [
        Finding(
          .drGateway, .error, node: "director1", subject: "192.168.147.9",
          "web-9 (192.168.147.9) is reached through the gateway 192.168.147.50, which direct routing cannot pass.",
          help: "Put it on a network of the director, or choose `forward: tun` or `forward: nat`.")
      ], health: health)
    report.time = time
    return report
  }

  /// A real server's own view.
  package static func realServer() -> StatusReport {
    var report = StatusReport(
      identity: StatusReport.Identity(cluster: "shop", node: "web1", role: "realserver", isDirecting: false),
      ipvs: nil, drift: StatusReport.Drift())
    report.time = time
    report.realServer = RealServerView(
      vips: [RealServerView.VIP(address: Classic.vip, name: "front", interface: "lo", isMute: true)],
      ports: [
        RealServerView.Port(transport: .tcp, address: Classic.vip, port: 80, isListening: true),
        RealServerView.Port(transport: .tcp, address: Classic.vip, port: 443, isListening: false),
      ],
      waysBack: [
        RealServerView.WayBack(
          source: Classic.vip, answer: .gateway(IPAddress(ipv4: 0xc0a8_9301), interface: "eth0"))
      ])
    return report
  }
}
