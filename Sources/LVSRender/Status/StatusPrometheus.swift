import LVSModel
import LVSPlan
import LVSText

extension StatusReport {
  /// The report in Prometheus' text exposition format, for node_exporter's textfile collector; `revision` is the build's.
  ///
  /// Without a file the labels `cluster`, `node`, `vip_name` and `name` are empty, which to Prometheus is the same as
  /// absent. A fwmark service has the protocol `fwmark` and the service `10 ipv4`: marks of the two families are two
  /// services. Rates are left out, since Prometheus makes its own from the counters.
  public func writePrometheus(revision: String = "", to sink: inout TextSink) {
    writeNode(revision, to: &sink)
    writeServices(to: &sink)
    for (metric, value) in Self.serverMetrics {
      let samples = services.lazy.flatMap { service in
        service.realServers.lazy.filter(\.isInTable).map { (labels(service, $0), value($0)) }
      }
      metric.write(samples, to: &sink)
    }
    writeHealth(to: &sink)
  }

  private typealias Labels = [(String, String)]

  private var node: Labels { [("cluster", identity?.cluster ?? ""), ("node", identity?.node ?? "")] }

  // MARK: The node

  private func writeNode(_ revision: String, to sink: inout TextSink) {
    let node = node
    Metric("lvsctl_build_info", .gauge, "The lvsctl that wrote this; always 1.").write(
      [(node + [("version", Release.number), ("revision", revision)], 1)], to: &sink)
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
    if let identity {
      Metric("lvs_node_info", .gauge, "The node's role, also where IPVS is not loaded; always 1.").write(
        [(node + [("role", identity.role)], 1)], to: &sink)
    }
    if let drift {
      Metric("lvs_drift_differences", .gauge, "Differences between this node and the cluster file.").write(
        [(node, UInt64(drift.changes.count + drift.conflicts.count))], to: &sink)
      let samples = Finding.Severity.allCases.map { severity in
        (node + [("severity", severity.rawValue)], UInt64(findings.count(of: severity)))
      }
      Metric("lvs_findings", .gauge, "What lvsctl finds wrong beyond differences from the file.").write(
        samples, to: &sink)
    }
    Metric("lvs_vip_held", .gauge, "Whether this director holds the VIP of the file.").write(
      vips.lazy.map { vip in
        let labels = [("vip", vip.address.description), ("vip_name", vip.name ?? ""), ("held_by", vip.holder)]
        return (node + labels, vip.isHeld ? 1 : 0)
      }, to: &sink)
    let daemons = SyncRole.allCases.map { ($0, node + [("daemon", $0.word)]) }
    if ipvs != nil {
      Metric("lvs_sync_daemon_running", .gauge, "Whether the connection sync daemon runs.").write(
        daemons.map { ($1, syncDaemons[$0] == nil ? 0 : 1) }, to: &sink)
    }
    if let wantedSyncRoles {
      Metric("lvs_sync_daemon_wanted", .gauge, "Whether the file wants it to run here.").write(
        daemons.map { ($1, wantedSyncRoles.contains($0) ? 1 : 0) }, to: &sink)
    }
  }

  // MARK: Services

  private func writeServices(to sink: inout TextSink) {
    Metric("lvs_service_info", .gauge, "What the service is; always 1.").write(
      services.lazy.map { (labels($0) + details($0), 1) }, to: &sink)
    for (metric, value) in Self.serviceMetrics {
      metric.write(services.lazy.map { (labels($0), value($0.traffic)) }, to: &sink)
    }
    Metric(
      "lvs_service_serving_real_servers", .gauge,
      "Real servers in the table with a weight above 0, a fallback that serves among them."
    ).write(services.lazy.map { (labels($0), $0.serving) }, to: &sink)
    let checked = services.lazy.compactMap { service in service.health.map { (service, $0) } }
    Metric(
      "lvs_service_up_real_servers", .gauge,
      "Real servers that are up, or not found down yet, without the fallback; absent where nothing is checked."
    ).write(checked.map { (labels($0), $1.up) }, to: &sink)
    Metric("lvs_service_quorum", .gauge, "How many of them must be up for the service to count as up.").write(
      checked.map { (labels($0), $1.quorum) }, to: &sink)
    Metric("lvs_service_fallback_serving", .gauge, "Whether the service's fallback serves, for want of any other.")
      .write(
        services.lazy.compactMap { service in service.isServedByFallback.map { (labels(service), $0 ? 1 : 0) } },
        to: &sink)
  }

  private func labels(_ service: ServiceStatus) -> Labels {
    let (proto, name) =
      switch service.id {
      case .address(let proto, let vip, let port): (proto.word, vip.withPort(port))
      case .fwmark(let mark, let family): ("fwmark", "\(mark) \(family.word)")
      }
    return node + [("service", name), ("protocol", proto), ("vip_name", service.name ?? "")]
  }

  /// What a service's own series alone say of it, so that the others stay short.
  private func details(_ service: ServiceStatus) -> Labels {
    let place =
      switch service.id {
      case .address(_, let vip, let port): (vip: vip.description, port: "\(port)", mark: "")
      case .fwmark(let mark, _): (vip: "", port: "", mark: "\(mark)")
      }
    let isOfFile = drift == nil ? "" : "\(!service.isUnmanaged && !service.isLeftAlone)"
    return [
      ("family", service.id.family.word), ("vip", place.vip), ("port", place.port), ("fwmark", place.mark),
      ("scheduler", service.settings.scheduler.name),
      ("persistence", service.settings.persistence.map { "\($0.timeout)" } ?? ""), ("managed", isOfFile),
    ]
  }

  // MARK: Real servers

  private func labels(_ service: ServiceStatus, _ server: RealServerStatus) -> Labels {
    labels(service) + [("real_server", server.id.description), ("name", server.name ?? "")]
  }

  private func writeHealth(to sink: inout TextSink) {
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
    let times = services.lazy.flatMap { service in
      service.realServers.lazy.compactMap { server in server.health?.since.map { (labels(service, server), $0) } }
    }
    Metric("lvs_real_server_health_since_timestamp_seconds", .gauge, "Since when it is in the state that it is in.")
      .write(times, to: &sink)
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
