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

  /// Reads what ``json(_:)`` wrote, with the place it is about; nil where any part is not as it was written.
  ///
  /// Nothing is passed over: what is read is written again one day, and would be lost then.
  public static func read(_ document: JSONText.Value) -> (memory: MachineMemory, place: MachinePlace)? {
    guard document["format_version"] == .integer(1), let boot = document["boot"]?.text,
      let namespace = document["namespace"]?.text, let memory = MachineMemory(document)
    else { return nil }
    return (memory, MachinePlace(boot: boot, namespace: namespace))
  }

  private init?(_ document: JSONText.Value) {
    let texts = ["cluster", "node", "last_role", "role"].compactMap { document[$0] }
    guard texts.count == 4, texts.allSatisfy({ $0 == .null || $0.text != nil }) else { return nil }
    cluster = texts[0].text
    node = texts[1].text
    lastRole = texts[2].text
    if let word = texts[3].text {
      guard let role = RoleRequest(rawValue: word), role.isRemembered else { return nil }
      self.role = role
    }
    guard let vips: Set<IPAddress> = document["vips"]?.set({ IPAddress($0) }),
      let fwmarks: Set<ServiceID> = document["fwmarks"]?.set({ ServiceID(fwmarkWords: $0) }),
      let devices: Set<String> = document["devices"]?.set({ $0 })
    else { return nil }
    self.vips = vips
    self.fwmarks = fwmarks
    self.devices = devices
    guard let sysctls = document["sysctls"]?.texts, let transientSysctls = document["transient_sysctls"]?.texts,
      let timeouts = document["timeouts"].flatMap(Timeouts.init)
    else { return nil }
    self.sysctls = sysctls
    self.transientSysctls = transientSysctls
    self.timeouts = timeouts
    guard readSync(document) else { return nil }
  }

  private mutating func readSync(_ document: JSONText.Value) -> Bool {
    guard let daemons = document["sync_daemons"], let sync = document["sync"] else { return false }
    if daemons != .null {
      guard let members = daemons.members else { return false }
      syncDaemons = [:]
      for (word, value) in members {
        guard let role = SyncRole.allCases.first(where: { $0.word == word }), let daemon = SyncDaemon(value)
        else { return false }
        syncDaemons?[role] = daemon
      }
    }
    if sync != .null {
      self.sync = SyncDaemon(sync)
      return self.sync != nil
    }
    return true
  }
}

extension JSONText.Value {
  /// A list of texts, each read; nil where it is none, or one of them cannot be.
  fileprivate func set<Element>(_ read: (String) -> Element?) -> Set<Element>? {
    guard let elements else { return nil }
    var set: Set<Element> = []
    for element in elements {
      guard let value = element.text.flatMap(read) else { return nil }
      set.insert(value)
    }
    return set
  }

  /// A map of texts; nil where it is none.
  fileprivate var texts: [String: String]? {
    guard let members else { return nil }
    var texts: [String: String] = [:]
    for (name, value) in members {
      guard let text = value.text else { return nil }
      texts[name] = text
    }
    return texts
  }

  /// A member that is a number: nil inside where there is no such member, nil outside where it is something else.
  fileprivate func number<Number: FixedWidthInteger>(of key: String) -> Number?? {
    guard let member = self[key] else { return .some(nil) }
    return member.number(Number.self).map { .some($0) }
  }
}

extension Timeouts {
  fileprivate init?(_ value: JSONText.Value) {
    guard value.members != nil, let tcp: UInt32? = value.number(of: "tcp"),
      let tcpFin: UInt32? = value.number(of: "tcp_fin"), let udp: UInt32? = value.number(of: "udp")
    else { return nil }
    self.init(tcp: tcp, tcpFin: tcpFin, udp: udp)
  }
}

extension SyncDaemon {
  fileprivate init?(_ value: JSONText.Value) {
    guard let interface = value["interface"]?.text, let id = value["id"]?.number(UInt32.self),
      let port: UInt16? = value.number(of: "port"), let ttl: UInt8? = value.number(of: "ttl"),
      let maxlen: UInt16? = value.number(of: "maxlen")
    else { return nil }
    let group = value["group"]?.text.flatMap { IPAddress($0) }
    guard (group == nil) == (value["group"] == nil) else { return nil }
    self.init(interface: interface, id: id, group: group, port: port, ttl: ttl, maxlen: maxlen)
  }
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
