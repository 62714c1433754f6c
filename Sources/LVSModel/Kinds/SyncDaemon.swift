import LVSText

/// Which of the two connection sync daemons: they are separate in the kernel.
public enum SyncRole: UInt32, Sendable, Hashable, CaseIterable, Comparable {
  /// IP_VS_STATE_MASTER: sends connections.
  case master = 1
  /// IP_VS_STATE_BACKUP: receives them.
  case backup = 2

  /// The word of ipvsadm(8).
  public var word: String { self == .master ? "master" : "backup" }

  public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}

/// A connection sync daemon; nil is not managed, or not read.
public struct SyncDaemon: Hashable, Sendable {
  /// The multicast interface.
  public var interface: String
  /// The sync id, 0 to 255.
  public var id: UInt32
  /// The multicast group; kernel default 224.0.0.81.
  public var group: IPAddress?
  /// The UDP port; kernel default 8848.
  public var port: UInt16?
  /// The multicast time to live, 1 to 255; kernel default 1.
  public var ttl: UInt8?
  /// The largest payload in bytes; kernel default from the MTU.
  public var maxlen: UInt16?

  /// Creates a sync daemon.
  public init(
    interface: String, id: UInt32 = 0, group: IPAddress? = nil, port: UInt16? = nil, ttl: UInt8? = nil,
    maxlen: UInt16? = nil
  ) {
    self.interface = interface
    self.id = id
    self.group = group
    self.port = port
    self.ttl = ttl
    self.maxlen = maxlen
  }
}

extension SyncDaemon {
  public var fields: [Field] {
    [
      Field("interface", .text(interface)),
      Field("id", .integer(Int(id))),
      Field("group", group.map { .text($0.description) } ?? .absent, default: FieldValue.absent),
      Field("port", port.map { .integer(Int($0)) } ?? .absent, default: FieldValue.absent),
      Field("ttl", ttl.map { .integer(Int($0)) } ?? .absent, default: FieldValue.absent),
      Field("maxlen", maxlen.map { .integer(Int($0)) } ?? .absent, default: FieldValue.absent),
    ]
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

extension SyncDaemon {
  /// The commands of ipvsadm(8); one that runs is stopped first.
  static func commands(_ role: SyncRole, _ difference: Difference<SyncDaemon>) -> [[String]] {
    var commands: [[String]] = []
    if difference.before != nil { commands.append(["ipvsadm", "--stop-daemon", role.word]) }
    guard let daemon = difference.after else { return commands }
    var words = ["ipvsadm", "--start-daemon", role.word]
    words += ["--mcast-interface", daemon.interface, "--syncid", String(daemon.id)]
    if let maxlen = daemon.maxlen { words += ["--sync-maxlen", String(maxlen)] }
    if let group = daemon.group { words += ["--mcast-group", group.description] }
    if let port = daemon.port { words += ["--mcast-port", String(port)] }
    if let ttl = daemon.ttl { words += ["--mcast-ttl", String(ttl)] }
    return commands + [words]
  }
}

extension [SyncRole: SyncDaemon] {
  /// The members of a map by role.
  var json: [(String, JSONText.Value)] {
    sorted { $0.key < $1.key }.map { role, daemon in
      (role.word, JSONText.Value(daemon.fields.filter { !$0.isDefault }))
    }
  }
}

extension JSONPart {
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

extension SyncDaemon {
  /// Whether this running daemon is what the file asks for; what the file leaves out may be anything, but for what the
  /// file `former` asked for.
  public func satisfies(_ wanted: SyncDaemon, former: SyncDaemon? = nil) -> Bool {
    func holds<Value: Equatable>(_ key: KeyPath<SyncDaemon, Value?>, default standard: Value?) -> Bool {
      if let asked = wanted[keyPath: key] { return self[keyPath: key] == asked }
      guard let old = former?[keyPath: key], old != standard else { return true }
      return self[keyPath: key] != old
    }
    return interface == wanted.interface && id == wanted.id
      && holds(\.group, default: Self.standard.group) && holds(\.port, default: Self.standard.port)
      && holds(\.ttl, default: Self.standard.ttl) && holds(\.maxlen, default: Self.standard.maxlen)
  }

  /// What a restart for this daemon is to say: what it leaves out stays as it is with `found`, but for what the file
  /// `former` asked for.
  public func keepingUnnamed(of found: SyncDaemon, former: SyncDaemon?) -> SyncDaemon {
    var result = self
    if group == nil && former?.group == nil { result.group = found.group }
    if port == nil && former?.port == nil { result.port = found.port }
    if ttl == nil && former?.ttl == nil { result.ttl = found.ttl }
    // The length that fits one interface may not fit another.
    if maxlen == nil && former?.maxlen == nil && interface == found.interface { result.maxlen = found.maxlen }
    return result
  }

  /// This daemon as the kernel lists it once it runs.
  public var asStarted: SyncDaemon {
    let standard = Self.standard
    return SyncDaemon(
      interface: interface, id: id, group: group ?? standard.group, port: port ?? standard.port,
      ttl: ttl ?? standard.ttl, maxlen: maxlen ?? standard.maxlen)
  }

  /// What the kernel takes where a request leaves it out (start_sync_thread), on an interface with an MTU of 1500.
  private static let standard = SyncDaemon(
    interface: "", group: IPAddress(ipv4: 0xe000_0051), port: 8848, ttl: 1, maxlen: 1472)
}
