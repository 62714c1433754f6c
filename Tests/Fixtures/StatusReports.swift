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
