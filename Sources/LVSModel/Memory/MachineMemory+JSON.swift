import LVSText

/// The network namespace that a memory is about, and the kernel it lived in.
public struct MachinePlace: Equatable, Sendable {
  /// The machine's start (/proc/sys/kernel/random/boot_id).
  public var boot: String
  /// What tells the namespace from every other one since that start.
  public var namespace: String

  /// Creates a place.
  public init(boot: String, namespace: String) {
    self.boot = boot
    self.namespace = namespace
  }
}

extension MachineMemory {
  /// The document: everything in a fixed order.
  public func json(_ place: MachinePlace) -> JSONText.Value {
    .object([
      ("format_version", .integer(1)),
      ("boot", .string(place.boot)),
      ("namespace", .string(place.namespace)),
      ("cluster", text(cluster)),
      ("node", text(node)),
      ("last_role", text(lastRole)),
      ("role", text(role?.rawValue)),
      ("vips", .array(vips.sorted().map { .string($0.description) })),
      ("fwmarks", .array(fwmarks.sorted().map { .string($0.description) })),
      ("devices", .array(devices.sorted().map { .string($0) })),
      ("sysctls", .object(sysctls.sorted { $0.key < $1.key }.map { ($0, .string($1)) })),
      ("transient_sysctls", .object(transientSysctls.sorted { $0.key < $1.key }.map { ($0, .string($1)) })),
      ("timeouts", JSONText.Value(timeouts.fields.filter { !$0.isDefault })),
      (
        "sync_daemons",
        syncDaemons.map { .object($0.sorted { $0.key < $1.key }.map { ($0.word, json($1)) }) } ?? .null
      ),
      ("sync", sync.map(json) ?? .null),
    ])
  }

  private func text(_ text: String?) -> JSONText.Value { text.map(JSONText.Value.string) ?? .null }

  private func json(_ daemon: SyncDaemon) -> JSONText.Value { JSONText.Value(daemon.fields.filter { !$0.isDefault }) }

  private static let names: [StaticString] = [
    "format_version", "boot", "namespace", "cluster", "node", "last_role", "role", "vips", "fwmarks", "devices",
    "sysctls", "transient_sysctls", "timeouts", "sync_daemons", "sync",
  ]

  /// Reads what ``json(_:)`` wrote, with the place it is about; throws the first part that is not as it was written, as
  /// a whole sentence with its line and column.
  ///
  /// Nothing is passed over: what is read is written again one day, and would be lost then.
  public static func read(_ bytes: [UInt8]) throws(MemoryFault) -> (memory: MachineMemory, place: MachinePlace) {
    do throws(JSONFault) {
      return try JSONPart.read(bytes) { (part) throws(JSONFault) in
        let document = try part.fields(names)
        let version = try document.required("format_version")
        guard version.wholeNumber == 1 else { throw version.fault("is not 1, the only one this lvsctl reads") }
        let place = MachinePlace(
          boot: try document.required("boot").text(), namespace: try document.required("namespace").text())
        return (try MachineMemory(part, document), place)
      }
    } catch {
      let (message, position) = error.described("the memory of this machine", in: bytes)
      throw MemoryFault(message: message, position: position)
    }
  }

  private init(_ part: JSONPart, _ document: JSONMembers) throws(JSONFault) {
    // A member that is null is there nevertheless, and one that is not has been taken out.
    var absent = Set(["cluster", "node", "last_role", "role", "sync_daemons", "sync"])
    try part.members { (name, _) throws(JSONFault) in absent.remove(name) }
    if let name = absent.min() { throw JSONFault(reason: .missing(name), offset: part.start) }
    cluster = try document["cluster"]?.text()
    node = try document["node"]?.text()
    lastRole = try document["last_role"]?.text()
    role = try document["role"]?.word(RoleRequest.allCases.filter(\.isRemembered), \.rawValue)
    vips = try document.required("vips").set { (vip) throws(JSONFault) in try vip.address() }
    fwmarks = try document.required("fwmarks").set { (mark) throws(JSONFault) in
      guard let id = mark.string(atMost: 64).flatMap({ ServiceID(fwmarkWords: $0) }) else {
        throw mark.fault("is not a firewall mark and its family")
      }
      return id
    }
    devices = try document.required("devices").set { (device) throws(JSONFault) in try device.text() }
    sysctls = try document.required("sysctls").texts()
    transientSysctls = try document.required("transient_sysctls").texts()
    timeouts = try Timeouts(document.required("timeouts"))
    syncDaemons = try document["sync_daemons"]?.syncDaemons()
    if let daemon = document["sync"] { sync = try SyncDaemon(daemon) }
  }
}

/// Why a text is not the memory of a machine; the message is a whole sentence.
public struct MemoryFault: Error, Equatable, Sendable, MessageConvertible {
  /// What was found, and where in the document.
  public var message: Message
  /// Where in the text.
  public var position: SourcePosition
}

extension ServiceID {
  /// A fwmark service from its description, or nil.
  fileprivate init?(fwmarkWords text: String) {
    let words = text.split(separator: " ")
    guard words.count == 3, words[0] == "fwmark", let mark = UInt32(words[1]),
      let family = AddressFamily.allCases.first(where: { $0.word == words[2] })
    else { return nil }
    self = .fwmark(mark, family)
  }
}
