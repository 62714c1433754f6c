import LVSText

/// Why a text is not a snapshot; the message is a whole sentence.
public struct SnapshotFault: Error, Equatable, Sendable, MessageConvertible {
  /// What was found, and where in the document.
  public var message: Message
  /// Where in the text.
  public var position: SourcePosition
}

extension Snapshot {
  /// Whether a text looks like a snapshot rather than a cluster file: a JSON map that mentions `format_version`.
  public static func isLikely(_ bytes: [UInt8]) -> Bool {
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
  public init(_ bytes: [UInt8]) throws(SnapshotFault) {
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
    let managed = try document.required("managed")
    memory = try MachineMemory(managed)
    // Those of before lvsctl knew of health have neither.
    let kept = try managed.fields(["drains", "verdicts"])
    health = Health(
      verdicts: try kept["verdicts"].map(Health.verdicts) ?? [:], drains: try kept["drains"].map(Health.drains) ?? [:])
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
