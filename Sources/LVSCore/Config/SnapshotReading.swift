/// Why a text is not a snapshot; the message is a whole sentence.
public struct SnapshotFault: Error, Equatable, Sendable, MessageConvertible {
  /// What was found, and where.
  public var message: Message
}

extension Snapshot {
  /// Whether a text looks like a snapshot rather than a cluster file: a JSON map that mentions `format_version`.
  public static func isLikely(_ bytes: [UInt8]) -> Bool {
    let blanks = Array(" \t\r\n".utf8)
    guard bytes.first(where: { !blanks.contains($0) }) == UInt8(ascii: "{") else { return false }
    return bytes.contains(Array("\"format_version\"".utf8))
  }

  /// Reads what ``json`` wrote; keys it does not know are ignored. Throws the first part that is missing or wrong.
  public init(_ bytes: [UInt8]) throws(SnapshotFault) {
    guard let value = JSONText.value(of: bytes), value.members != nil else {
      throw SnapshotFault(message: "The snapshot is not a JSON document.")
    }
    let document = JSONPart(value)
    guard document.member("format_version")?.value.number() == 1 else {
      throw SnapshotFault(message: "The snapshot has no \"format_version\": 1, the only one this lvsctl reads.")
    }
    cluster = try document.member("cluster")?.text()
    node = try document.member("node")?.text()
    role = try document.member("role")?.text()
    state = try HostState(document)
    withheldSysctls = []
    for name in try document.member("sysctls_withheld")?.elements() ?? [] { withheldSysctls.insert(try name.text()) }
    memory = try MachineMemory(try document.required("managed"))
  }
}

extension MachineMemory {
  fileprivate init(_ part: JSONPart) throws(SnapshotFault) {
    self.init()
    for vip in try part.required("vips").elements() { vips.insert(try vip.address()) }
    for mark in try part.required("fwmarks").elements() { fwmarks.insert(try ServiceID(fwmark: mark)) }
    cluster = try part.member("cluster")?.text()
    node = try part.member("node")?.text()
    role = try part.member("role")?.word(RoleRequest.allCases, \.rawValue)
    for (name, value) in try part.member("sysctls")?.members() ?? [] { sysctls[name] = try value.text() }
    for device in try part.member("devices")?.elements() ?? [] { devices.insert(try device.interface()) }
    if let seconds = part.member("timeouts") { timeouts = try Timeouts(seconds) }
    syncDaemons = try part.member("sync_daemons").map { part throws(SnapshotFault) in try part.syncDaemons() }
    sync = try part.member("sync").map { part throws(SnapshotFault) in try SyncDaemon(part) }
  }
}

extension HostState {
  fileprivate init(_ document: JSONPart) throws(SnapshotFault) {
    self.init()
    for module in try document.required("modules").elements() { modules.insert(try module.text()) }
    for (name, value) in try document.required("sysctls").members() { sysctls[name] = try value.text() }
    for (name, link) in try document.required("links").members() {
      guard InterfaceName.isValid(name) else { throw link.fault("is not the name of a network interface") }
      links[name] = LinkSettings(isUp: try link.required("up").boolean())
    }
    for address in try document.required("addresses").elements() { try readAddress(address) }
    for route in try document.required("routes").elements() { try readRoute(route) }
    timeouts = try Timeouts(document.required("timeouts"))
    syncDaemons = try document.required("sync_daemons").syncDaemons()
    for service in try document.required("services").elements() { try readService(service) }
  }

  private mutating func readAddress(_ part: JSONPart) throws(SnapshotFault) {
    let address = try part.required("address").address()
    let id = AddressID(
      address, prefixLength: try part.required("prefix_length").number(in: 0...address.family.hostPrefixLength),
      interface: try part.required("interface").interface())
    let settings = AddressSettings(
      label: try part.member("label")?.text(), mark: try part.required("protocol").number())
    guard addresses.updateValue(settings, forKey: id) == nil else { throw part.fault("is there twice") }
  }

  private mutating func readRoute(_ part: JSONPart) throws(SnapshotFault) {
    let destination = try part.required("destination").address()
    let id = RouteID(
      destination,
      prefixLength: try part.required("prefix_length").number(in: 0...destination.family.hostPrefixLength),
      interface: try part.required("interface").interface())
    let settings = RouteSettings(mark: try part.required("protocol").number())
    guard routes.updateValue(settings, forKey: id) == nil else { throw part.fault("is there twice") }
  }

  private mutating func readService(_ part: JSONPart) throws(SnapshotFault) {
    let id = try ServiceID(part)
    var service = VirtualService(settings: try ServiceSettings(part, family: id.family))
    for server in try part.required("real_servers").elements() {
      let key = RealServerID(
        address: try server.required("address").address(), port: try server.required("port").number())
      guard service.realServers.updateValue(try RealServerSettings(server), forKey: key) == nil else {
        throw server.fault("is there twice")
      }
    }
    guard services.updateValue(service, forKey: id) == nil else { throw part.fault("is there twice") }
  }
}

extension Timeouts {
  fileprivate init(_ part: JSONPart) throws(SnapshotFault) {
    _ = try part.members()
    self.init(
      tcp: try part.member("tcp")?.number(), tcpFin: try part.member("tcp_fin")?.number(),
      udp: try part.member("udp")?.number())
  }
}

extension SyncDaemon {
  fileprivate init(_ part: JSONPart) throws(SnapshotFault) {
    self.init(
      interface: try part.required("interface").interface(), id: try part.required("id").number(),
      group: try part.member("group")?.address(), port: try part.member("port")?.number(),
      ttl: try part.member("ttl")?.number(), maxlen: try part.member("maxlen")?.number())
  }
}

extension ServiceID {
  fileprivate init(_ part: JSONPart) throws(SnapshotFault) {
    if part.member("fwmark") != nil {
      self = try ServiceID(fwmark: part)
      return
    }
    let proto = try part.required("protocol").word(TransportProtocol.allCases, \.word)
    self = .address(proto, try part.required("vip").address(), port: try part.required("port").number())
  }

  fileprivate init(fwmark part: JSONPart) throws(SnapshotFault) {
    self = .fwmark(
      try part.required("fwmark").number(in: 1...UInt32.max),
      try part.required("family").word(AddressFamily.allCases, \.word))
  }
}

extension ServiceSettings {
  fileprivate init(_ part: JSONPart, family: AddressFamily) throws(SnapshotFault) {
    self.init(scheduler: Scheduler(try part.required("scheduler").text()))
    for flag in try part.member("scheduler_flags")?.elements() ?? [] {
      guard let bit = SchedulerFlags(word: try flag.text()) else { throw flag.fault("is no scheduler flag") }
      schedulerFlags.formUnion(bit)
    }
    persistence = try part.member("persistence").map { part throws(SnapshotFault) in
      try Persistence(part, family: family)
    }
    onePacket = try part.member("one_packet")?.boolean() ?? false
  }
}

extension Persistence {
  fileprivate init(_ part: JSONPart, family: AddressFamily) throws(SnapshotFault) {
    guard part.value.members != nil else {
      self.init(timeout: try part.number(), netmask: .host(family))
      return
    }
    self.init(
      timeout: try part.required("timeout").number(), netmask: .host(family),
      engine: try part.member("engine")?.text())
    guard let mask = part.member("netmask") else { return }
    switch family {
    case .ipv4:
      let address = try mask.address()
      guard address.family == .ipv4 else { throw mask.fault("is not a netmask") }
      netmask = .ipv4(address.ipv4Bits)
    case .ipv6: netmask = .ipv6(try mask.number(in: 1...128))
    }
  }
}

extension RealServerSettings {
  fileprivate init(_ part: JSONPart) throws(SnapshotFault) {
    let plain: [ForwardingMethod] = [.dr, .nat, .tun(Tunnel()), .local, .bypass]
    var forward: ForwardingMethod
    if let unknown = try UnknownForwarding(part) {
      forward = .unknown(unknown)
    } else {
      forward = try part.required("forward").word(plain, \.word)
      if let tunnel = part.member("tunnel") {
        guard forward.tunnel != nil else { throw tunnel.fault("is there, and the forwarding method is not \"tun\"") }
        forward = .tun(try Tunnel(tunnel))
      }
    }
    self.init(
      forward: forward, weight: try part.required("weight").number(),
      upperThreshold: try part.member("upper_threshold")?.number() ?? 0,
      lowerThreshold: try part.member("lower_threshold")?.number() ?? 0)
  }
}

extension UnknownForwarding {
  /// What a newer kernel listed, or nil where this program knows the method and the tunnel.
  fileprivate init?(_ part: JSONPart) throws(SnapshotFault) {
    let word = try part.required("forward").value.text ?? ""
    if let method = Self.number(word, after: "method-") {
      self.init(method: method)
      return
    }
    guard word == "tun", let tunnel = part.member("tunnel"),
      let kind = tunnel.member("type")?.value.text.flatMap({ Self.number($0, after: "kind-") })
    else { return nil }
    self.init(
      method: Self.tunneling, tunnelKind: kind, port: try tunnel.member("port")?.number() ?? 0,
      flags: try tunnel.member("flags")?.number() ?? 0)
  }
}

extension Tunnel {
  fileprivate init(_ part: JSONPart) throws(SnapshotFault) {
    self.init(
      kind: try part.required("type").word(Kind.allCases, \.word), port: try part.member("port")?.number() ?? 0,
      checksum: try part.member("checksum")?.word(Checksum.allCases, \.word) ?? .none)
  }
}

/// A part of a snapshot with its place in it, such as `services[3].real_servers[0].weight`, for messages.
private struct JSONPart {
  let value: JSONText.Value
  private let path: String

  init(_ value: JSONText.Value, path: String = "") {
    self.value = value
    self.path = path
  }

  func fault(_ what: Message) -> SnapshotFault { SnapshotFault(message: "In the snapshot, \(path) \(what).") }

  /// A member of the map; nil where there is none, or null.
  func member(_ key: String) -> JSONPart? {
    guard let member = value[key] else { return nil }
    if case .null = member { return nil }
    return JSONPart(member, path: path.isEmpty ? key : "\(path).\(key)")
  }

  func required(_ key: String) throws(SnapshotFault) -> JSONPart {
    guard path.isEmpty || value.members != nil else { throw fault("is not a map") }
    guard let member = member(key) else {
      throw SnapshotFault(message: "In the snapshot, \(path.isEmpty ? "" : "\(path).")\(key) is missing.")
    }
    return member
  }

  func elements() throws(SnapshotFault) -> [JSONPart] {
    guard let elements = value.elements else { throw fault("is not a list") }
    return elements.enumerated().map { JSONPart($1, path: "\(path)[\($0)]") }
  }

  func members() throws(SnapshotFault) -> [(name: String, part: JSONPart)] {
    guard let members = value.members else { throw fault("is not a map") }
    var seen: Set<String> = []
    var parts: [(String, JSONPart)] = []
    for (name, value) in members {
      let part = JSONPart(value, path: "\(path).\(name)")
      guard seen.insert(name).inserted else { throw part.fault("is there twice") }
      parts.append((name, part))
    }
    return parts
  }

  func text() throws(SnapshotFault) -> String {
    guard let text = value.text else { throw fault("is not a text") }
    return text
  }

  func boolean() throws(SnapshotFault) -> Bool {
    guard case .boolean(let flag) = value else { throw fault("is neither true nor false") }
    return flag
  }

  func address() throws(SnapshotFault) -> IPAddress {
    guard let address = value.text.flatMap({ IPAddress($0) }) else { throw fault("is not an address") }
    return address
  }

  /// The name of a network interface.
  func interface() throws(SnapshotFault) -> String {
    let name = try text()
    guard InterfaceName.isValid(name) else { throw fault("is not the name of a network interface") }
    return name
  }

  func syncDaemons() throws(SnapshotFault) -> [SyncRole: SyncDaemon] {
    var daemons: [SyncRole: SyncDaemon] = [:]
    for (word, daemon) in try members() {
      guard let role = SyncRole.allCases.first(where: { $0.word == word }) else {
        throw daemon.fault("is no sync daemon: those are \"master\" and \"backup\"")
      }
      daemons[role] = try SyncDaemon(daemon)
    }
    return daemons
  }

  func number<Number: FixedWidthInteger>(in range: ClosedRange<Number> = .min...(.max)) throws(SnapshotFault) -> Number
  {
    guard let number = value.number(Number.self), range.contains(number) else {
      throw fault("is not a number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  func word<Choice>(_ choices: [Choice], _ word: (Choice) -> String) throws(SnapshotFault) -> Choice {
    guard let text = value.text, let choice = choices.first(where: { word($0) == text }) else {
      throw fault("is not one of \(choices.map { "\"\(word($0))\"" }.joined(separator: ", "))")
    }
    return choice
  }
}
