/// What one map says of a service, value by value; the same for `defaults`.
struct ServiceFields {
  var node: Int
  var vip: Read<IPAddress>?
  var ports: Read<[PortRange]>?
  var protocols: Read<[TransportProtocol]>?
  var fwmark: Read<UInt32>?
  var family: Read<AddressFamily>?
  var scheduler: Read<Scheduler>?
  var schedulerFlags: Read<[SchedulerFlag]>?
  var forward: Read<ForwardingMethod>?
  var tunnel: Read<Tunnel>?
  var persistence: Read<PersistenceFields>?
  var onePacket: Read<Bool>?
  var weights: Read<WeightPolicy>?
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
    for key in [ServiceKey.vip, .port, .fwmark] {
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
    service.vip = fields[.vip].map { Read(node: $0, value: vip($0)) }
    service.ports = fields[.port].map { Read(node: $0, value: ports($0)) }
    service.fwmark = fields[.fwmark].map { node in
      let mark = integer(node, "fwmark", in: 1...Int(UInt32.max)) { "A firewall mark is 1 or more, in decimal digits." }
      return Read(node: node, value: mark.map(UInt32.init))
    }
    return service
  }

  private func readSettings(_ fields: Fields<ServiceKey>) -> ServiceFields {
    var service = ServiceFields(node: fields.node)
    service.misspelt = fields.misspelt
    func read<Value>(_ key: ServiceKey, _ value: (Int) -> Value?) -> Read<Value>? {
      fields[key].map { Read(node: $0, value: value($0)) }
    }
    service.protocols = read(.protocol) { protocols($0) }
    service.family = read(.family) { word($0, "family", AddressFamily.allCases.map { ($0.word, $0) }) }
    service.scheduler = read(.scheduler) { scheduler($0) }
    service.schedulerFlags = read(.schedulerFlags) { schedulerFlags($0) }
    service.forward = read(.forward) { forward($0) }
    service.tunnel = read(.tunnel) { tunnel($0) }
    service.persistence = read(.persistence) { persistence($0) }
    service.onePacket = read(.onePacket) { boolean($0, "one_packet") }
    service.weights = read(.weights) { word($0, "weights", [("fixed", .fixed), ("external", .external)]) }
    service.members = read(.realServers) { memberList($0) }
    return service
  }

  // MARK: Values

  /// A VIP by its address, or by its name from `vips`.
  private func vip(_ node: Int) -> IPAddress? {
    guard let scalar = scalar(node, "`vip`") else { return nil }
    let text = tape.string(scalar)
    if let address = IPAddress(text) { return checkVIP(address, at: node) ? address : nil }
    if let named = vips.names[text] { return named.address }
    let isLikeAddress =
      text.utf8.contains(UInt8(ascii: ":"))
      || text.utf8.allSatisfy { $0 == 0x2e || $0 == 0x2f || (0x30...0x39).contains($0) }
    guard !isLikeAddress else {
      reportBadAddress(text, "vip", at: node)
      return nil
    }
    guard !vips.isIncomplete else { return nil }
    report(.unknownName, at: node, "There is no entry in `vips` with the name `\(text.shortened)`.") {
      didYouMean(text, among: vips.names.keys.sorted()) ?? "Write the address, or an entry of `vips` with this name."
    }
    return nil
  }

  private func scheduler(_ node: Int) -> Scheduler? {
    word(node, "scheduler", Scheduler.known.map { ($0.name, $0) })
  }

  private func protocols(_ node: Int) -> [TransportProtocol]? {
    wordList(node, "protocol", TransportProtocol.allCases.map { ($0.word, $0) })?.map(\.value)
  }

  private static let flagWords: [(word: String, value: SchedulerFlag)] = [
    ("sh-fallback", SchedulerFlag(node: 0, flag: .flag1, scheduler: Scheduler("sh"))),
    ("sh-port", SchedulerFlag(node: 0, flag: .flag2, scheduler: Scheduler("sh"))),
    ("mh-fallback", SchedulerFlag(node: 0, flag: .flag1, scheduler: Scheduler("mh"))),
    ("mh-port", SchedulerFlag(node: 0, flag: .flag2, scheduler: Scheduler("mh"))),
    ("flag-1", SchedulerFlag(node: 0, flag: .flag1)),
    ("flag-2", SchedulerFlag(node: 0, flag: .flag2)),
    ("flag-3", SchedulerFlag(node: 0, flag: .flag3)),
  ]

  private func schedulerFlags(_ node: Int) -> [SchedulerFlag]? {
    guard let list = sequence(node, "`scheduler_flags`", help: { "Write it as in `[sh-port]`." }) else { return nil }
    guard tape[list].count > 0 else { return [] }
    return wordList(node, "scheduler_flags", Self.flagWords)?.map { word, value in
      var flag = value
      flag.node = word
      return flag
    }
  }

  /// One word or a list of them, none of them twice.
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
    var isFaulty = false
    tape.forEachElement(of: resolved) { element in
      guard let value = word(element, key, choices) else {
        isFaulty = true
        return
      }
      let text = tape.string(tape.resolved(element))
      if let first = seen[text] {
        isFaulty = true
        report(.repeatedValue, at: element, "`\(text)` is in this list already, on line \(line(of: first)).") {
          "Keep it once."
        }
        return
      }
      seen[text] = element
      found.append((element, value))
    }
    return isFaulty ? nil : found
  }

  /// How packets reach a real server; a tunnel's details come with `tunnel`.
  func forward(_ node: Int) -> ForwardingMethod? {
    word(node, "forward", [("dr", .dr), ("nat", .nat), ("tun", .tun(Tunnel()))])
  }

  /// A tunnel: ip_vs_add_dest() wants a port for GUE; ipvsadm(8) has checksums for GUE and GRE, remcsum for GUE only.
  func tunnel(_ node: Int) -> Tunnel? {
    let help = "It is a map such as `{ type: gue, port: 6080 }`."
    guard let map = mapping(node, "`tunnel`", help: { help }) else { return nil }
    let fields = fields(of: map, TunnelKey.self)
    var isFaulty = false
    var tunnel = Tunnel()
    if let node = fields[.type] {
      let kind = word(node, "type", Tunnel.Kind.allCases.map { ($0.word, $0) })
      guard let kind else { return nil }
      tunnel.kind = kind
    }
    if let node = fields[.port] {
      let port = integer(node, "port", in: 1...65535)
      isFaulty = port == nil
      tunnel.port = port.map(UInt16.init) ?? 0
      if tunnel.kind != .gue, !isFaulty {
        isFaulty = true
        report(.tunnelOption, at: node, "A tunnel of the type `\(tunnel.kind.word)` has no port.") {
          "Leave `port` out, or write `type: gue`."
        }
      }
    } else if tunnel.kind == .gue {
      isFaulty = true
      report(.tunnelOption, at: fields[.type] ?? node, "A `gue` tunnel needs a port.") {
        "Add `port: N` with the UDP port on which the real servers take GUE packets."
      }
    }
    guard let node = fields[.checksum] else { return isFaulty ? nil : tunnel }
    guard let checksum = word(node, "checksum", Tunnel.Checksum.allCases.map({ ($0.word, $0) })) else { return nil }
    tunnel.checksum = checksum
    if checksum == .remcsum && tunnel.kind != .gue || checksum == .csum && tunnel.kind == .ipip {
      isFaulty = true
      report(
        .tunnelOption, at: node, "A tunnel of the type `\(tunnel.kind.word)` cannot do the checksum `\(checksum.word)`."
      ) {
        "`gue` takes `none`, `csum` and `remcsum`, `gre` takes `none` and `csum`, `ipip` only `none`."
      }
    }
    return isFaulty ? nil : tunnel
  }

  // MARK: Persistence

  /// The longest persistence timeout in seconds: that of ipvsadm(8), 31 days, which the kernel's 32 bits hold at any HZ.
  private static let longestPersistence = 31 * 86400

  private func persistence(_ node: Int) -> PersistenceFields? {
    let resolved = tape.resolved(node)
    func seconds(_ node: Int, _ key: String) -> UInt32? {
      integer(node, key, in: 1...Self.longestPersistence) {
        "Give seconds; leave `persistence` out for a service without it."
      }.map(UInt32.init)
    }
    guard tape[resolved].kind == .mapping else {
      return seconds(node, "persistence").map { PersistenceFields(timeout: $0) }
    }
    let fields = fields(of: resolved, PersistenceKey.self)
    // 300 seconds is what the manual of ipvsadm(8) promises for a bare -p; the program takes 360.
    var timeout: UInt32? = 300
    if let node = fields[.timeout] { timeout = seconds(node, "timeout") }
    let netmask = fields[.netmask].map { Read(node: $0, value: self.netmask($0)) }
    let engine = fields[.engine].map { Read(node: $0, value: word($0, "engine", [("sip", "sip")])) }
    guard let timeout else { return nil }
    return PersistenceFields(timeout: timeout, netmask: netmask, engine: engine)
  }

  private func netmask(_ node: Int) -> PersistenceFields.Netmask? {
    guard let scalar = scalar(node, "`netmask`") else { return nil }
    let text = tape.string(scalar)
    if let mask = IPAddress(text), mask.family == .ipv4, mask.ipv4Bits != 0 {
      let bits = mask.ipv4Bits
      // The kernel takes any mask, and a hole in it is nearly always a slip.
      if bits.leadingZeroBitCount > 0 || ~bits & (~bits &+ 1) != 0 {
        report(.badNetmask, severity: .warning, at: node, "The netmask \(text) has ones after zeros.") {
          "Check whether that is meant; clients are told apart by exactly the bits that are one."
        }
      }
      return .dotted(bits)
    }
    if case .value(let length) = DecimalNumber(tape.bytes(scalar)), (1...128).contains(length) {
      return .prefix(length)
    }
    report(.badNetmask, at: node, "\(text.quoted.capitalizedFirst) is neither a netmask nor a prefix length.") {
      "Write `255.255.255.0` or `24` for IPv4, a prefix length of 1 to 128 for IPv6."
    }
    return nil
  }
}
