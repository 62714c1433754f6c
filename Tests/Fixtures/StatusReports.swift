import LVSModel
import LVSPlan

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
}
