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
        lvs_real_server_active_connections{cluster="shop",service="192.168.147.100:80",protocol="tcp",\
        real_server="192.168.147.3:80",name="web2"} 8
        lvs_real_server_active_connections{cluster="shop",service="192.168.147.100:80",protocol="tcp",\
        real_server="192.168.147.4:80",name="web1"} 30
        # HELP
        """))
  }

  @Test func `counters and gauges are those of the report`() {
    let lines = lines(StatusReports.classic())
    #expect(
      lines.contains(
        #"lvs_service_connections_total{cluster="shop",service="192.168.147.100:80",protocol="tcp"} 12070"#))
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
    #expect(lines(report).contains(#"lvs_service_connections_total{cluster="",service="10 ipv4",protocol="fwmark"} 0"#))
    #expect(lines(report).contains(#"lvs_service_connections_total{cluster="",service="10 ipv6",protocol="fwmark"} 0"#))
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
        # HELP lvs_up Whether IPVS is loaded in this kernel.
        # TYPE lvs_up gauge
        lvs_up{cluster="",node=""} 0

        """)
  }

  @Test func `each state of health is a sample, also of who is not in the table, and that has no other`() {
    let lines = lines(StatusReports.unhealthy())
    let down = #"lvs_real_server_health{cluster="shop",service="192.168.147.100:80",protocol="tcp","#
    let web3 = #"\#(down)real_server="192.168.147.1:80",name="web3","#
    #expect(
      lines.filter { $0.hasPrefix(web3) }
        == ["up", "down", "drained", "unknown"].map {
          #"\#(web3)state="\#($0)"} \#($0 == "down" ? 1 : 0)"#
        })
    #expect(lines.filter { $0.hasPrefix("lvs_real_server_health{") }.count == 12)
    #expect(lines.filter { $0.hasPrefix("lvs_real_server_weight{") }.count == 2)
    #expect(lines.filter { $0.hasPrefix("# TYPE lvs_real_server_health gauge") }.count == 1)
    #expect(!StatusReports.classic().prometheus.contains("lvs_real_server_health"))
  }
}
