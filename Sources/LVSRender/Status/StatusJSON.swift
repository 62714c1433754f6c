import LVSModel
import LVSPlan
import LVSText

extension StatusReport {
  /// The document of `lvsctl status --format json`; every key is always there.
  ///
  /// - `format_version` 1; `time`: when it was looked (RFC 3339); `cluster`, `node`, `role`: null without a file
  /// - `ipvs`: null where it is not loaded, or a real server may not read it, else `version` ("1.2.1"), `connection_table_size` (rows) and `estimator`
  ///   (whether the kernel keeps rates)
  /// - `sync_daemons`: `master` and `backup`, those that run, with their settings in the file's words
  /// - `vips`, on directors, each: `address`, `name` in the file or null, `held_by` in the file's words, `held`
  /// - `real_server`: null unless it is one, else `vips`, each `address`, `name`, `interface` or null, `mute` or null; `ports`,
  ///   each `protocol`, `address`, `port`, `listening` or null; `ways_back`, each `source`, `reachable`, `via` and
  ///   `interface` or null
  /// - `services`, each: `id` as in a diff; `protocol`, `vip`, `port`, or `fwmark`, `family`; `name` of the VIP in the
  ///   file or null; `managed`: whether the file speaks of it, null without a file; the settings in the file's words;
  ///   `state`: `down` where too few real servers get new connections, else `serving`; `counters` and `rates`;
  ///   `real_servers`
  /// - `real_servers`, each: `id` (its address with port), `name` in the file or null, `address`, `port`, the settings in
  ///   the file's words, `overloaded`, `active_connections`, `inactive_connections`, `persistent_connections`, `counters`
  ///   and `rates`
  /// - of these, `health`: null where nothing is asked of it and it is not drained, else `state` (`up`, `down`, `drained`,
  ///   `unknown`), `since` (RFC 3339) or null, and `reason` or null; `fallback`: whether it is the one that serves while no
  ///   other does; `in_table`: whether the kernel has it, where not its numbers are 0; `state`: the word of the screen
  /// - `counters`: `connections`, `packets_in`, `packets_out`, `bytes_in`, `bytes_out`, integers of up to 64 bits since
  ///   they were last set to zero, up to date every two seconds, or not at all where the estimator is off; `rates`: the
  ///   same keys per second, null where it is off
  /// - `drift`: null without a file, else the changes as in a diff; `unmanaged`, as in a diff; `conflicts`: sentences that
  ///   say what would keep apply from doing anything
  /// - `findings`: as in a diff; without a file only that a change is unconfirmed
  public var json: JSONText.Value {
    .object([
      ("format_version", .integer(1)),
      ("time", JSONText.Value(time.map(utcText))),
      ("cluster", JSONText.Value(identity?.cluster)),
      ("node", JSONText.Value(identity?.node)),
      ("role", JSONText.Value(identity?.role)),
      ("ipvs", ipvs.map(ipvsJSON) ?? .null),
      (
        "sync_daemons",
        .object(syncDaemons.sorted { $0.key < $1.key }.map { ($0.word, JSONText.Value($1.fields)) })
      ),
      ("vips", .maps(vips) { $0.json }),
      ("real_server", realServer?.json ?? .null),
      ("services", .maps(services, serviceJSON)),
      ("drift", drift.map { .maps($0.changes) { $0.json } } ?? .null),
      ("unmanaged", drift.map { .array($0.unmanaged.map { .string($0.description) }) } ?? .null),
      ("conflicts", drift.map { .array($0.conflicts.map { .string($0.message.text) }) } ?? .null),
      ("findings", findings.json),
    ])
  }

  private func ipvsJSON(_ ipvs: IPVSInfo) -> JSONText.Value {
    .object([
      ("version", .string(ipvs.versionText)),
      ("connection_table_size", .integer(Int(ipvs.connectionTableSize))),
      ("estimator", .boolean(estimatesRates)),
    ])
  }

  @Sendable private func serviceJSON(_ service: ServiceStatus) -> JSONText.Value {
    let place: [(String, JSONText.Value)] =
      switch service.id {
      case .address(let proto, let vip, let port):
        [("protocol", .string(proto.word)), ("vip", .string(vip.description)), ("port", .integer(Int(port)))]
      case .fwmark(let mark, let family): [("fwmark", .integer(Int(mark))), ("family", .string(family.word))]
      }
    return .object(
      [("id", .string(service.id.description))] + place + [
        ("name", JSONText.Value(service.name)),
        ("managed", drift == nil ? .null : .boolean(!service.isUnmanaged)),
      ] + service.settings.fields.map { ($0.name, JSONText.Value($0.value)) } + [
        ("state", .string((service.isDown ? Standing.down : .serving).word)),
        ("counters", service.traffic.countersJSON),
        ("rates", estimatesRates ? service.traffic.ratesJSON : .null),
        ("real_servers", .maps(service.realServers) { serverJSON($0, service.id) }),
      ])
  }

  private func serverJSON(_ server: RealServerStatus, _ service: ServiceID) -> JSONText.Value {
    .object(
      [
        ("id", .string(server.id.description)),
        ("name", JSONText.Value(server.name)),
        ("address", .string(server.id.address.description)),
        ("port", .integer(Int(server.id.port))),
      ] + server.settings.fields.map { ($0.name, JSONText.Value($0.value)) } + [
        ("health", server.health?.json ?? .null),
        ("fallback", .boolean(server.isFallback)),
        ("in_table", .boolean(server.isInTable)),
        ("state", .string(server.standing(in: service, estimatesRates: estimatesRates).word)),
        ("overloaded", .boolean(server.isOverloaded)),
        ("active_connections", .integer(Int(server.counters.active))),
        ("inactive_connections", .integer(Int(server.counters.inactive))),
        ("persistent_connections", .integer(Int(server.counters.persistent))),
        ("counters", server.counters.traffic.countersJSON),
        ("rates", estimatesRates ? server.counters.traffic.ratesJSON : .null),
      ])
  }
}

extension VIPStatus {
  fileprivate var json: JSONText.Value {
    .object([
      ("address", .string(address.description)), ("name", JSONText.Value(name)), ("held_by", .string(holder)),
      ("held", .boolean(isHeld)),
    ])
  }
}

extension ServerHealth {
  fileprivate var json: JSONText.Value {
    .object([
      ("state", .string(state.rawValue)), ("since", JSONText.Value(since.map(utcText))),
      ("reason", JSONText.Value(reason)),
    ])
  }
}

extension TrafficCounters {
  fileprivate var countersJSON: JSONText.Value {
    .object([
      ("connections", .unsigned(connections)),
      ("packets_in", .unsigned(packetsIn)),
      ("packets_out", .unsigned(packetsOut)),
      ("bytes_in", .unsigned(bytesIn)),
      ("bytes_out", .unsigned(bytesOut)),
    ])
  }

  fileprivate var ratesJSON: JSONText.Value {
    .object([
      ("connections", .unsigned(connectionRate)),
      ("packets_in", .unsigned(packetRateIn)),
      ("packets_out", .unsigned(packetRateOut)),
      ("bytes_in", .unsigned(byteRateIn)),
      ("bytes_out", .unsigned(byteRateOut)),
    ])
  }
}
