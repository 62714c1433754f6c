import LVSModel
import LVSText

/// `services` and `defaults`.
extension ClusterFileReader {
  func readServices(_ top: KeyedNodes<TopKey>) -> Placed<[ServiceDraft]>? {
    let help: Message = "List the services: `- { vip: 192.168.147.100, port: 80 }`; write `services: []` for none."
    return required(.services, top, help: help) { node in
      guard let list = sequence(node, "`services`", help: { help }) else { return nil }
      var services: [ServiceDraft] = []
      services.reserveCapacity(min(Int(tape[list].count), ClusterFile.entryLimit + 1))
      tape.forEachElement(of: list) { element in
        // Each is one entry at least, and more than these are refused.
        guard services.count <= ClusterFile.entryLimit else { return }
        let read = shared(\.sharedServices, element) { element in
          mapping(element, "a service", help: { help }).map { service($0) }
        }
        read.map { services.append($0) }
      }
      return services
    }
  }

  func defaults(_ node: Int) -> ServiceDraft? {
    guard let map = mapping(node, "`defaults`", help: { "It takes the keys of a service." }) else { return nil }
    let fields = keyedNodes(of: map, ServiceKey.self)
    for key in [ServiceKey.vip, .port, .fwmark] {
      guard let keyNode = fields.keyNode(key) else { continue }
      report(.unknownKey, at: keyNode, "`\(key.rawValue)` says which service it is, and has no default.") {
        "Write it in each service."
      }
    }
    return service(fields, isDefaults: true)
  }

  private func service(_ map: Int) -> ServiceDraft { service(keyedNodes(of: map, ServiceKey.self), isDefaults: false) }

  /// What a map says of a service, in the order of the keys.
  private func service(_ fields: KeyedNodes<ServiceKey>, isDefaults: Bool) -> ServiceDraft {
    var service = ServiceDraft(at: place(of: fields.node))
    service.misspelt = fields.misspelt
    service.reserveCapacity(fields.count)
    func read<Value>(_ key: ServiceKey, _ whole: (Placed<Value>) -> ServiceValue, _ value: (Int) -> Value?) {
      if let read = placed(key, fields, value) { service.append(whole(read)) }
    }
    if !isDefaults {
      read(.vip, ServiceValue.vip) { serviceVIPs($0) }
      read(.port, ServiceValue.port) { ports($0) }
    }
    read(.protocol, ServiceValue.protocol) { protocols($0) }
    if !isDefaults { read(.fwmark, ServiceValue.fwmark) { fwmarks($0) } }
    read(.family, ServiceValue.family) { word($0, "family", AddressFamily.allCases.map { ($0.word, $0) }) }
    read(.scheduler, ServiceValue.scheduler) { scheduler($0) }
    read(.schedulerFlags, ServiceValue.schedulerFlags) { schedulerFlags($0) }
    read(.forward, ServiceValue.forward) { forward($0) }
    read(.tunnel, ServiceValue.tunnel) { tunnel($0) }
    read(.persistence, ServiceValue.persistence) { persistence($0) }
    read(.onePacket, ServiceValue.onePacket) { boolean($0, "one_packet") }
    read(.weights, ServiceValue.weights) { word($0, "weights", KeyWords.weights) }
    read(.heldBy, ServiceValue.heldBy) { word($0, "held_by", KeyWords.serviceHolder) }
    read(.check, ServiceValue.check) { checks($0) }
    read(.onFailure, ServiceValue.onFailure) { word($0, "on_failure", KeyWords.onFailure) }
    read(.fallback, ServiceValue.fallback) { fallback($0) }
    read(.quorum, ServiceValue.quorum) { integer($0, "quorum", in: KeyRange.quorum) }
    read(.realServers, ServiceValue.realServers) { members($0) }
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
    func help() -> Message {
      advice(on: text, as: .value(of: "scheduler"), among: words)?.help
        ?? "Those that lvsctl knows are \(words.map { "`\($0)`" }.joined(separator: ", "))."
    }
    // What another program calls one of the kernel's is no module of that name.
    if PeerWords.meaning(of: text, as: .value(of: "scheduler")) != nil {
      report(.unknownWord, at: node, "\(text.quoted.capitalizedFirst) is not a value of `scheduler`.", help: help)
      return nil
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
    return wordList(node, "scheduler_flags", KeyWords.schedulerFlags)?.map { node, value in
      SchedulerFlag(
        word: tape.string(tape.resolved(node)), flag: value.flag, scheduler: value.scheduler, place: place(of: node))
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

  func tunnel(_ node: Int) -> TunnelDraft? {
    let help: Message = "It is a map such as `{ type: gue, port: 6080 }`."
    guard let map = mapping(node, "`tunnel`", help: { help }) else { return nil }
    let fields = keyedNodes(of: map, TunnelKey.self)
    var tunnel = TunnelDraft()
    tunnel.kind = placed(.type, fields) { word($0, "type", Tunnel.Kind.allCases.map { ($0.word, $0) }) }
    tunnel.port = placed(.port, fields) { integer($0, "port", in: KeyRange.port).map(UInt16.init) }
    tunnel.checksum = placed(.checksum, fields) {
      word($0, "checksum", Tunnel.Checksum.allCases.map { ($0.word, $0) })
    }
    return tunnel
  }

  // MARK: Persistence

  private func persistence(_ node: Int) -> PersistenceDraft? {
    let resolved = tape.resolved(node)
    func seconds(_ node: Int, _ key: String) -> UInt32? {
      self.seconds(node, key, in: KeyRange.persistence) {
        "Give a time; leave `persistence` out, or write `none`, for a service without it."
      }.map(UInt32.init)
    }
    var persistence = PersistenceDraft()
    guard tape[resolved].kind == .mapping else {
      guard let timeout = seconds(node, "persistence") else { return nil }
      persistence.timeout = Placed(timeout, at: place(of: node))
      return persistence
    }
    let fields = keyedNodes(of: resolved, PersistenceKey.self)
    persistence.timeout = placed(.timeout, fields) { seconds($0, "timeout") }
    persistence.netmask = placed(.netmask, fields) { netmask($0) }
    persistence.engine = placed(.engine, fields) { word($0, "engine", KeyWords.engine) }
    return persistence
  }

  private func netmask(_ node: Int) -> PersistenceDraft.Netmask? {
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
