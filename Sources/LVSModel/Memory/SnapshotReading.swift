import LVSText

/// Why a text is not a snapshot; the message is a whole sentence.
package struct SnapshotFault: Error, Equatable, Sendable, MessageConvertible {
  /// What was found, and where in the document.
  package var message: Message
  /// Where in the text.
  package var position: SourcePosition
}

extension Snapshot {
  /// Whether a text looks like a snapshot rather than a cluster file: a JSON map that mentions `format_version`.
  package static func isLikely(_ bytes: [UInt8]) -> Bool {
    let mark = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
    guard bytes[mark...].first(where: { !isJSONBlank($0) }) == UInt8(ascii: "{") else { return false }
    return bytes.withUnsafeBufferPointer { $0.offset(of: "\"format_version\"") != nil }
  }

  private static let names: [StaticString] = [
    "format_version", "cluster", "node", "role", "modules", "sysctls", "sysctls_withheld", "links", "addresses",
    "routes", "timeouts", "sync_daemons", "services", "managed",
  ]

  /// Reads what ``json`` wrote; keys it does not know are ignored. Throws the first part that is missing or wrong.
  ///
  /// It is read where it stands: the memory it takes is that of the text and of the state.
  package init(_ bytes: [UInt8]) throws(SnapshotFault) {
    do throws(JSONFault) {
      self = try JSONPart.read(bytes) { (part) throws(JSONFault) in try Snapshot(part) }
    } catch {
      let (message, position) = error.described("the snapshot", in: bytes)
      throw SnapshotFault(message: message, position: position)
    }
  }

  private init(_ part: JSONPart) throws(JSONFault) {
    let document = try part.fields(Self.names)
    guard let version = document["format_version"], version.wholeNumber == 1 else {
      throw part.fault("has no \"format_version\": 1, the only one this lvsctl reads")
    }
    cluster = try document["cluster"]?.text()
    node = try document["node"]?.text()
    role = try document["role"]?.text()
    state = try HostState(document)
    var withheld: Set<String> = []
    try document["sysctls_withheld"]?.elements { (name) throws(JSONFault) in withheld.insert(try name.text()) }
    withheldSysctls = withheld
    memory = try MachineMemory(document.required("managed"))
  }
}

extension MachineMemory {
  private static let names: [StaticString] = [
    "vips", "fwmarks", "cluster", "node", "role", "sysctls", "devices", "timeouts", "sync_daemons", "sync",
  ]

  fileprivate init(_ part: JSONPart) throws(JSONFault) {
    self.init()
    let fields = try part.fields(Self.names)
    vips = try fields.required("vips").set { (vip) throws(JSONFault) in try vip.address() }
    fwmarks = try fields.required("fwmarks").set { (mark) throws(JSONFault) in
      try ServiceID(fwmark: mark.fields(ServiceID.names))
    }
    cluster = try fields["cluster"]?.text()
    node = try fields["node"]?.text()
    role = try fields["role"]?.word(RoleRequest.allCases, \.rawValue)
    sysctls = try fields["sysctls"]?.texts() ?? [:]
    devices = try fields["devices"]?.set { (device) throws(JSONFault) in try device.interface() } ?? []
    if let seconds = fields["timeouts"] { timeouts = try Timeouts(seconds) }
    syncDaemons = try fields["sync_daemons"]?.syncDaemons()
    if let daemon = fields["sync"] { sync = try SyncDaemon(daemon) }
  }
}

extension HostState {
  fileprivate init(_ document: JSONFields) throws(JSONFault) {
    self.init()
    modules = try document.required("modules").set { (module) throws(JSONFault) in try module.text() }
    sysctls = try document.required("sysctls").texts()
    var links: [String: LinkSettings] = [:]
    try document.required("links").members { (name, link) throws(JSONFault) in
      guard InterfaceName.isValid(name) else {
        throw JSONFault(reason: .wrong("is not the name of a network interface"), offset: link.start)
      }
      links[name] = LinkSettings(isUp: try link.fields(["up"]).required("up").boolean())
    }
    self.links = links
    var addresses: [AddressID: AddressSettings] = [:]
    try document.required("addresses").elements { (part) throws(JSONFault) in
      let (id, settings) = try Self.address(&part)
      guard addresses.updateValue(settings, forKey: id) == nil else { throw part.fault("is there twice") }
    }
    self.addresses = addresses
    var routes: [RouteID: RouteSettings] = [:]
    try document.required("routes").elements { (part) throws(JSONFault) in
      let (id, settings) = try Self.route(&part)
      guard routes.updateValue(settings, forKey: id) == nil else { throw part.fault("is there twice") }
    }
    self.routes = routes
    timeouts = try Timeouts(document.required("timeouts"))
    syncDaemons = try document.required("sync_daemons").syncDaemons()
    var services: [ServiceID: VirtualService] = [:]
    try document.required("services").elements { (part) throws(JSONFault) in
      let (id, service) = try Self.service(&part)
      guard services.updateValue(service, forKey: id) == nil else { throw part.fault("is there twice") }
    }
    self.services = services
  }

  private static let addressNames: [StaticString] = ["address", "prefix_length", "interface", "label", "protocol"]

  private static func address(_ part: inout JSONPart) throws(JSONFault) -> (AddressID, AddressSettings) {
    let fields = try JSONFields(&part, addressNames)
    let address = try fields.required("address").address()
    let id = AddressID(
      address, prefixLength: try fields.required("prefix_length").number(in: 0...address.family.hostPrefixLength),
      interface: try fields.required("interface").interface())
    return (
      id, AddressSettings(label: try fields["label"]?.text(), mark: try fields.required("protocol").number())
    )
  }

  private static let routeNames: [StaticString] = ["destination", "prefix_length", "interface", "protocol"]

  private static func route(_ part: inout JSONPart) throws(JSONFault) -> (RouteID, RouteSettings) {
    let fields = try JSONFields(&part, routeNames)
    let destination = try fields.required("destination").address()
    let id = RouteID(
      destination,
      prefixLength: try fields.required("prefix_length").number(in: 0...destination.family.hostPrefixLength),
      interface: try fields.required("interface").interface())
    return (id, RouteSettings(mark: try fields.required("protocol").number()))
  }

  private static func service(_ part: inout JSONPart) throws(JSONFault) -> (ServiceID, VirtualService) {
    let fields = try JSONFields(&part, ServiceID.names + ServiceSettings.names)
    let id = try ServiceID(fields)
    var realServers: [RealServerID: RealServerSettings] = [:]
    try fields.required("real_servers").elements { (server) throws(JSONFault) in
      let fields = try JSONFields(&server, RealServerSettings.names)
      let key = RealServerID(
        address: try fields.required("address").address(), port: try fields.required("port").number())
      guard realServers.updateValue(try RealServerSettings(fields), forKey: key) == nil else {
        throw server.fault("is there twice")
      }
    }
    return (
      id, VirtualService(settings: try ServiceSettings(fields, family: id.family), realServers: realServers)
    )
  }
}

extension Timeouts {
  init(_ part: JSONPart) throws(JSONFault) {
    let fields = try part.fields(["tcp", "tcp_fin", "udp"])
    self.init(
      tcp: try fields["tcp"]?.number(), tcpFin: try fields["tcp_fin"]?.number(), udp: try fields["udp"]?.number())
  }
}

extension SyncDaemon {
  init(_ part: JSONPart) throws(JSONFault) {
    let fields = try part.fields(["interface", "id", "group", "port", "ttl", "maxlen"])
    self.init(
      interface: try fields.required("interface").interface(), id: try fields.required("id").number(),
      group: try fields["group"]?.address(), port: try fields["port"]?.number(),
      ttl: try fields["ttl"]?.number(), maxlen: try fields["maxlen"]?.number())
  }
}

extension ServiceID {
  fileprivate static let names: [StaticString] = ["vip", "port", "protocol", "fwmark", "family"]

  fileprivate init(_ fields: JSONFields) throws(JSONFault) {
    if fields["fwmark"] != nil {
      self = try ServiceID(fwmark: fields)
      return
    }
    let proto = try fields.required("protocol").word(TransportProtocol.allCases, \.word)
    self = .address(proto, try fields.required("vip").address(), port: try fields.required("port").number())
  }

  fileprivate init(fwmark fields: JSONFields) throws(JSONFault) {
    self = .fwmark(
      try fields.required("fwmark").number(in: 1...UInt32.max),
      try fields.required("family").word(AddressFamily.allCases, \.word))
  }
}

extension ServiceSettings {
  fileprivate static let names: [StaticString] = [
    "scheduler", "scheduler_flags", "persistence", "one_packet", "real_servers",
  ]

  fileprivate init(_ fields: JSONFields, family: AddressFamily) throws(JSONFault) {
    self.init(scheduler: Scheduler(try fields.required("scheduler").text()))
    var flags: SchedulerFlags = []
    try fields["scheduler_flags"]?.elements { (flag) throws(JSONFault) in
      guard let bit = SchedulerFlags(word: try flag.text()) else { throw flag.fault("is no scheduler flag") }
      flags.formUnion(bit)
    }
    schedulerFlags = flags
    if let part = fields["persistence"] { persistence = try Persistence(part, family: family) }
    onePacket = try fields["one_packet"]?.boolean() ?? false
  }
}

extension Persistence {
  fileprivate init(_ part: JSONPart, family: AddressFamily) throws(JSONFault) {
    guard part.isObject else {
      self.init(timeout: try part.number(), netmask: .host(family))
      return
    }
    let fields = try part.fields(["timeout", "netmask", "engine"])
    self.init(
      timeout: try fields.required("timeout").number(), netmask: .host(family), engine: try fields["engine"]?.text())
    guard let mask = fields["netmask"] else { return }
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
  fileprivate static let names: [StaticString] = [
    "address", "port", "forward", "weight", "tunnel", "upper_threshold", "lower_threshold",
  ]

  fileprivate init(_ fields: JSONFields) throws(JSONFault) {
    let plain: [ForwardingMethod] = [.dr, .nat, .tun(Tunnel()), .local, .bypass]
    var forward: ForwardingMethod
    if let unknown = try UnknownForwarding(fields) {
      forward = .unknown(unknown)
    } else {
      forward = try fields.required("forward").word(plain, \.word)
      if let tunnel = fields["tunnel"] {
        guard forward.tunnel != nil else { throw tunnel.fault("is there, and the forwarding method is not \"tun\"") }
        forward = .tun(try Tunnel(tunnel))
      }
    }
    self.init(
      forward: forward, weight: try fields.required("weight").number(),
      upperThreshold: try fields["upper_threshold"]?.number() ?? 0,
      lowerThreshold: try fields["lower_threshold"]?.number() ?? 0)
  }
}

extension UnknownForwarding {
  /// What a newer kernel listed, or nil where this program knows the method and the tunnel.
  fileprivate init?(_ fields: JSONFields) throws(JSONFault) {
    let word = try fields.required("forward").string(atMost: 64) ?? ""
    if let method = Self.number(word, after: "method-") {
      self.init(method: method)
      return
    }
    guard word == "tun", let part = fields["tunnel"], part.isObject else { return nil }
    let tunnel = try part.fields(["type", "port", "flags"])
    guard let kind = tunnel["type"]?.string(atMost: 64).flatMap({ Self.number($0, after: "kind-") }) else {
      return nil
    }
    self.init(
      method: Self.tunneling, tunnelKind: kind, port: try tunnel["port"]?.number() ?? 0,
      flags: try tunnel["flags"]?.number() ?? 0)
  }
}

extension Tunnel {
  fileprivate init(_ part: JSONPart) throws(JSONFault) {
    let fields = try part.fields(["type", "port", "checksum"])
    self.init(
      kind: try fields.required("type").word(Kind.allCases, \.word), port: try fields["port"]?.number() ?? 0,
      checksum: try fields["checksum"]?.word(Checksum.allCases, \.word) ?? .none)
  }
}

extension JSONPart {
  /// A list as a set of what its elements are read as.
  func set<Element>(_ read: (JSONPart) throws(JSONFault) -> Element) throws(JSONFault) -> Set<Element> {
    var set: Set<Element> = []
    try elements { (element) throws(JSONFault) in set.insert(try read(element)) }
    return set
  }

  /// A map of texts.
  func texts() throws(JSONFault) -> [String: String] {
    var texts: [String: String] = [:]
    try members { (name, value) throws(JSONFault) in texts[name] = try value.text() }
    return texts
  }

  /// The sync daemons by their roles.
  func syncDaemons() throws(JSONFault) -> [SyncRole: SyncDaemon] {
    var daemons: [SyncRole: SyncDaemon] = [:]
    try members { (word, daemon) throws(JSONFault) in
      guard let role = SyncRole.allCases.first(where: { $0.word == word }) else {
        throw daemon.fault("is no sync daemon: those are \"master\" and \"backup\"")
      }
      daemons[role] = try SyncDaemon(daemon)
    }
    return daemons
  }
}
