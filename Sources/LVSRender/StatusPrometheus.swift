import LVSModel
import LVSPlan
import LVSText

extension StatusReport {
  /// The report in Prometheus' text exposition format, for node_exporter's textfile collector.
  ///
  /// Without a file the labels `cluster` and `name` are empty, which to Prometheus is the same as absent. A fwmark service
  /// has the protocol `fwmark` and the service `10 ipv4`: marks of the two families are two services. Rates are left out,
  /// since Prometheus makes its own from the counters.
  public func writePrometheus(to sink: inout TextSink) {
    let node = [("cluster", identity?.cluster ?? ""), ("node", identity?.node ?? "")]
    Metric("lvs_up", .gauge, "Whether IPVS is loaded in this kernel.").write(
      [(node, ipvs == nil ? 0 : UInt64(1))], to: &sink)
    if let ipvs {
      Metric("lvs_info", .gauge, "The version of IPVS and the node's role; always 1.").write(
        [(node + [("role", identity?.role ?? ""), ("version", ipvs.versionText)], UInt64(1))], to: &sink)
      Metric("lvs_connection_table_rows", .gauge, "Size of the connection hash table.").write(
        [(node, UInt64(ipvs.connectionTableSize))], to: &sink)
      Metric("lvs_estimator_running", .gauge, "Whether the kernel's estimator runs; without it no counter moves.")
        .write(
          [(node, estimatesRates ? UInt64(1) : 0)], to: &sink)
    }
    if let drift {
      Metric("lvs_drift_differences", .gauge, "Differences between this node and the cluster file.").write(
        [(node, UInt64(drift.changes.count + drift.conflicts.count))], to: &sink)
    }
    if drift != nil {
      let samples = Finding.Severity.allCases.map { severity in
        (node + [("severity", severity.rawValue)], UInt64(findings.count(of: severity)))
      }
      Metric("lvs_findings", .gauge, "What lvsctl finds wrong beyond differences from the file.").write(
        samples, to: &sink)
    }
    for (metric, value) in Self.serviceMetrics {
      metric.write(services.lazy.map { (labels($0), value($0.traffic)) }, to: &sink)
    }
    for (metric, value) in Self.serverMetrics {
      let samples = services.lazy.flatMap { service in
        service.realServers.lazy.filter(\.isInTable).map { (labels(service, $0), value($0)) }
      }
      metric.write(samples, to: &sink)
    }
    let states = services.lazy.flatMap { service in
      service.realServers.lazy.flatMap { server in
        server.health.map { health in
          ServerHealth.State.allCases.map { state in
            (labels(service, server) + [("state", state.rawValue)], health.state == state ? UInt64(1) : 0)
          }
        } ?? []
      }
    }
    Metric("lvs_real_server_health", .gauge, "Whether the real server is in this state of health, 1 for one of them.")
      .write(states, to: &sink)
  }

  private typealias Labels = [(String, String)]

  private func labels(_ service: ServiceStatus) -> Labels {
    let (proto, name) =
      switch service.id {
      case .address(let proto, let vip, let port): (proto.word, vip.withPort(port))
      case .fwmark(let mark, let family): ("fwmark", "\(mark) \(family.word)")
      }
    return [("cluster", identity?.cluster ?? ""), ("service", name), ("protocol", proto)]
  }

  private func labels(_ service: ServiceStatus, _ server: RealServerStatus) -> Labels {
    labels(service) + [("real_server", server.id.description), ("name", server.name ?? "")]
  }

  private static let serviceMetrics: [(Metric, @Sendable (TrafficCounters) -> UInt64)] = [
    (Metric("lvs_service_connections_total", .counter, "Connections scheduled for the service."), { $0.connections }),
    (Metric("lvs_service_incoming_packets_total", .counter, "Packets from clients."), { $0.packetsIn }),
    (
      Metric("lvs_service_outgoing_packets_total", .counter, "Packets to clients that passed this machine."),
      { $0.packetsOut }
    ),
    (Metric("lvs_service_incoming_bytes_total", .counter, "Bytes from clients."), { $0.bytesIn }),
    (
      Metric("lvs_service_outgoing_bytes_total", .counter, "Bytes to clients that passed this machine."),
      { $0.bytesOut }
    ),
  ]

  private static let serverMetrics: [(Metric, @Sendable (RealServerStatus) -> UInt64)] = [
    (
      Metric("lvs_real_server_weight", .gauge, "Weight; 0 gets no new connections."),
      { UInt64(max(0, $0.settings.weight)) }
    ),
    (
      Metric("lvs_real_server_overloaded", .gauge, "Whether the connections reach the upper threshold."),
      { $0.isOverloaded ? 1 : 0 }
    ),
    (
      Metric("lvs_real_server_active_connections", .gauge, "Connections in an established state."),
      { UInt64($0.counters.active) }
    ),
    (
      Metric("lvs_real_server_inactive_connections", .gauge, "Connections in any other state."),
      { UInt64($0.counters.inactive) }
    ),
    (
      Metric("lvs_real_server_persistent_connections", .gauge, "Persistence templates."),
      { UInt64($0.counters.persistent) }
    ),
    (
      Metric("lvs_real_server_connections_total", .counter, "Connections scheduled for the real server."),
      { $0.counters.traffic.connections }
    ),
    (
      Metric("lvs_real_server_incoming_packets_total", .counter, "Packets from clients to the real server."),
      { $0.counters.traffic.packetsIn }
    ),
    (
      Metric(
        "lvs_real_server_outgoing_packets_total", .counter, "Packets from the real server that passed this machine."),
      { $0.counters.traffic.packetsOut }
    ),
    (
      Metric("lvs_real_server_incoming_bytes_total", .counter, "Bytes from clients to the real server."),
      { $0.counters.traffic.bytesIn }
    ),
    (
      Metric("lvs_real_server_outgoing_bytes_total", .counter, "Bytes from the real server that passed this machine."),
      { $0.counters.traffic.bytesOut }
    ),
  ]
}

/// A metric of the exposition format: its samples follow its HELP and TYPE without a gap.
struct Metric: Sendable {
  enum Kind: String {
    case counter, gauge
  }

  var name: String
  var kind: Kind
  var help: String

  init(_ name: String, _ kind: Kind, _ help: String) {
    self.name = name
    self.kind = kind
    self.help = help
  }

  /// Writes the metric with its samples; without any nothing is written.
  func write<Value: CustomStringConvertible>(
    _ samples: some Sequence<([(String, String)], Value)>, to sink: inout TextSink
  ) {
    var isFirst = true
    for (labels, value) in samples {
      if isFirst { sink.write("# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n") }
      isFirst = false
      let pairs = labels.map { "\($0)=\"\(Self.escaped($1))\"" }
      sink.write("\(name){\(pairs.joined(separator: ","))} \(value)\n")
    }
  }

  /// A label's value with what the format escapes.
  private static func escaped(_ value: String) -> String {
    var text = ""
    for character in value.unicodeScalars {
      switch character {
      case "\\": text += #"\\"#
      case "\"": text += #"\""#
      case "\n": text += #"\n"#
      default: text.unicodeScalars.append(character)
      }
    }
    return text
  }
}
