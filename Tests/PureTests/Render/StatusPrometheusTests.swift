import LVSConfig
import LVSModel
import LVSPlan
import Testing

struct StatusPrometheusTests {
  private func lines(_ report: StatusReport) -> [Substring] { report.prometheus.split(separator: "\n") }

  @Test func `a metric is its help, its type and its samples`() {
    #expect(
      StatusReports.classic().prometheus.contains(
        """
        # HELP lvs_real_server_active_connections Connections in an established state.
        # TYPE lvs_real_server_active_connections gauge
        lvs_real_server_active_connections{cluster="shop",node="director1",service="192.168.147.100:80",protocol="tcp",\
        vip_name="front",real_server="192.168.147.3:80",name="web2"} 8
        lvs_real_server_active_connections{cluster="shop",node="director1",service="192.168.147.100:80",protocol="tcp",\
        vip_name="front",real_server="192.168.147.4:80",name="web1"} 30
        # HELP
        """))
  }

  @Test func `counters and gauges are those of the report`() {
    let lines = lines(StatusReports.classic())
    #expect(
      lines.contains(
        """
        lvs_service_connections_total{cluster="shop",node="director1",service="192.168.147.100:80",protocol="tcp",\
        vip_name="front"} 12070
        """))
    #expect(lines.contains("# TYPE lvs_service_connections_total counter"))
    #expect(lines.contains(#"lvs_drift_differences{cluster="shop",node="director1"} 0"#))
    #expect(lines.contains(#"lvs_info{cluster="shop",node="director1",role="director",version="1.2.1"} 1"#))
  }

  @Test func `every sample is there once, each metric in one piece`() {
    let report = StatusReports.classic()
    let samples = lines(report).filter { !$0.hasPrefix("#") }
    let names = samples.map { $0.prefix { $0 != "{" } }
    #expect(Set(samples.map { $0.prefix { $0 != "}" } }).count == samples.count)
    let pieces = names.indices.filter { $0 == 0 || names[$0] != names[$0 - 1] }.count
    #expect(pieces == Set(names).count)
    #expect(lines(report).filter { $0.hasPrefix("# TYPE ") }.count == pieces)
    #expect(report.prometheus.hasSuffix("\n"))
  }

  @Test func `the same mark of two families is two services`() {
    let services = AddressFamily.allCases.map {
      (ServiceID.fwmark(10, $0), VirtualService(settings: ServiceSettings()))
    }
    let report = StatusReport(ipvs: StatusReports.ipvs, services: Dictionary(services) { first, _ in first })
    for family in ["ipv4", "ipv6"] {
      let labels = #"cluster="",node="",service="10 \#(family)",protocol="fwmark",vip_name="""#
      #expect(lines(report).contains("lvs_service_connections_total{\(labels)} 0"))
      let details = #"family="\#(family)",vip="",port="",fwmark="10",scheduler="wlc",persistence="",managed="""#
      #expect(lines(report).contains("lvs_service_info{\(labels),\(details)} 1"))
    }
  }

  @Test func `quotes, backslashes and line ends in a label are escaped`() {
    var identity = StatusReports.identity
    identity.cluster = "a\"b\\c\nd"
    #expect(
      lines(StatusReports.classic(identity: identity)).contains(
        #"lvs_up{cluster="a\"b\\c\nd",node="director1"} 1"#))
  }

  @Test func `a machine without IPVS loaded says 0 and names no service`() {
    #expect(
      StatusReport(ipvs: nil).prometheus == """
        # HELP lvsctl_build_info The lvsctl that wrote this; always 1.
        # TYPE lvsctl_build_info gauge
        lvsctl_build_info{cluster="",node="",version="0.1.0",revision=""} 1
        # HELP lvs_up Whether IPVS is loaded in this kernel.
        # TYPE lvs_up gauge
        lvs_up{cluster="",node=""} 0

        """)
  }

  @Test func `each state of health is a sample, also of who is not in the table, and that has no other`() {
    let lines = lines(StatusReports.unhealthy())
    let service = #"cluster="shop",node="director1",service="192.168.147.100:80",protocol="tcp",vip_name="front""#
    let labels = #"{\#(service),real_server="192.168.147.1:80",name="web3""#
    let web3 = "lvs_real_server_health\(labels),"
    #expect(
      lines.filter { $0.hasPrefix(web3) }
        == ["up", "down", "drained", "unknown"].map {
          #"\#(web3)state="\#($0)"} \#($0 == "down" ? 1 : 0)"#
        })
    #expect(lines.filter { $0.hasPrefix("lvs_real_server_health{") }.count == 12)
    #expect(lines.filter { $0.hasPrefix("lvs_real_server_weight{") }.count == 2)
    #expect(lines.filter { $0.hasPrefix("# TYPE lvs_real_server_health gauge") }.count == 1)
    #expect(!StatusReports.classic().prometheus.contains("lvs_real_server_health"))
    #expect(lines.contains("lvs_real_server_health_since_timestamp_seconds\(labels)} 1795669200"))
    #expect(lines.filter { $0.hasPrefix("lvs_real_server_health_since_timestamp_seconds{") }.count == 2)
  }

  @Test func `what a service comes to is told where something is asked, and who serves in any case`() {
    var report = StatusReports.unhealthy()
    let labels = #"{cluster="shop",node="director1",service="192.168.147.100:80",protocol="tcp",vip_name="front"}"#
    #expect(lines(report).contains("lvs_service_serving_real_servers\(labels) 1"))
    #expect(lines(report).contains("lvs_service_fallback_serving\(labels) 0"))
    #expect(!report.prometheus.contains("lvs_service_quorum"))
    report.services[0].health = ServiceHealth(up: 1, down: 1, drained: 1, quorum: 2)
    #expect(lines(report).contains("lvs_service_up_real_servers\(labels) 1"))
    #expect(lines(report).contains("lvs_service_quorum\(labels) 2"))
    // A selection shows fewer real servers, and not another service.
    #expect(lines(report.filtered(servers: [.name("web2")])).contains("lvs_service_serving_real_servers\(labels) 1"))
    let classic = StatusReports.classic()
    #expect(lines(classic).contains("lvs_service_serving_real_servers\(labels) 2"))
    #expect(!classic.prometheus.contains("lvs_service_fallback_serving"))
  }

  @Test func `a service is the file's where the file speaks of it and leaves it to nobody else`() {
    func isManaged(_ report: StatusReport) -> Substring? {
      lines(report).first { $0.hasPrefix("lvs_service_info{") }?.firstMatch(of: #/managed="(.*?)"/#)?.1
    }
    func report(_ drift: StatusReport.Drift?, isLeftAlone: Bool = false) -> StatusReport {
      StatusReport(
        identity: StatusReports.identity, ipvs: StatusReports.ipvs,
        services: [Classic.service: VirtualService(settings: ServiceSettings())], drift: drift,
        leavesAlone: { $0 == Classic.service && isLeftAlone })
    }
    #expect(isManaged(report(StatusReport.Drift())) == "true")
    #expect(isManaged(report(StatusReport.Drift(), isLeftAlone: true)) == "false")
    #expect(isManaged(report(StatusReport.Drift(unmanaged: [Classic.service]))) == "false")
    #expect(isManaged(report(nil)) == "")
  }

  @Test func `a director tells of each VIP and each sync daemon, also of those that it does not have`() throws {
    var file = Classic.file()
    file.vips[0].name = "front"
    file.vips.append(ClusterFile.VIP(address: Classic.web1, holder: .external))
    file.vips.append(ClusterFile.VIP(address: Classic.web2, holder: .director(1)))
    file.realServers.append(ClusterFile.RealServer(name: "both", addresses: [Classic.director2]))
    file.services[0].realServers.append(
      ClusterFile.Member(
        server: 2, id: RealServerID(address: Classic.director2, port: 80), settings: RealServerSettings()))
    let node = try file.node(named: "director2", role: .auto)
    let target = file.target(for: node)
    // As a real server it has the VIP on lo, where no client reaches it.
    let held = [Classic.vipOnLoopback, AddressID(Classic.web2, prefixLength: 24, interface: "ens33")]
    let vips = file.vipStatuses(
      of: node, in: target, holding: Dictionary(uniqueKeysWithValues: held.map { ($0, AddressSettings()) }))
    let report = StatusReport(
      identity: StatusReports.identity, ipvs: StatusReports.ipvs,
      syncDaemons: [.backup: SyncDaemon(interface: "ens33")], wantedSyncRoles: [.master], vips: vips)
    let labels = #"{cluster="shop",node="director1""#
    let wanted = [
      #"lvs_vip_held\#(labels),vip="192.168.147.100",vip_name="front",held_by="lvsctl"} 0"#,
      #"lvs_vip_held\#(labels),vip="192.168.147.4",vip_name="",held_by="external"} 0"#,
      #"lvs_vip_held\#(labels),vip="192.168.147.3",vip_name="",held_by="director2"} 1"#,
      #"lvs_sync_daemon_running\#(labels),daemon="master"} 0"#,
      #"lvs_sync_daemon_running\#(labels),daemon="backup"} 1"#,
      #"lvs_sync_daemon_wanted\#(labels),daemon="master"} 1"#,
      #"lvs_sync_daemon_wanted\#(labels),daemon="backup"} 0"#,
    ]
    let prefixes = ["lvs_vip_held{", "lvs_sync_daemon_"]
    #expect(lines(report).filter { line in prefixes.contains { line.hasPrefix($0) } }.map(String.init) == wanted)
    let server = try file.node(named: "web1", role: .auto)
    #expect(file.vipStatuses(of: server, in: file.target(for: server), holding: [:]).isEmpty)
    #expect(!StatusReport(ipvs: nil).prometheus.contains("lvs_sync_daemon"))
  }
}
