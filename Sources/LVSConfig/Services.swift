import LVSModel

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
    let draft = identify(own)
    let named = own.members ?? defaults.members
    // A list that is faulty is as good as none to the rules that remain, and `none` is an empty one.
    let list = named == nil ? allServers : named?.value ?? MemberList()

    // Before anything is unfolded, so that a short file cannot ask for a long one.
    entries += draft.count * (1 + list.members.count)
    guard entries <= ClusterFile.entryLimit else {
      report(
        .tooManyEntries, at: draft.node,
        "Up to here the file asks for more than \(ClusterFile.entryLimit) services and real servers in them."
      ) {
        "Use a firewall mark for a wide range of addresses or ports: one `fwmark` service takes them all."
      }
      return
    }
    useVIPs(draft.vips)
    checkOwnTunnel(own, list)
    guard draft.has(.ipv4) || draft.has(.ipv6) else {
      _ = resolve(own, list, draft, nil)
      return
    }
    for family in [AddressFamily.ipv4, .ipv6] where draft.has(family) {
      unfold(draft, family, resolve(own, list, draft, family))
    }
  }

  /// A service's values without its identity.
  private struct Resolution {
    var settings: ServiceSettings
    var weights: WeightPolicy
    var isHeldExternally: Bool
    var members: [Resolved]
  }

  /// The values of a service in one of its families, nil where that is not known; its rules are checked on the way.
  private func resolve(
    _ own: ServiceFields, _ list: MemberList, _ draft: ServiceDraft, _ family: AddressFamily?
  ) -> Resolution {
    let draft = draft.titled(family)
    let settings = resolveSettings(own, draft, family)
    let members = resolveMembers(list, own, draft, family)
    if list.hasServerTwice { checkTwice(members, draft) }
    return Resolution(
      settings: settings, weights: said(own.weights, defaults.weights)?.value ?? .fixed,
      isHeldExternally: said(own.isHeldExternally, defaults.isHeldExternally)?.value ?? false, members: members)
  }

  /// What a service says, or else what is said of all; nil where neither says anything, or where `none` switches it off.
  private func said<Value>(_ own: Read<Value>?, _ general: Read<Value>?) -> Read<Value>? {
    let read = own ?? general
    return read?.isNone == true ? nil : read
  }

  // MARK: Identity

  /// Which kernel services a map stands for; empty lists where that is not known.
  struct ServiceDraft {
    /// Where to point for the service as a whole.
    var node: Int
    var vips: [VIPRange] = []
    var ports: [PortRange] = []
    var protocols: [TransportProtocol] = []
    /// Whether it is a service of firewall marks.
    var isMark = false
    var fwmarks: [FwmarkRange] = []
    /// The family of the firewall marks.
    var markFamily: AddressFamily?
    /// The first of the kernel services, for messages.
    var title = "here"

    func has(_ family: AddressFamily) -> Bool {
      isMark ? !fwmarks.isEmpty && markFamily == family : vips.contains { $0.family == family }
    }

    /// How many kernel services it stands for, no number much above the limit of entries. What is faulty counts as one:
    /// that is the least it will be, and the rest is looked at nevertheless.
    var count: Int {
      let limit = ClusterFile.entryLimit + 1
      guard !isMark else { return max(1, fwmarks.reduce(0) { min(limit, $0 + $1.count) }) }
      let addresses = vips.reduce(0) { min(limit, $0 + $1.count(atMost: limit)) }
      let each = ports.reduce(0) { $0 + $1.count } * protocols.count
      return min(limit, max(1, addresses) * max(1, each))
    }

    /// The kernel services of its part in one family.
    func identities(_ family: AddressFamily) -> ServiceIdentities {
      if isMark { return .fwmarks(fwmarks.flatMap { $0.lower...$0.upper }, family) }
      var addresses: [IPAddress] = []
      for range in vips where range.family == family { range.forEach { addresses.append($0) } }
      return .addresses(addresses, ports.flatMap { $0.lower...$0.upper }, protocols)
    }

    /// The draft with the title of its part in one family.
    func titled(_ family: AddressFamily?) -> ServiceDraft {
      guard let family else { return self }
      var draft = self
      if isMark {
        guard let mark = fwmarks.first else { return self }
        draft.title = "\(ServiceID.fwmark(mark.lower, family))"
      } else {
        guard let vip = vips.first(where: { $0.family == family }), let proto = protocols.first, let port = ports.first
        else { return self }
        draft.title = "\(ServiceID.address(proto, vip.lower, port: port.lower))"
      }
      return draft
    }
  }

  private func identify(_ own: ServiceFields) -> ServiceDraft {
    if let fwmarks = own.fwmarks { return identifyMark(own, fwmarks) }
    if let family = own.family, !family.isNone {
      report(.fwmarkConflict, at: family.node, "`family` belongs to a service with `fwmark`, and this one has none.") {
        "Leave it out: the family of a service is that of its VIP."
      }
    }
    // With a misspelt `fwmark` the service may need neither of the two.
    if own.vips == nil, own.misspelt.isDisjoint(with: [.vip, .fwmark]) {
      report(.missingKey, at: own.node, "A service needs the key `vip`, or `fwmark` in its place.") {
        "Write `vip: ADDRESS`, with an address or a name from `vips`."
      }
    }
    if own.ports == nil, own.misspelt.isDisjoint(with: [.port, .fwmark]) {
      report(.missingKey, at: own.node, "A service needs the key `port`.") {
        "Write `port: 80`, a list, a range such as `8000-8009`, or `0` with `persistence` for every port."
      }
    }
    let protocols = said(own.protocols, defaults.protocols)
    return ServiceDraft(
      node: own.vips?.node ?? own.node, vips: own.vips?.value ?? [], ports: own.ports?.value ?? [],
      protocols: protocols == nil ? [.tcp] : protocols?.value ?? [])
  }

  private func identifyMark(_ own: ServiceFields, _ fwmarks: Read<[FwmarkRange]>) -> ServiceDraft {
    let protocols = own.protocols?.isNone == true ? nil : own.protocols?.node
    for (key, node) in [("vip", own.vips?.node), ("port", own.ports?.node), ("protocol", protocols)] {
      guard let node else { continue }
      report(.fwmarkConflict, at: node, "A service with `fwmark` has no `\(key)`: the mark alone names it.") {
        key == "vip"
          ? "Leave it out; list the address in `vips`, so that directors hold it."
          : "Leave it out; the firewall rule that sets the mark decides which packets belong here."
      }
    }
    let family = said(own.family, defaults.family)
    return ServiceDraft(
      node: fwmarks.node, isMark: true, fwmarks: fwmarks.value ?? [], markFamily: family == nil ? .ipv4 : family?.value)
  }

  // MARK: Settings

  private func resolveSettings(
    _ own: ServiceFields, _ draft: ServiceDraft, _ family: AddressFamily?
  ) -> ServiceSettings {
    let scheduler = said(own.scheduler, defaults.scheduler)
    var settings = ServiceSettings(scheduler: scheduler?.value ?? .wlc)
    if let flags = said(own.schedulerFlags, defaults.schedulerFlags)?.value {
      // A faulty scheduler may well be the one the flags are for.
      let isKnown = scheduler == nil || scheduler?.value != nil
      for flag in flags {
        settings.schedulerFlags.insert(flag.flag)
        if isKnown { check(flag, of: settings.scheduler, draft) }
      }
    }
    let persistence = said(own.persistence, defaults.persistence)
    if let persistence = persistence?.value { settings.persistence = resolve(persistence, draft, family) }
    if let onePacket = said(own.onePacket, defaults.onePacket), onePacket.value == true {
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
      "Write `scheduler: \(owner)`, or leave the flag out; a service with `scheduler_flags: none` has none."
    }
  }

  private func checkOnePacket(at node: Int, _ draft: ServiceDraft) {
    guard !draft.isMark, let proto = draft.protocols.first(where: { $0 != .udp }) else { return }
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

  private func resolve(
    _ persistence: PersistenceFields, _ draft: ServiceDraft, _ family: AddressFamily?
  ) -> Persistence? {
    if let engine = persistence.engine, engine.value != nil { checkEngine(at: engine.node, draft) }
    guard let family else { return nil }
    var resolved = Persistence(
      timeout: persistence.timeout, netmask: .host(family), engine: persistence.engine?.value)
    guard let netmask = persistence.netmask, let value = netmask.value else { return resolved }
    switch (value, family) {
    case (.dotted(let bits), .ipv4):
      resolved.netmask = .ipv4(bits)
    case (.prefix(let length), .ipv4) where length <= 32:
      // A shift by all 32 bits leaves none.
      resolved.netmask = .ipv4(UInt32.max << (32 - UInt32(length)))
    case (.prefix(let length), .ipv6) where length >= 1:
      resolved.netmask = .ipv6(UInt32(length))
    case (.dotted, .ipv6):
      reportOnce(.badNetmask, at: netmask.node, "The service \(draft.title) is IPv6, and this netmask is IPv4.") {
        "Write a prefix length such as `64`."
      }
    case (.prefix, .ipv6):
      // ip_vs_add_service() refuses it, and takes an IPv4 netmask of no bits.
      reportOnce(
        .badNetmask, at: netmask.node, "The service \(draft.title) is IPv6, and a prefix of 0 is too short for it."
      ) {
        "Write a prefix length of 1 to 128."
      }
    case (.prefix(let length), .ipv4):
      reportOnce(
        .badNetmask, at: netmask.node,
        "The service \(draft.title) is IPv4, and a prefix of \(length) is too long for it."
      ) {
        "Write a prefix length of 0 to 32, or a netmask such as `255.255.255.0`."
      }
    }
    return resolved
  }

  /// ip_vs_sip_fill_param() fails for anything but UDP, and the packet is dropped.
  private func checkEngine(at node: Int, _ draft: ServiceDraft) {
    guard !draft.isMark, let proto = draft.protocols.first(where: { $0 != .udp }) else { return }
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

  private func resolveMembers(
    _ list: MemberList, _ own: ServiceFields, _ draft: ServiceDraft, _ family: AddressFamily?
  ) -> [Resolved] {
    let forward = said(own.forward, defaults.forward)
    let tunnel = said(own.tunnel, defaults.tunnel)
    var resolved: [Resolved] = []
    resolved.reserveCapacity(list.members.count)
    for member in list.members {
      guard let method = method(of: member, forward, tunnel) else { continue }
      let server = names.realServers[member.server]
      let node = member.node ?? draft.node
      checkPort(of: member, method, own, draft)
      guard checkLocal(server, member, method, at: node, draft) else { continue }
      guard !server.isFaulty, let family else { continue }
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
    let forward = said(member.forward, forward)
    guard let method = forward == nil ? .dr : forward?.value else { return nil }
    guard case .tun = method else {
      if let tunnel = member.tunnel, !tunnel.isNone {
        report(
          .tunnelOption, at: tunnel.node, "`tunnel` is for `forward: tun`, and this real server has `\(method.word)`."
        ) {
          "Add `forward: tun`, or leave `tunnel` out."
        }
      }
      return method
    }
    guard let tunnel = said(member.tunnel, tunnel) else { return .tun(Tunnel()) }
    return tunnel.value.map(ForwardingMethod.tun)
  }

  /// A loopback address is the director itself: nothing is rewritten and nothing wrapped on the way to it.
  private func checkLocal(
    _ server: NameTable.RealServer, _ member: MemberFields, _ method: ForwardingMethod, at node: Int,
    _ draft: ServiceDraft
  ) -> Bool {
    guard server.isForwardingDirector, method != .dr else { return true }
    let name = name(ofServer: member.server)
    // ip_vs_nat_xmit() drops what it would send to a loopback address.
    let reason = method == .nat ? "the kernel translates no address to a loopback one" : "no tunnel leads to oneself"
    reportOnce(
      .localForward, of: member.server, at: node,
      "`\(name)` is the director that forwards, and the service \(draft.title) has `\(method.word)` for it: \(reason)."
    ) {
      "Write `{ server: \(name), forward: dr }` in the `real_servers` of the service, or leave `\(name)` out there."
    }
    return false
  }

  /// A tunnel that a service names for itself and none of its real servers uses.
  private func checkOwnTunnel(_ own: ServiceFields, _ list: MemberList) {
    let forward = said(own.forward, defaults.forward)
    guard let tunnel = own.tunnel, !tunnel.isNone, let method = forward == nil ? .dr : forward?.value,
      method.tunnel == nil
    else { return }
    // One whose method is faulty may well be the one.
    let isUsed = list.members.contains { member in
      guard let own = member.forward, !own.isNone else { return false }
      return own.value == nil || own.value?.tunnel != nil
    }
    guard !isUsed else { return }
    report(.tunnelOption, at: tunnel.node, "`tunnel` is for `forward: tun`, and this service has `\(method.word)`.") {
      "Add `forward: tun`, or leave `tunnel` out."
    }
  }

  /// The kernel rewrites ports for NAT only: ip_vs_dr_xmit() and ip_vs_tunnel_xmit() send a packet on as it is.
  private func checkPort(
    of member: MemberFields, _ method: ForwardingMethod, _ own: ServiceFields, _ draft: ServiceDraft
  ) {
    guard let read = member.port, let port = read.value else { return }
    let takesEveryPort = draft.isMark || draft.ports.contains { $0.lower == 0 }
    guard method == .nat else {
      let isOther = draft.ports.contains { $0.lower != port || $0.upper != port }
      guard takesEveryPort || isOther else { return }
      let isRange = draft.ports.contains { $0.lower != $0.upper }
      reportOnce(
        .portMismatch, at: read.node,
        "`\(method.word)` leaves the port of a packet as it is, so the port \(port) would be ignored: the service "
          + "\(draft.title) \(takesEveryPort ? "takes every port" : draft.ports.count > 1 || isRange ? "has more than one" : "has another")."
      ) {
        "Leave `port` out; only `forward: nat` can change it."
      }
      return
    }
    // ip_vs_sched_persist() takes a real server's port only for the service's own port, and these have none.
    guard takesEveryPort, said(own.persistence, defaults.persistence) != nil else { return }
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
        guard !server.isForwardingDirector else {
          return
            "Give `\(name)` the address `\(family == .ipv4 ? "127.0.0.1" : "::1")` too, or leave it out of this service."
        }
        return "Give `\(name)` an \(wanted) address too, list only real servers that have one, or write `forward: tun`."
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
    guard !members.isEmpty else { return }
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

  private func unfold(_ draft: ServiceDraft, _ family: AddressFamily, _ resolution: Resolution) {
    func check(_ id: ServiceID, at node: Int) {
      if let first = serviceNodes[id] {
        reportOnce(
          .repeatedService, at: node, "The service \(id) is in the file already, on line \(line(of: Int(first)))."
        ) {
          "Merge the two, or give one another port, protocol or address."
        }
        return
      }
      serviceNodes[id] = Int32(node)
      if !resolution.isHeldExternally { checkIgnored(id, at: id.vip == nil ? node : draft.node) }
    }
    for range in draft.fwmarks {
      for mark in range.lower...range.upper { check(.fwmark(mark, family), at: range.node) }
    }
    for addresses in draft.vips where addresses.family == family {
      addresses.forEach { address in
        for range in draft.ports {
          for port in range.lower...range.upper {
            for proto in draft.protocols { check(.address(proto, address, port: port), at: range.node) }
          }
        }
      }
    }
    if !faults.hasErrors { append(draft.identities(family), resolution) }
  }

  private func append(_ identities: ServiceIdentities, _ resolution: Resolution) {
    guard identities.count > 0 else { return }
    let id = identities[0]
    var members = ServiceMembers(servicePort: id.port, capacity: resolution.members.count)
    for member in resolution.members {
      members.append(server: member.server, address: member.address, port: member.port, settings: member.settings)
    }
    // Services with the settings of their neighbours share them.
    if lastSettings != resolution.settings { lastSettings = resolution.settings }
    services.append(
      ClusterFile.Service(
        id: id, settings: lastSettings, weights: resolution.weights,
        isHeldExternally: resolution.isHeldExternally, members: members),
      for: identities)
  }

  /// A service that the file asks for and never touches.
  private func checkIgnored(_ id: ServiceID, at node: Int) {
    guard let ignored, ignored.contains(id) else { return }
    reportOnce(.ignoredService, at: node, "The service \(id) is in the file, and `ignore` leaves it alone.") {
      "Take it out of `ignore`, or write `held_by: external` where another program owns the service."
    }
  }
}
