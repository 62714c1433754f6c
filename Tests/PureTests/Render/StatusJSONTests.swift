import LVSModel
import LVSPlan
import LVSText
import Testing

struct StatusJSONTests {
  @Test func `a status is one document with counters as integers`() {
    let difference = Difference(before: RealServerSettings(weight: 5), after: RealServerSettings())
    let drift = StatusReport.Drift(
      changes: [.realServer(Classic.service, StatusReports.web1, difference)], unmanaged: [.fwmark(3, .ipv6)])
    let report = StatusReports.classic(drift: drift).filtered(servers: [StatusFilter("web1")])
    #expect(
      JSONText.pretty(report.json) == """
        {
          "format_version": 1,
          "time": null,
          "cluster": "shop",
          "node": "director1",
          "role": "director",
          "ipvs": { "version": "1.2.1", "connection_table_size": 4096, "estimator": true },
          "sync_daemons": { "master": { "interface": "ens33", "id": 7, "group": null, "port": null, "ttl": null, "maxlen": null } },
          "vips": [],
          "real_server": null,
          "services": [
            {
              "id": "tcp 192.168.147.100:80",
              "protocol": "tcp",
              "vip": "192.168.147.100",
              "port": 80,
              "name": "front",
              "managed": true,
              "scheduler": "rr",
              "scheduler_flags": [],
              "persistence": null,
              "one_packet": false,
              "state": "serving",
              "counters": { "connections": 12070, "packets_in": 72420, "packets_out": 0, "bytes_in": 4828000, "bytes_out": 0 },
              "rates": { "connections": 1207, "packets_in": 7242, "packets_out": 0, "bytes_in": 482800, "bytes_out": 0 },
              "real_servers": [
                { "id": "192.168.147.4:80", "name": "web1", "address": "192.168.147.4", "port": 80, "forward": "dr", \
        "tunnel": null, "weight": 1, "upper_threshold": 0, "lower_threshold": 0, "health": null, "fallback": false, \
        "in_table": true, "state": "serving", "overloaded": false, \
        "active_connections": 30, "inactive_connections": 0, "persistent_connections": 0, \
        "counters": { "connections": 12000, "packets_in": 72000, "packets_out": 0, "bytes_in": 4800000, "bytes_out": 0 }, \
        "rates": { "connections": 1200, "packets_in": 7200, "packets_out": 0, "bytes_in": 480000, "bytes_out": 0 } }
              ]
            }
          ],
          "drift": [
            { "action": "update", "kind": "real_server", "id": "tcp 192.168.147.100:80 -> 192.168.147.4:80", \
        "before": { "weight": 5 }, "after": { "weight": 1 } }
          ],
          "unmanaged": ["fwmark 3 ipv6"],
          "conflicts": [],
          "findings": []
        }
        """)
  }

  @Test func `without a file and without IPVS every key is there all the same`() {
    #expect(
      JSONText.compact(StatusReport(ipvs: nil).json) == """
        { "format_version": 1, "time": null, "cluster": null, "node": null, "role": null, "ipvs": null, \
        "sync_daemons": {}, "vips": [], "real_server": null, "services": [], "drift": null, "unmanaged": null, "conflicts": null, "findings": [] }
        """)
  }

  @Test func `where the estimator is off rates are null and counters stay`() {
    let text = JSONText.compact(StatusReports.classic(estimatesRates: false).json)
    #expect(text.contains(#""estimator": false"#))
    #expect(text.contains(#""counters": { "connections": 12070, "#))
    #expect(text.contains(#""rates": null"#))
    #expect(!text.contains(#""rates": {"#))
  }

  @Test func `a counter of 64 bits keeps them all`() {
    var counters = ServiceCounters()
    counters.traffic.bytesIn = .max
    let id = ServiceID.fwmark(9, .ipv6)
    let report = StatusReport(
      ipvs: StatusReports.ipvs, services: [id: VirtualService(settings: ServiceSettings())], counters: [id: counters])
    let text = JSONText.compact(report.json)
    #expect(text.contains(#""bytes_in": 18446744073709551615"#))
    #expect(text.contains(#""id": "fwmark 9 ipv6", "fwmark": 9, "family": "ipv6", "name": null, "managed": null"#))
  }

  @Test func `health is a state, a time and a reason, and who is not in the table is there all the same`() throws {
    let servers = StatusReports.unhealthy().json["services"]?.elements?.first?["real_servers"]?.elements ?? []
    func word(_ place: Int, _ key: String) -> String { JSONText.compact(servers[place][key] ?? .string("?")) }
    try #require(servers.map { $0["name"]?.text } == ["web3", "sorry", "web2", "web1"])
    #expect(
      servers.indices.map { word($0, "health") } == [
        #"{ "state": "down", "since": "2026-11-26T05:00:00Z", "reason": "tcp: refused" }"#, "null",
        #"{ "state": "drained", "since": "2026-11-26T05:00:01Z", "reason": null }"#,
        #"{ "state": "unknown", "since": null, "reason": null }"#,
      ])
    #expect(servers.indices.map { word($0, "in_table") } == ["false", "false", "true", "true"])
    #expect(servers.indices.map { word($0, "fallback") } == ["false", "true", "false", "false"])
    #expect(word(0, "weight") == "0" && word(0, "active_connections") == "0")
  }

  @Test func `a state is the word of the screen, and the time and VIPs are there`() throws {
    var report = StatusReports.unhealthy()
    report.time = StatusReports.time
    report.vips = [VIPStatus(address: Classic.vip, name: "front", isHeld: false)]
    let service = try #require(report.json["services"]?.elements?.first)
    #expect(service["state"]?.text == "serving")
    let states = (service["real_servers"]?.elements ?? []).map { $0["state"]?.text }
    #expect(states == ["down", "spare", "draining", "serving"])
    #expect(report.json["time"]?.text == "2026-11-26T05:05:00Z")
    #expect(
      JSONText.compact(report.json["vips"] ?? .null)
        == #"[{ "address": "192.168.147.100", "name": "front", "held_by": "lvsctl", "held": false }]"#)
    report.services[0].serving = 0
    #expect(report.json["services"]?.elements?.first?["state"]?.text == "down")
  }

  @Test func `a real server's part says what it holds, what listens and where replies go`() {
    let part = StatusReports.realServer().json["real_server"] ?? .null
    #expect(
      JSONText.compact(part) == """
        { "vips": [{ "address": "192.168.147.100", "name": "front", "interface": "lo", "mute": true }], \
        "ports": [{ "protocol": "tcp", "address": "192.168.147.100", "port": 80, "listening": true }, \
        { "protocol": "tcp", "address": "192.168.147.100", "port": 443, "listening": false }], \
        "ways_back": [{ "source": "192.168.147.100", "reachable": true, "via": "192.168.147.1", "interface": "eth0" }] }
        """)
  }
}
