/// Why a text is not a snapshot; the message is a whole sentence.
public struct SnapshotFault: Error, Equatable, Sendable {
  /// What was found, and where.
  public var message: String
}

extension Snapshot {
  /// Whether a text looks like a snapshot rather than a cluster file: JSON with `format_version`.
  public static func isLikely(_ bytes: [UInt8]) -> Bool {
    let blanks = Array(" \t\r\n".utf8)
    guard bytes.first(where: { !blanks.contains($0) }) == UInt8(ascii: "{") else { return false }
    return bytes.prefix(200).split(separator: UInt8(ascii: "\"")).contains { $0.elementsEqual("format_version".utf8) }
  }

  /// Reads what ``json`` wrote.
  public init(_ bytes: [UInt8]) throws(SnapshotFault) {
    guard let document = JSONText.value(of: bytes) else { throw SnapshotFault(message: "The snapshot is not JSON.") }
    guard document["format_version"]?.number() == 1 else {
      throw SnapshotFault(message: "The snapshot has no \"format_version\": 1, the only one this lvsctl reads.")
    }
    let reader = SnapshotReader()
    cluster = try reader.text(document, "cluster")
    node = try reader.text(document, "node")
    role = try reader.text(document, "role")
    state = try reader.state(document)
  }
}

/// Reads the parts of a snapshot; each part that is missing or out of its range is a fault that names it.
private struct SnapshotReader {
  func text(_ value: JSONText.Value, _ key: String) throws(SnapshotFault) -> String {
    guard let text = value[key]?.text else { throw fault(key, "a text") }
    return text
  }

  func state(_ document: JSONText.Value) throws(SnapshotFault) -> HostState {
    var state = HostState()
    for module in try list(document, "modules") {
      guard let name = module.text else { throw fault("modules", "a list of texts") }
      state.modules.insert(name)
    }
    for (name, value) in try map(document, "sysctls") {
      guard let value = value.text else { throw fault("sysctls", "a map of texts") }
      state.sysctls[name] = value
    }
    for (name, link) in try map(document, "links") {
      guard case .boolean(let isUp)? = link["up"] else { throw fault("links", "a map with \"up\"") }
      state.links[name] = LinkSettings(isUp: isUp)
    }
    for value in try list(document, "addresses") { try readAddress(value, into: &state) }
    for value in try list(document, "routes") { try readRoute(value, into: &state) }
    if let timeouts = document["timeouts"] {
      state.timeouts = Timeouts(
        tcp: timeouts["tcp"]?.number(), tcpFin: timeouts["tcp_fin"]?.number(), udp: timeouts["udp"]?.number())
    }
    for (word, value) in try map(document, "sync_daemons") { try readDaemon(word, value, into: &state) }
    for value in try list(document, "services") { try readService(value, into: &state) }
    return state
  }

  private func readAddress(_ value: JSONText.Value, into state: inout HostState) throws(SnapshotFault) {
    let id = AddressID(
      try address(value, "address"), prefixLength: try number(value, "prefix_length"),
      interface: try text(value, "interface"))
    state.addresses[id] = AddressSettings(label: value["label"]?.text, mark: try number(value, "protocol"))
  }

  private func readRoute(_ value: JSONText.Value, into state: inout HostState) throws(SnapshotFault) {
    let id = RouteID(
      try address(value, "destination"), prefixLength: try number(value, "prefix_length"),
      interface: try text(value, "interface"))
    state.routes[id] = RouteSettings(mark: try number(value, "protocol"))
  }

  private func readDaemon(
    _ word: String, _ value: JSONText.Value, into state: inout HostState
  ) throws(SnapshotFault) {
    guard let role = SyncRole.allCases.first(where: { $0.word == word }) else {
      throw fault("sync_daemons", "a map of \"master\" and \"backup\"")
    }
    state.syncDaemons[role] = SyncDaemon(
      interface: try text(value, "interface"), id: try number(value, "id"),
      group: value["group"]?.text.flatMap { IPAddress($0) }, port: value["port"]?.number(),
      ttl: value["ttl"]?.number(), maxlen: value["maxlen"]?.number())
  }

  private func readService(_ value: JSONText.Value, into state: inout HostState) throws(SnapshotFault) {
    let id = try serviceID(value)
    let scheduler = Scheduler(try text(value, "scheduler"))
    var flags: SchedulerFlags = []
    for flag in value["scheduler_flags"]?.elements ?? [] {
      guard let bit = flag.text.flatMap({ SchedulerFlags(word: $0) }) else {
        throw fault("scheduler_flags", "a list of known flags")
      }
      flags.formUnion(bit)
    }
    var service = VirtualService(
      settings: ServiceSettings(
        scheduler: scheduler, schedulerFlags: flags, persistence: try persistence(value, id.family),
        onePacket: value["one_packet"] == .boolean(true)))
    for server in try list(value, "real_servers") {
      let server = (
        id: RealServerID(address: try address(server, "address"), port: try number(server, "port")),
        settings: try realServer(server)
      )
      service.realServers[server.id] = server.settings
    }
    state.services[id] = service
  }

  private func serviceID(_ value: JSONText.Value) throws(SnapshotFault) -> ServiceID {
    if value["fwmark"] != nil {
      let word = try text(value, "family")
      guard let family = AddressFamily.allCases.first(where: { $0.word == word }) else {
        throw fault("family", "\"ipv4\" or \"ipv6\"")
      }
      return .fwmark(try number(value, "fwmark"), family)
    }
    let word = try text(value, "protocol")
    guard let proto = TransportProtocol.allCases.first(where: { $0.word == word }) else {
      throw fault("protocol", "\"tcp\", \"udp\" or \"sctp\"")
    }
    return .address(proto, try address(value, "vip"), port: try number(value, "port"))
  }

  private func persistence(
    _ service: JSONText.Value, _ family: AddressFamily
  ) throws(SnapshotFault) -> Persistence? {
    guard let value = service["persistence"] else { return nil }
    if let timeout = value.number(UInt32.self) { return Persistence(timeout: timeout, netmask: .host(family)) }
    var netmask = PersistenceMask.host(family)
    if let length = value["netmask"]?.number(UInt32.self) { netmask = .ipv6(length) }
    if let mask = value["netmask"]?.text.flatMap({ IPAddress($0) }) { netmask = .ipv4(mask.ipv4Bits) }
    return Persistence(timeout: try number(value, "timeout"), netmask: netmask, engine: value["engine"]?.text)
  }

  private func realServer(_ value: JSONText.Value) throws(SnapshotFault) -> RealServerSettings {
    let forward: ForwardingMethod
    switch try text(value, "forward") {
    case "dr": forward = .dr
    case "nat": forward = .nat
    case "tun": forward = .tun(try value["tunnel"].map(tunnel) ?? Tunnel())
    case "local": forward = .local
    case "bypass": forward = .bypass
    default: throw fault("forward", "a forwarding method")
    }
    return RealServerSettings(
      forward: forward, weight: try number(value, "weight"),
      upperThreshold: value["upper_threshold"]?.number() ?? 0, lowerThreshold: value["lower_threshold"]?.number() ?? 0)
  }

  private func tunnel(_ value: JSONText.Value) throws(SnapshotFault) -> Tunnel {
    let kindWord = try text(value, "type")
    guard let kind = Tunnel.Kind.allCases.first(where: { $0.word == kindWord }) else {
      throw fault("type", "a kind of tunnel")
    }
    let checksum = Tunnel.Checksum.allCases.first { $0.word == value["checksum"]?.text } ?? .none
    return Tunnel(kind: kind, port: value["port"]?.number() ?? 0, checksum: checksum)
  }

  private func list(_ value: JSONText.Value, _ key: String) throws(SnapshotFault) -> [JSONText.Value] {
    guard let items = value[key]?.elements else { throw fault(key, "a list") }
    return items
  }

  private func map(_ value: JSONText.Value, _ key: String) throws(SnapshotFault) -> [(String, JSONText.Value)] {
    guard let members = value[key]?.members else { throw fault(key, "a map") }
    return members
  }

  private func address(_ value: JSONText.Value, _ key: String) throws(SnapshotFault) -> IPAddress {
    guard let address = value[key]?.text.flatMap({ IPAddress($0) }) else { throw fault(key, "an address") }
    return address
  }

  private func number<Number: FixedWidthInteger>(
    _ value: JSONText.Value, _ key: String
  ) throws(SnapshotFault) -> Number {
    guard let number = value[key]?.number(Number.self) else { throw fault(key, "a number in its range") }
    return number
  }

  private func fault(_ key: String, _ wanted: String) -> SnapshotFault {
    SnapshotFault(message: "The snapshot's \"\(key)\" is not \(wanted).")
  }
}
