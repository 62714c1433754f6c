import LVSText

/// The transport protocols that IPVS balances.
public enum TransportProtocol: UInt8, Sendable, Hashable, CaseIterable {
  /// IPPROTO_TCP.
  case tcp = 6
  /// IPPROTO_UDP.
  case udp = 17
  /// IPPROTO_SCTP.
  case sctp = 132

  /// The word of the cluster file.
  public var word: String {
    switch self {
    case .tcp: "tcp"
    case .udp: "udp"
    case .sctp: "sctp"
    }
  }
}

/// What makes a virtual service the one it is in the kernel's table.
public enum ServiceID: Hashable, Sendable {
  /// A protocol, virtual address and port; port 0 is every port without a service of its own.
  case address(TransportProtocol, IPAddress, port: UInt16)
  /// A firewall mark of 1 or more, apart for each family.
  case fwmark(UInt32, AddressFamily)

  /// The family of the clients' packets.
  public var family: AddressFamily {
    switch self {
    case .address(_, let address, _): address.family
    case .fwmark(_, let family): family
    }
  }

  /// The virtual address; a fwmark service has none of its own.
  public var vip: IPAddress? {
    switch self {
    case .address(_, let address, _): address
    case .fwmark: nil
    }
  }

  /// The port of the service, 0 for a fwmark service.
  public var port: UInt16 {
    switch self {
    case .address(_, _, let port): port
    case .fwmark: 0
    }
  }
}

extension ServiceID: CustomStringConvertible {
  /// `tcp 192.168.147.100:80`, `udp [2001:db8::1]:53`, `fwmark 10 ipv4`.
  public var description: String {
    switch self {
    case .address(let proto, let address, let port): "\(proto.word) \(address.withPort(port))"
    case .fwmark(let mark, let family): "fwmark \(mark) \(family.word)"
    }
  }
}

extension ServiceID: Comparable {
  /// By address, port and protocol; fwmark services last.
  public static func < (a: Self, b: Self) -> Bool {
    switch (a, b) {
    case (.address(let p, let x, let m), .address(let q, let y, let n)):
      x != y ? x < y : (m, p.rawValue) < (n, q.rawValue)
    case (.address, .fwmark): true
    case (.fwmark, .address): false
    case (.fwmark(let x, let f), .fwmark(let y, let g)): (x, f) < (y, g)
    }
  }
}

/// A virtual service with its real servers.
public struct VirtualService: Hashable, Sendable {
  /// What can be edited in place.
  public var settings: ServiceSettings
  /// The real servers.
  public var realServers: [RealServerID: RealServerSettings]

  /// Creates a virtual service.
  public init(settings: ServiceSettings, realServers: [RealServerID: RealServerSettings] = [:]) {
    self.settings = settings
    self.realServers = realServers
  }
}

/// Everything about a virtual service that can be edited in place.
///
/// Copies share it: of the services of a large cluster most have the same settings.
public struct ServiceSettings: Hashable, Sendable {
  private struct Values: Hashable, Sendable {
    var scheduler: Scheduler
    var schedulerFlags: SchedulerFlags
    var persistence: Persistence?
    var onePacket: Bool
  }

  private final class Shared: Sendable {
    let values: Values

    init(_ values: Values) { self.values = values }
  }

  private var shared: Shared

  /// Creates the settings of a virtual service.
  public init(
    scheduler: Scheduler = .wlc, schedulerFlags: SchedulerFlags = [], persistence: Persistence? = nil,
    onePacket: Bool = false
  ) {
    shared = Shared(
      Values(
        scheduler: scheduler, schedulerFlags: schedulerFlags, persistence: persistence, onePacket: onePacket))
  }

  private var values: Values {
    get { shared.values }
    set { shared = Shared(newValue) }
  }

  /// The scheduler.
  public var scheduler: Scheduler {
    get { shared.values.scheduler }
    set { values.scheduler = newValue }
  }

  /// The scheduler's flags.
  public var schedulerFlags: SchedulerFlags {
    get { shared.values.schedulerFlags }
    set { values.schedulerFlags = newValue }
  }

  /// Persistence, or nil for a service without it.
  public var persistence: Persistence? {
    get { shared.values.persistence }
    set { values.persistence = newValue }
  }

  /// One-packet scheduling (IP_VS_SVC_F_ONEPACKET), for UDP and fwmark services.
  public var onePacket: Bool {
    get { shared.values.onePacket }
    set { values.onePacket = newValue }
  }

  public static func == (a: Self, b: Self) -> Bool { a.shared === b.shared || a.shared.values == b.shared.values }

  public func hash(into hasher: inout Hasher) { hasher.combine(shared.values) }
}

extension ServiceSettings {
  public var fields: [Field] {
    [
      Field("scheduler", .text(scheduler.name)),
      Field("scheduler_flags", .list(schedulerFlags.words(for: scheduler)), default: .list([])),
      Field("persistence", persistence?.fieldValue ?? .absent, default: FieldValue.absent),
      Field("one_packet", .boolean(onePacket), default: .boolean(false)),
    ]
  }
}

// MARK: In snapshots

extension ServiceID {
  /// The members of a map that name the service.
  var json: [(String, JSONText.Value)] {
    switch self {
    case .address(let proto, let vip, let port):
      [("vip", .string(vip.description)), ("port", .integer(Int(port))), ("protocol", .string(proto.word))]
    case .fwmark(let mark, let family): [("fwmark", .integer(Int(mark))), ("family", .string(family.word))]
    }
  }
}

extension ServiceID {
  static let names: [StaticString] = ["vip", "port", "protocol", "fwmark", "family"]

  init(_ fields: JSONMembers) throws(JSONFault) {
    if fields["fwmark"] != nil {
      self = try ServiceID(fwmark: fields)
      return
    }
    let proto = try fields.required("protocol").word(TransportProtocol.allCases, \.word)
    self = .address(proto, try fields.required("vip").address(), port: try fields.required("port").number())
  }

  init(fwmark fields: JSONMembers) throws(JSONFault) {
    self = .fwmark(
      try fields.required("fwmark").number(in: 1...UInt32.max),
      try fields.required("family").word(AddressFamily.allCases, \.word))
  }
}

extension ServiceSettings {
  static let names: [StaticString] = [
    "scheduler", "scheduler_flags", "persistence", "one_packet", "real_servers",
  ]

  init(_ fields: JSONMembers, family: AddressFamily) throws(JSONFault) {
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

extension VirtualService {
  /// The service with its real servers as a map of a snapshot.
  func json(_ id: ServiceID) -> JSONText.Value {
    .object(
      id.json + settings.fields.filter { !$0.isDefault }.map { ($0.name, JSONText.Value($0.value)) }
        + [("real_servers", .maps(realServers.sorted { $0.key < $1.key }) { $0.value.json($0.key) })])
  }

  static func read(_ part: inout JSONPart) throws(JSONFault) -> (ServiceID, VirtualService) {
    let fields = try JSONMembers(&part, ServiceID.names + ServiceSettings.names)
    let id = try ServiceID(fields)
    var realServers: [RealServerID: RealServerSettings] = [:]
    try fields.required("real_servers").elements { (server) throws(JSONFault) in
      let fields = try JSONMembers(&server, RealServerSettings.names)
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

// MARK: ipvsadm

extension ServiceSettings {
  /// The command of ipvsadm(8).
  static func command(_ id: ServiceID, _ difference: Difference<ServiceSettings>) -> [String] {
    guard let settings = difference.after else { return ["ipvsadm", "-D"] + id.ipvsadmWords }
    var words = ["ipvsadm", difference.before == nil ? "-A" : "-E"] + id.ipvsadmWords
    words += ["-s", settings.scheduler.name]
    let flags = settings.schedulerFlags.words(for: settings.scheduler)
    if !flags.isEmpty { words += ["-b", flags.joined(separator: ",")] }
    if let persistence = settings.persistence { words += persistence.ipvsadmWords }
    return settings.onePacket ? words + ["-o"] : words
  }
}

extension ServiceID {
  /// How ipvsadm(8) names the service: `-t 192.168.147.100:80`, `-f 10 -6`.
  var ipvsadmWords: [String] {
    switch self {
    case .address(let proto, let address, let port):
      switch proto {
      case .tcp: ["-t", address.withPort(port)]
      case .udp: ["-u", address.withPort(port)]
      case .sctp: ["--sctp-service", address.withPort(port)]
      }
    case .fwmark(let mark, let family): ["-f", String(mark)] + (family == .ipv6 ? ["-6"] : [])
    }
  }
}
