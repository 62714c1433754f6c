import LVSModel

/// What one map says of a service, value by value; the same for `defaults`.
struct ServiceFields {
  var node: Int
  var vips: Read<[VIPRange]>?
  var ports: Read<[PortRange]>?
  var protocols: Read<[TransportProtocol]>?
  var fwmarks: Read<[FwmarkRange]>?
  var family: Read<AddressFamily>?
  var scheduler: Read<Scheduler>?
  var schedulerFlags: Read<[SchedulerFlag]>?
  var forward: Read<ForwardingMethod>?
  var tunnel: Read<Tunnel>?
  var persistence: Read<PersistenceFields>?
  var onePacket: Read<Bool>?
  var weights: Read<WeightPolicy>?
  var isHeldExternally: Read<Bool>?
  var members: Read<MemberList>?
  /// Keys that are there under a misspelt name, and not missing.
  var misspelt: Set<ServiceKey> = []

  init(node: Int) { self.node = node }
}

/// A word of `scheduler_flags`.
struct SchedulerFlag {
  var node: Int
  var flag: SchedulerFlags
  /// The scheduler the word is made for, or nil for the numbered ones.
  var scheduler: Scheduler?
}

/// `persistence`, before the family of the service is known.
struct PersistenceFields {
  /// A netmask as it is written.
  enum Netmask {
    case dotted(UInt32)
    case prefix(Int)
  }

  var timeout: UInt32
  var netmask: Read<Netmask>?
  var engine: Read<String>?
}

extension ClusterFileReader {
  func readDefaults(_ top: Fields<TopKey>) {
    guard let node = top[.defaults] else { return }
    guard let map = mapping(node, "`defaults`", help: { "It takes the keys of a service." }) else { return }
    let fields = fields(of: map, ServiceKey.self)
    for key in ServiceKey.identity {
      guard let keyNode = fields.keyNode(key) else { continue }
      report(.unknownKey, at: keyNode, "`\(key.rawValue)` says which service it is, and has no default.") {
        "Write it in each service."
      }
    }
    defaults = readSettings(fields)
  }

  /// What a service's map says, also what names the service.
  func readServiceFields(_ map: Int) -> ServiceFields {
    let fields = fields(of: map, ServiceKey.self)
    var service = readSettings(fields)
    service.vips = fields[.vip].map { Read(node: $0, value: vipRanges($0)) }
    service.ports = fields[.port].map { Read(node: $0, value: ports($0)) }
    service.fwmarks = fields[.fwmark].map { Read(node: $0, value: fwmarks($0)) }
    return service
  }

  private func readSettings(_ fields: Fields<ServiceKey>) -> ServiceFields {
    var service = ServiceFields(node: fields.node)
    service.misspelt = fields.misspelt
    func read<Value>(_ key: ServiceKey, _ value: (Int) -> Value?) -> Read<Value>? {
      if let node = fields.none(key) { return Read(node: node, isNone: true) }
      return fields[key].map { Read(node: $0, value: value($0)) }
    }
    service.protocols = read(.protocol) { protocols($0) }
    service.family = read(.family) { word($0, "family", AddressFamily.allCases.map { ($0.word, $0) }) }
    service.scheduler = read(.scheduler) { scheduler($0) }
    service.schedulerFlags = read(.schedulerFlags) { schedulerFlags($0) }
    service.forward = read(.forward) { forward($0) }
    service.tunnel = read(.tunnel) { tunnel($0) }
    service.persistence = read(.persistence) { persistence($0) }
    service.onePacket = read(.onePacket) { boolean($0, "one_packet") }
    service.weights = read(.weights) { word($0, "weights", KeyWords.weights) }
    service.isHeldExternally = read(.heldBy) { word($0, "held_by", KeyWords.serviceHolder) }
    service.members = read(.realServers) { memberList($0) }
    return service
  }

  // MARK: Values

  /// A scheduler; one that lvsctl does not know may be a module from outside the kernel's tree.
  private func scheduler(_ node: Int) -> Scheduler? {
    guard let scalar = scalar(node, "`scheduler`") else { return nil }
    let text = tape.string(scalar)
    if let known = Scheduler.known.first(where: { $0.name == text }) { return known }
    // IP_VS_SCHEDNAME_MAXLEN counts the NUL, and the kernel asks modprobe(8) for ip_vs_ and the name.
    let isModuleName =
      (1...15).contains(text.utf8.count)
      && text.utf8.allSatisfy {
        switch $0 {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
          true
        default: false
        }
      }
    let words = Scheduler.known.map(\.name)
    func help() -> String {
      advice(on: text, as: .value(of: "scheduler"), among: words)?.help
        ?? "Those that lvsctl knows are \(words.map { "`\($0)`" }.joined(separator: ", "))."
    }
    guard isModuleName else {
      report(.unknownWord, at: node, "\(text.quoted.capitalizedFirst) cannot be the name of a scheduler.", help: help)
      return nil
    }
    report(
      .unknownWord, severity: .warning, at: node,
      "lvsctl does not know the scheduler `\(text)`, and passes it on to the kernel, which looks for the module ip_vs_\(text).",
      help: help)
    return Scheduler(text)
  }

  private func protocols(_ node: Int) -> [TransportProtocol]? {
    wordList(node, "protocol", TransportProtocol.allCases.map { ($0.word, $0) })?.map(\.value)
  }

  private func schedulerFlags(_ node: Int) -> [SchedulerFlag]? {
    guard let list = sequence(node, "`scheduler_flags`", help: { "Write it as in `[sh-port]`." }) else { return nil }
    guard tape[list].count > 0 else { return [] }
    return wordList(node, "scheduler_flags", KeyWords.schedulerFlags)?.map { word, value in
      SchedulerFlag(node: word, flag: value.flag, scheduler: value.scheduler)
    }
  }

  /// One word or a list of them; those that are faulty or repeated are reported and left out.
  private func wordList<Value>(
    _ node: Int, _ key: String, _ choices: [(word: String, value: Value)]
  ) -> [(node: Int, value: Value)]? {
    let resolved = tape.resolved(node)
    guard tape[resolved].kind == .sequence else { return word(node, key, choices).map { [(node, $0)] } }
    guard tape[resolved].count > 0 else {
      report(.missingValue, at: node, "The list `\(key)` is empty.") { "Give at least one value." }
      return nil
    }
    var found: [(node: Int, value: Value)] = []
    var seen: [String: Int] = [:]
    tape.forEachElement(of: resolved) { element in
      guard let value = word(element, key, choices) else { return }
      let text = tape.string(tape.resolved(element))
      if let first = seen[text] {
        report(.repeatedValue, at: element, "`\(text)` is in this list already, on line \(line(of: first)).") {
          "Keep it once."
        }
        return
      }
      seen[text] = element
      found.append((element, value))
    }
    return found
  }

  /// How packets reach a real server; a tunnel's details come with `tunnel`.
  func forward(_ node: Int) -> ForwardingMethod? {
    word(node, "forward", KeyWords.forward)
  }

  /// A tunnel: ip_vs_add_dest() wants a port for GUE.
  func tunnel(_ node: Int) -> Tunnel? {
    let help = "It is a map such as `{ type: gue, port: 6080 }`."
    guard let map = mapping(node, "`tunnel`", help: { help }) else { return nil }
    let fields = fields(of: map, TunnelKey.self)
    // Everything is read before anything is judged, so that no fault hides another.
    let kind = fields[.type].map { node in
      Read(node: node, value: word(node, "type", Tunnel.Kind.allCases.map { ($0.word, $0) }))
    }
    let port = fields[.port].map { Read(node: $0, value: integer($0, "port", in: KeyRange.port).map(UInt16.init)) }
    let checksum = fields[.checksum].map { node in
      Read(node: node, value: word(node, "checksum", Tunnel.Checksum.allCases.map { ($0.word, $0) }))
    }
    guard let known = kind == nil ? .ipip : kind?.value else { return nil }
    var isFaulty = port.map { $0.value == nil } == true || checksum.map { $0.value == nil } == true
    if let port, known != .gue {
      isFaulty = true
      report(.tunnelOption, at: port.node, "A tunnel of the type `\(known.word)` has no port.") {
        "Leave `port` out, or write `type: gue`."
      }
    }
    if port == nil, known == .gue {
      isFaulty = true
      report(.tunnelOption, at: kind?.node ?? node, "A `gue` tunnel needs a port.") {
        "Add `port: N` with the UDP port on which the real servers take GUE packets."
      }
    }
    if let checksum, let value = checksum.value, !known.takes(value) {
      isFaulty = true
      report(
        .tunnelOption, at: checksum.node, "A tunnel of the type `\(known.word)` cannot do the checksum `\(value.word)`."
      ) {
        "`gue` takes `none`, `csum` and `remcsum`, `gre` takes `none` and `csum`, `ipip` only `none`."
      }
    }
    return isFaulty ? nil : Tunnel(kind: known, port: port?.value ?? 0, checksum: checksum?.value ?? .none)
  }

  // MARK: Persistence

  private func persistence(_ node: Int) -> PersistenceFields? {
    let resolved = tape.resolved(node)
    func seconds(_ node: Int, _ key: String) -> UInt32? {
      integer(node, key, in: KeyRange.persistence) {
        "Give seconds; leave `persistence` out, or write `none`, for a service without it."
      }.map(UInt32.init)
    }
    guard tape[resolved].kind == .mapping else {
      return seconds(node, "persistence").map { PersistenceFields(timeout: $0) }
    }
    let fields = fields(of: resolved, PersistenceKey.self)
    let timeout = fields[.timeout].flatMap { seconds($0, "timeout") } ?? PersistenceKey.standardTimeout
    let netmask = fields[.netmask].map { Read(node: $0, value: self.netmask($0)) }
    let engine = fields[.engine].map { Read(node: $0, value: word($0, "engine", KeyWords.engine)) }
    return PersistenceFields(timeout: timeout, netmask: netmask, engine: engine)
  }

  private func netmask(_ node: Int) -> PersistenceFields.Netmask? {
    guard let scalar = scalar(node, "`netmask`") else { return nil }
    let text = tape.string(scalar)
    if let mask = IPAddress(text), mask.family == .ipv4 {
      let bits = mask.ipv4Bits
      // The kernel takes any mask, and a hole in it is nearly always a slip. With 0.0.0.0 all clients count as one.
      if ~bits & (~bits &+ 1) != 0 {
        report(.badNetmask, severity: .warning, at: node, "The netmask \(text) has ones after zeros.") {
          "Check whether that is meant; clients are told apart by exactly the bits that are one."
        }
      }
      return .dotted(bits)
    }
    if case .value(let length) = DecimalNumber(tape.bytes(scalar)), KeyRange.clientPrefix.contains(length) {
      return .prefix(length)
    }
    report(.badNetmask, at: node, "\(text.quoted.capitalizedFirst) is neither a netmask nor a prefix length.") {
      "Write `255.255.255.0` or `24` for IPv4, a prefix length of 1 to 128 for IPv6."
    }
    return nil
  }
}

extension Tunnel.Kind {
  /// ipvsadm(8): checksums are for GUE and GRE, remote checksum offload for GUE alone.
  fileprivate func takes(_ checksum: Tunnel.Checksum) -> Bool {
    switch checksum {
    case .none: true
    case .csum: self != .ipip
    case .remcsum: self == .gue
    }
  }
}
