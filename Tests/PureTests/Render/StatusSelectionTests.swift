import LVSModel
import LVSPlan
import LVSText
import Testing

struct StatusSelectionTests {
  private let other = ServiceID.address(.udp, IPAddress(ipv4: 0x0a00_0001), port: 53)
  private let mark = ServiceID.fwmark(10, .ipv4)

  /// Three services: by address 10.0.0.1, the classic one, fwmark 10; the last is the busiest.
  private var report: StatusReport {
    func service(_ weights: Int32...) -> VirtualService {
      let ids = [StatusReports.web1, StatusReports.web2]
      return VirtualService(
        settings: ServiceSettings(),
        realServers: Dictionary(zip(ids, weights).map { ($0, RealServerSettings(weight: $1)) }) { first, _ in first })
    }
    func counters(_ rates: UInt64...) -> ServiceCounters {
      var counters = ServiceCounters()
      for (id, rate) in zip([StatusReports.web1, StatusReports.web2], rates) {
        counters.realServers[id] = StatusReports.server(UInt32(rate), inactive: 0, rate: rate)
      }
      counters.traffic = StatusReports.traffic(rates.reduce(0, +))
      return counters
    }
    return StatusReport(
      identity: StatusReports.identity, ipvs: StatusReports.ipvs,
      services: [other: service(1, 9), Classic.service: service(1, 2), mark: service(3)],
      counters: [other: counters(1, 2), Classic.service: counters(6, 5), mark: counters(100)])
  }

  private func order(_ report: StatusReport) -> [String] {
    report.services.map { "\($0.id): \($0.realServers.map { $0.name ?? "?" }.joined(separator: " "))" }
  }

  @Test(arguments: [
    (
      StatusOrder.name, ["udp 10.0.0.1:53: web1 web2", "tcp 192.168.147.100:80: web1 web2", "fwmark 10 ipv4: web1"]
    ),
    (.state, ["udp 10.0.0.1:53: web1 web2", "tcp 192.168.147.100:80: web1 web2", "fwmark 10 ipv4: web1"]),
    (.weight, ["udp 10.0.0.1:53: web2 web1", "tcp 192.168.147.100:80: web2 web1", "fwmark 10 ipv4: web1"]),
    (.active, ["fwmark 10 ipv4: web1", "tcp 192.168.147.100:80: web1 web2", "udp 10.0.0.1:53: web2 web1"]),
    (.rate, ["fwmark 10 ipv4: web1", "tcp 192.168.147.100:80: web1 web2", "udp 10.0.0.1:53: web2 web1"]),
  ])
  func `a report is sorted as asked`(by wanted: StatusOrder, services: [String]) {
    #expect(order(report.sorted(by: wanted)) == services)
  }

  @Test func `what is wrong is sorted first, by services and within them`() {
    var report = report
    report.services[1].realServers[0].settings.weight = 0
    report.services[2].serving = 0
    #expect(
      order(report.sorted(by: .state)) == [
        "fwmark 10 ipv4: web1", "tcp 192.168.147.100:80: web2 web1", "udp 10.0.0.1:53: web1 web2",
      ])
  }

  @Test func `a choice that leaves nothing is told from a table that is empty`() {
    let nothing = report.filtered(vips: [StatusFilter("10.9.9.9")]).text(Style(usesColor: false))
    #expect(nothing.contains("\nNo virtual services among those asked for.\n"))
    let empty = StatusReport(ipvs: StatusReports.ipvs).filtered().text(Style(usesColor: false))
    #expect(empty.contains("\nNo virtual services.\n"))
  }

  @Test func `without an estimator sorting by rate leaves services by address`() {
    var report = report
    report.estimatesRates = false
    #expect(order(report.sorted(by: .rate)) == order(report))
  }

  @Test(arguments: [
    (["front"], ["tcp 192.168.147.100:80: web2 web1"]), (["10.0.0.1"], ["udp 10.0.0.1:53: web2 web1"]),
    (["front", "10.0.0.1"], ["udp 10.0.0.1:53: web2 web1", "tcp 192.168.147.100:80: web2 web1"]), (["10.0.0.2"], []),
  ])
  func `a VIP is chosen by its address or its name`(vips: [String], services: [String]) {
    #expect(order(report.filtered(vips: vips.map(StatusFilter.init))) == services)
  }

  @Test func `a real server is chosen in every service, and a service without it is left out`() {
    #expect(
      order(report.filtered(servers: [StatusFilter("web2")]))
        == ["udp 10.0.0.1:53: web2", "tcp 192.168.147.100:80: web2"])
    #expect(
      order(report.filtered(servers: [StatusFilter("192.168.147.3")]))
        == order(
          report.filtered(servers: [StatusFilter("web2")])))
  }

  @Test func `a share is of the whole service, also where one real server is chosen`() {
    let chosen = report.filtered(vips: [StatusFilter("front")], servers: [StatusFilter("web1")])
    #expect(chosen.services.first?.realServers.map(\.share) == [55])
  }
}
