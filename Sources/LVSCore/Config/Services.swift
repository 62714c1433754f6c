/// Services: values of their own, those of `defaults`, and the rules between them.
extension ClusterFileReader {
  func readServices(_ top: Fields<TopKey>) {
    let help = "List the services: `- { vip: 192.168.147.100, port: 80 }`; write `services: []` for none."
    guard let node = required(.services, in: top, help: help) else { return }
    guard let list = sequence(node, "`services`", help: { help }) else { return }
    services.reserveCapacity(Int(tape[list].count))
    tape.forEachElement(of: list) { element in
      guard entries <= ClusterFile.entryLimit else { return }
      guard let map = mapping(element, "a service", help: { help }) else { return }
      addService(map)
    }
  }

  private func addService(_ map: Int) {
    let own = readServiceFields(map)
    guard let draft = identify(own) else { return }
    let settings = resolveSettings(own, draft)
    let list = own.members ?? defaults.members ?? Read(node: draft.node, value: allServers)
    guard let list = list.value else { return }

    // Before anything is unfolded, so that a short file cannot ask for a long one.
    entries += draft.count * (1 + list.members.count)
    guard entries <= ClusterFile.entryLimit else {
      report(
        .tooManyEntries, at: draft.node,
        "Up to here the file asks for more than \(ClusterFile.entryLimit) services and real servers in them."
      ) {
        "Use a firewall mark for a wide range of ports: one `fwmark` service takes them all."
      }
      return
    }
    let members = resolveMembers(list, own, draft)
    if list.hasServerTwice { checkTwice(members, draft) }
    checkOwnTunnel(own, members)
    unfold(draft, settings, own.weights?.value ?? defaults.weights?.value ?? .fixed, members)
  }

  // MARK: Identity

  /// Which kernel services a map stands for; empty lists where that is not known.
  struct ServiceDraft {
    /// Where to point for the service as a whole.
    var node: Int
    var vip: IPAddress?
    var ports: [PortRange] = []
    var protocols: [TransportProtocol] = []
    var fwmark: UInt32?
    var family: AddressFamily?

    /// How many kernel services it stands for.
    var count: Int { fwmark != nil ? 1 : ports.reduce(0) { $0 + $1.count } * protocols.count }

    /// The first of them, for messages.
    var title: String {
      if let fwmark, let family { return "\(ServiceID.fwmark(fwmark, family))" }
      guard let vip, let proto = protocols.first, let port = ports.first else { return "here" }
      return "\(ServiceID.address(proto, vip, port: port.lower))"
    }
  }

  private func identify(_ own: ServiceFields) -> ServiceDraft? {
    guard own.fwmark == nil else { return identifyMark(own) }
    if let family = own.family {
      report(.fwmarkConflict, at: family.node, "`family` belongs to a service with `fwmark`, and this one has none.") {
        "Leave it out: the family of a service is that of its VIP."
      }
    }
    // With a misspelt `fwmark` the service may need neither of the two.
    if own.vip == nil, own.misspelt.isDisjoint(with: [.vip, .fwmark]) {
      report(.missingKey, at: own.node, "A service needs the key `vip`, or `fwmark` in its place.") {
        "Write `vip: ADDRESS`, with an address or a name from `vips`."
      }
    }
    if own.ports == nil, own.misspelt.isDisjoint(with: [.port, .fwmark]) {
      report(.missingKey, at: own.node, "A service needs the key `port`.") {
        "Write `port: 80`, a list, a range such as `8000-8009`, or `0` with `persistence` for every port."
      }
    }
    let vip = own.vip?.value
    if let vip, let node = own.vip?.node { vips.use(vip, at: node, tape: tape) }
    let protocols = own.protocols ?? defaults.protocols
    return ServiceDraft(
      node: own.vip?.node ?? own.node, vip: vip, ports: own.ports?.value ?? [],
      protocols: protocols == nil ? [.tcp] : protocols?.value ?? [], family: vip?.family)
  }

  private func identifyMark(_ own: ServiceFields) -> ServiceDraft? {
    guard let fwmark = own.fwmark else { return nil }
    for (key, node) in [("vip", own.vip?.node), ("port", own.ports?.node), ("protocol", own.protocols?.node)] {
      guard let node else { continue }
      report(.fwmarkConflict, at: node, "A service with `fwmark` has no `\(key)`: the mark alone names it.") {
        key == "vip"
          ? "Leave it out; list the address in `vips`, so that directors hold it."
          : "Leave it out; the firewall rule that sets the mark decides which packets belong here."
      }
    }
    let family = own.family ?? defaults.family
    return ServiceDraft(
      node: fwmark.node, fwmark: fwmark.value, family: family == nil ? .ipv4 : family?.value)
  }

  // MARK: Settings

  private func resolveSettings(_ own: ServiceFields, _ draft: ServiceDraft) -> ServiceSettings {
    let scheduler = own.scheduler ?? defaults.scheduler
    var settings = ServiceSettings(scheduler: scheduler?.value ?? .wlc)
    if let flags = (own.schedulerFlags ?? defaults.schedulerFlags)?.value {
      // A faulty scheduler may well be the one the flags are for.
      let isKnown = scheduler == nil || scheduler?.value != nil
      for flag in flags {
        settings.schedulerFlags.insert(flag.flag)
        if isKnown { check(flag, of: settings.scheduler, draft) }
      }
    }
    let persistence = own.persistence ?? defaults.persistence
    if let persistence = persistence?.value { settings.persistence = resolve(persistence, draft) }
    if let onePacket = own.onePacket ?? defaults.onePacket, onePacket.value == true {
      settings.onePacket = true
      checkOnePacket(at: onePacket.node, draft)
    }
    if persistence == nil { checkPortZero(draft) }
    return settings
  }

  private func check(_ flag: SchedulerFlag, of scheduler: Scheduler, _ draft: ServiceDraft) {
    guard let owner = flag.scheduler, owner != scheduler else { return }
    reportOnce(
      .schedulerFlag, at: flag.node,
      "`\(tape.string(tape.resolved(flag.node)))` is a flag of the scheduler `\(owner)`, and the service \(draft.title) has "
        + "`\(scheduler)`."
    ) {
      "Write `scheduler: \(owner)`, or leave the flag out; a service with `scheduler_flags: []` has none."
    }
  }

  private func checkOnePacket(at node: Int, _ draft: ServiceDraft) {
    guard draft.fwmark == nil, let proto = draft.protocols.first(where: { $0 != .udp }) else { return }
    reportOnce(
      .onePacket, at: node,
      "`one_packet` schedules each datagram alone, and the service \(draft.title) takes \(proto.word.uppercased())."
    ) {
      "Leave it out, or give UDP a service of its own; `one_packet: false` overrides a default."
    }
  }

  private func checkPortZero(_ draft: ServiceDraft) {
    guard let zero = draft.ports.first(where: { $0.lower == 0 }) else { return }
    report(.portZero, at: zero.node, "Port 0 takes every port, and the kernel does that for persistent services only.")
    {
      "Add `persistence: 300`, or name the ports."
    }
  }

  private func resolve(_ persistence: PersistenceFields, _ draft: ServiceDraft) -> Persistence? {
    if let engine = persistence.engine, engine.value != nil { checkEngine(at: engine.node, draft) }
    guard let family = draft.family else { return nil }
    var resolved = Persistence(
      timeout: persistence.timeout, netmask: .host(family), engine: persistence.engine?.value)
    guard let netmask = persistence.netmask, let value = netmask.value else { return resolved }
    switch (value, family) {
    case (.dotted(let bits), .ipv4):
      resolved.netmask = .ipv4(bits)
    case (.prefix(let length), .ipv4) where length <= 32:
      resolved.netmask = .ipv4(UInt32.max << (32 - UInt32(length)))
    case (.prefix(let length), .ipv6):
      resolved.netmask = .ipv6(UInt32(length))
    case (.dotted, .ipv6):
      reportOnce(.badNetmask, at: netmask.node, "The service \(draft.title) is IPv6, and this netmask is IPv4.") {
        "Write a prefix length such as `64`."
      }
    case (.prefix(let length), .ipv4):
      reportOnce(
        .badNetmask, at: netmask.node,
        "The service \(draft.title) is IPv4, and a prefix of \(length) is too long for it."
      ) {
        "Write a prefix length of 1 to 32, or a netmask such as `255.255.255.0`."
      }
    }
    return resolved
  }

  /// ip_vs_sip_fill_param() fails for anything but UDP, and the packet is dropped.
  private func checkEngine(at node: Int, _ draft: ServiceDraft) {
    guard draft.fwmark == nil, let proto = draft.protocols.first(where: { $0 != .udp }) else { return }
    reportOnce(
      .persistenceEngine, at: node,
      "The engine `sip` reads UDP only, and the kernel would drop all packets of the service \(draft.title), which takes "
        + "\(proto.word.uppercased())."
    ) {
      "Write `protocol: udp`, or leave `engine` out."
    }
  }

  // MARK: Members

  /// A member with its settings; without a port of its own it has the service's.
  private struct Resolved {
    var server: Int
    var address: IPAddress
    var port: UInt16?
    var settings: RealServerSettings
    var node: Int
  }

  private func resolveMembers(_ list: MemberList, _ own: ServiceFields, _ draft: ServiceDraft) -> [Resolved] {
    let forward = own.forward ?? defaults.forward
    let tunnel = own.tunnel ?? defaults.tunnel
    var resolved: [Resolved] = []
    resolved.reserveCapacity(list.members.count)
    for member in list.members {
      guard let method = method(of: member, forward, tunnel) else { continue }
      let server = names.realServers[member.server]
      let node = member.node ?? draft.node
      guard !server.isFaulty, let family = draft.family else { continue }
      checkPort(of: member, method, own, draft)
      guard let address = address(of: server, member, method, family, at: node, draft) else { continue }
      resolved.append(
        Resolved(
          server: member.server, address: address, port: member.port?.value,
          settings: RealServerSettings(
            forward: method, weight: member.weight ?? server.weight, upperThreshold: member.upperThreshold,
            lowerThreshold: member.lowerThreshold),
          node: node))
    }
    return resolved
  }

  /// The forwarding method with its tunnel, or nil where either is faulty.
  private func method(
    of member: MemberFields, _ forward: Read<ForwardingMethod>?, _ tunnel: Read<Tunnel>?
  ) -> ForwardingMethod? {
    let forward = member.forward ?? forward
    guard let method = forward == nil ? .dr : forward?.value else { return nil }
    guard case .tun = method else {
      if let tunnel = member.tunnel {
        report(
          .tunnelOption, at: tunnel.node, "`tunnel` is for `forward: tun`, and this real server has `\(method.word)`."
        ) {
          "Add `forward: tun`, or leave `tunnel` out."
        }
      }
      return method
    }
    guard let tunnel = member.tunnel ?? tunnel else { return .tun(Tunnel()) }
    return tunnel.value.map(ForwardingMethod.tun)
  }

  /// A tunnel that a service names for itself and none of its real servers uses.
  private func checkOwnTunnel(_ own: ServiceFields, _ members: [Resolved]) {
    let forward = own.forward ?? defaults.forward
    guard let tunnel = own.tunnel, let method = forward == nil ? .dr : forward?.value, method.tunnel == nil else {
      return
    }
    guard !members.contains(where: { $0.settings.forward.tunnel != nil }) else { return }
    report(.tunnelOption, at: tunnel.node, "`tunnel` is for `forward: tun`, and this service has `\(method.word)`.") {
      "Add `forward: tun`, or leave `tunnel` out."
    }
  }

  /// The kernel rewrites ports for NAT only: ip_vs_dr_xmit() and ip_vs_tunnel_xmit() send a packet on as it is.
  private func checkPort(
    of member: MemberFields, _ method: ForwardingMethod, _ own: ServiceFields, _ draft: ServiceDraft
  ) {
    guard let read = member.port, let port = read.value else { return }
    let takesEveryPort = draft.fwmark != nil || draft.ports.contains { $0.lower == 0 }
    guard method == .nat else {
      let isOther = draft.ports.contains { $0.lower != port || $0.upper != port }
      guard takesEveryPort || isOther else { return }
      reportOnce(
        .portMismatch, at: read.node,
        "`\(method.word)` leaves the port of a packet as it is, so the port \(port) would be ignored: the service "
          + "\(draft.title) \(takesEveryPort ? "takes every port" : draft.count > 1 ? "has more than one" : "has another")."
      ) {
        "Leave `port` out; only `forward: nat` can change it."
      }
      return
    }
    // ip_vs_sched_persist() takes a real server's port only for the service's own port, and these have none.
    guard takesEveryPort, (own.persistence ?? defaults.persistence) != nil else { return }
    reportOnce(
      .portMismatch, severity: .warning, at: read.node,
      "The service \(draft.title) is persistent for every port, and there the kernel leaves the port as it is."
    ) {
      "Leave `port` out, or give this port a service of its own."
    }
  }

  /// The address in the service's family; ip_vs_genl_set_cmd() takes the other one for tunnels only, and without sync.
  private func address(
    of server: NameTable.RealServer, _ member: MemberFields, _ method: ForwardingMethod, _ family: AddressFamily,
    at node: Int, _ draft: ServiceDraft
  ) -> IPAddress? {
    if let address = server.address(family) { return address }
    let name = name(ofServer: member.server)
    let (wanted, other) = family == .ipv4 ? ("IPv4", AddressFamily.ipv6) : ("IPv6", .ipv4)
    guard method.tunnel != nil else {
      reportOnce(
        .mixedFamilies, of: member.server, at: node,
        "The service \(draft.title) is \(wanted), and `\(name)` has no \(wanted) address; `\(method.word)` stays within one "
          + "family."
      ) {
        "Give `\(name)` an \(wanted) address too, list only real servers that have one, or write `forward: tun`."
      }
      return nil
    }
    guard syncNode == nil else {
      reportOnce(
        .mixedFamilies, of: member.server, at: node,
        "The service \(draft.title) is \(wanted), and `\(name)` has no \(wanted) address; the kernel tunnels between families "
          + "only while no sync daemon runs, and this file has `sync`."
      ) {
        "Give `\(name)` an \(wanted) address too, or leave `sync` out."
      }
      return nil
    }
    return server.address(other)
  }

  /// The same address and port twice, where one entry names the port that the other has from the service.
  private func checkTwice(_ members: [Resolved], _ draft: ServiceDraft) {
    for range in draft.ports {
      for port in range.lower...range.upper {
        var seen: [RealServerID: Int] = [:]
        for member in members {
          let id = RealServerID(address: member.address, port: member.port ?? port)
          guard let first = seen.updateValue(member.node, forKey: id) else { continue }
          reportOnce(
            .repeatedRealServer, at: member.node,
            "\(id) is in the service \(draft.title) already, on line \(line(of: first))."
          ) {
            "Keep it once, or give the two different ports."
          }
        }
      }
    }
  }

  // MARK: Kernel services

  private func unfold(
    _ draft: ServiceDraft, _ settings: ServiceSettings, _ weights: WeightPolicy, _ members: [Resolved]
  ) {
    func add(_ id: ServiceID, at node: Int) {
      if let first = serviceNodes[id] {
        reportOnce(.repeatedService, at: node, "The service \(id) is in the file already, on line \(line(of: first)).")
        {
          "Merge the two, or give one another port, protocol or address."
        }
        return
      }
      serviceNodes[id] = node
      guard !faults.hasErrors else { return }
      services.append(
        ClusterFile.Service(
          id: id, settings: settings, weights: weights,
          realServers: members.map { member in
            ClusterFile.Member(
              server: member.server,
              id: RealServerID(address: member.address, port: member.port ?? id.port), settings: member.settings)
          }))
    }
    if let mark = draft.fwmark, let family = draft.family {
      add(.fwmark(mark, family), at: draft.node)
      return
    }
    guard let vip = draft.vip else { return }
    for range in draft.ports {
      for port in range.lower...range.upper {
        for proto in draft.protocols { add(.address(proto, vip, port: port), at: range.node) }
      }
    }
  }
}
