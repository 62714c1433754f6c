import LVSModel
import LVSText

// The rules of one service, each by itself. Those about its part in one address family run for each family that it has,
// with that family's title in their messages.

// MARK: Identity

/// A service has a VIP and a port, or a firewall mark.
func checkIdentity(_ service: ServiceView, _ faults: FileFaults) {
  guard !service.isMark else { return checkMarkAlone(service, faults) }
  let own = service.own
  if let family = own.family.unlessNone() {
    faults.report(
      .fwmarkConflict, at: family.place, "`family` belongs to a service with `fwmark`, and this one has none."
    ) {
      "Leave it out: the family of a service is that of its VIP."
    }
  }
  // With a misspelt `fwmark` the service may need neither of the two.
  if own.vips.unlessNone() == nil, own.misspelt.isDisjoint(with: [.vip, .fwmark]) {
    faults.report(.missingKey, at: own.place, "A service needs the key `vip`, or `fwmark` in its place.") {
      "Write `vip: ADDRESS`, with an address or a name from `vips`."
    }
  }
  if own.ports.unlessNone() == nil, own.misspelt.isDisjoint(with: [.port, .fwmark]) {
    faults.report(.missingKey, at: own.place, "A service needs the key `port`.") {
      "Write `port: 80`, a list, a range such as `8000-8009`, or `0` with `persistence` for every port."
    }
  }
}

private func checkMarkAlone(_ service: ServiceView, _ faults: FileFaults) {
  let own = service.own
  let places = [
    ("vip", own.vips.unlessNone()?.place), ("port", own.ports.unlessNone()?.place),
    ("protocol", own.protocols.unlessNone()?.place),
  ]
  for (key, place) in places {
    guard let place else { continue }
    faults.report(
      .fwmarkConflict, at: place, "A service with `fwmark` has no `\(key)`: the mark alone names it."
    ) {
      key == "vip"
        ? "Leave it out; list the address in `vips`, so that directors hold it."
        : "Leave it out; the firewall rule that sets the mark decides which packets belong here."
    }
  }
}

// MARK: Settings

/// A flag belongs to its scheduler.
func checkSchedulerFlags(_ service: ServiceView, _ faults: FileFaults) {
  guard let flags = service.said({ $0.schedulerFlags })?.value, !flags.isEmpty else { return }
  // A faulty scheduler may well be the one the flags are for.
  guard let scheduler = service.said({ $0.scheduler }).orElse(.wlc) else { return }
  for flag in flags {
    guard let owner = flag.scheduler, owner != scheduler else { continue }
    faults.reportOnce(
      .schedulerFlag, at: flag.place,
      "`\(flag.word)` is a flag of the scheduler `\(owner)`, and the service \(service.title) has `\(scheduler)`."
    ) {
      "Write `scheduler: \(owner)`, or leave the flag out; a service with `scheduler_flags: none` has none."
    }
  }
}

/// One-packet scheduling is for UDP.
func checkOnePacket(_ service: ServiceView, _ faults: FileFaults) {
  guard let onePacket = service.said({ $0.onePacket }), onePacket.value == true else { return }
  guard !service.isMark, let proto = service.protocols.first(where: { $0 != .udp }) else { return }
  faults.reportOnce(
    .onePacket, at: onePacket.place,
    "`one_packet` schedules each datagram alone, and the service \(service.title) takes \(proto.word.uppercased())."
  ) {
    "Leave it out, or give UDP a service of its own; `one_packet: false` overrides a default."
  }
}

/// Port 0 needs persistence.
func checkPortZero(_ service: ServiceView, _ faults: FileFaults) {
  guard let zero = service.ports.first(where: { $0.lower == 0 }), service.said({ $0.persistence }) == nil else {
    return
  }
  faults.report(
    .portZero, at: zero.place, "Port 0 takes every port, and the kernel does that for persistent services only."
  ) {
    "Add `persistence: 300`, or name the ports."
  }
}

/// ip_vs_sip_fill_param() fails for anything but UDP, and the packet is dropped.
func checkPersistenceEngine(_ service: ServiceView, _ faults: FileFaults) {
  guard let engine = service.said({ $0.persistence })?.value?.engine, engine.value != nil else { return }
  guard !service.isMark, let proto = service.protocols.first(where: { $0 != .udp }) else { return }
  faults.reportOnce(
    .persistenceEngine, at: engine.place,
    "The engine `sip` reads UDP only, and the kernel would drop all packets of the service \(service.title), which takes "
      + "\(proto.word.uppercased())."
  ) {
    "Write `protocol: udp`, or leave `engine` out."
  }
}

/// A netmask is of the family of the service.
func checkPersistenceNetmask(_ service: ServiceView, _ faults: FileFaults) {
  guard let family = service.family, let netmask = service.said({ $0.persistence })?.value?.netmask,
    let value = netmask.value,
    value.mask(family) == nil
  else { return }
  switch (value, family) {
  case (.dotted, _):
    faults.reportOnce(
      .badNetmask, at: netmask.place, "The service \(service.title) is IPv6, and this netmask is IPv4."
    ) {
      "Write a prefix length such as `64`."
    }
  case (.prefix, .ipv6):
    faults.reportOnce(
      .badNetmask, at: netmask.place, "The service \(service.title) is IPv6, and a prefix of 0 is too short for it."
    ) {
      "Write a prefix length of 1 to 128."
    }
  case (.prefix(let length), .ipv4):
    faults.reportOnce(
      .badNetmask, at: netmask.place,
      "The service \(service.title) is IPv4, and a prefix of \(length) is too long for it."
    ) {
      "Write a prefix length of 0 to 32, or a netmask such as `255.255.255.0`."
    }
  }
}

extension PersistenceDraft.Netmask {
  /// The mask in a family, or nil where it cannot be one.
  func mask(_ family: AddressFamily) -> PersistenceMask? {
    switch (self, family) {
    case (.dotted(let bits), .ipv4): .ipv4(bits)
    // A shift by all 32 bits leaves none.
    case (.prefix(let length), .ipv4): length <= 32 ? .ipv4(UInt32.max << (32 - UInt32(length))) : nil
    // ip_vs_add_service() refuses a prefix of 0, and takes an IPv4 netmask of no bits.
    case (.prefix(let length), .ipv6): length >= 1 ? .ipv6(UInt32(length)) : nil
    case (.dotted, .ipv6): nil
    }
  }
}

// MARK: Members

/// ip_vs_add_dest() refuses a lower threshold above the upper one, also above none.
func checkThresholds(_ members: [MemberDraft]?, _ faults: FileFaults) {
  for member in members ?? [] {
    guard case .detailed(let details) = member, let lower = details.lowerThreshold, let value = lower.value,
      let upper = details.upperThreshold.unlessNone().orElse(0), value > upper
    else { continue }
    let found = upper == 0 ? "there is no upper one" : "the upper one is \(upper)"
    faults.report(.thresholdOrder, at: lower.place, "The lower threshold is \(value), and \(found).") {
      "A real server that reached `upper_threshold` gets new connections again below `lower_threshold`: make it smaller."
    }
  }
}

/// The tunnels that the entries of a list name for themselves.
func checkMemberTunnels(_ members: [MemberDraft]?, _ faults: FileFaults) {
  for member in members ?? [] {
    if case .detailed(let details) = member { checkTunnel(details.tunnel, faults) }
  }
}

/// A tunnel that a service names for itself is used by a real server of it.
func checkOwnTunnel(_ service: ServiceView, _ list: MemberList, _ faults: FileFaults) {
  guard let tunnel = service.own.tunnel.unlessNone(), let method = service.said({ $0.forward }).orElse(.dr),
    method.tunnel == nil
  else { return }
  // One whose method is faulty may well be the one.
  let isUsed = list.members.contains { member in
    guard let own = list.details(of: member)?.forward.unlessNone() else { return false }
    return own.value == nil || own.value?.tunnel != nil
  }
  guard !isUsed else { return }
  faults.report(
    .tunnelOption, at: tunnel.place, "`tunnel` is for `forward: tun`, and this service has `\(method.word)`."
  ) {
    "Add `forward: tun`, or leave `tunnel` out."
  }
}

/// A tunnel that an entry names for its real server is used by it.
func checkMemberTunnel(_ details: MemberDetails, _ method: ForwardingMethod, _ faults: FileFaults) {
  guard method.tunnel == nil, let tunnel = details.tunnel.unlessNone() else { return }
  faults.report(
    .tunnelOption, at: tunnel.place,
    "`tunnel` is for `forward: tun`, and this real server has `\(method.word)`."
  ) {
    "Add `forward: tun`, or leave `tunnel` out."
  }
}

/// The kernel rewrites ports for NAT only: ip_vs_dr_xmit() and ip_vs_tunnel_xmit() send a packet on as it is.
func checkRealServerPort(
  _ details: MemberDetails, _ method: ForwardingMethod, _ service: ServiceView, _ faults: FileFaults
) {
  guard let place = details.port?.place, let port = details.port?.value else { return }
  let ports = service.ports
  let takesEveryPort = service.isMark || ports.contains { $0.lower == 0 }
  guard method == .nat else {
    let isOther = ports.contains { $0.lower != port || $0.upper != port }
    guard takesEveryPort || isOther else { return }
    let isRange = ports.contains { $0.lower != $0.upper }
    faults.reportOnce(
      .portMismatch, at: place,
      "`\(method.word)` leaves the port of a packet as it is, so the port \(port) would be ignored: the service "
        + "\(service.title) \(takesEveryPort ? "takes every port" : ports.count > 1 || isRange ? "has more than one" : "has another")."
    ) {
      "Leave `port` out; only `forward: nat` can change it."
    }
    return
  }
  // ip_vs_sched_persist() takes a real server's port only for the service's own port, and these have none.
  guard takesEveryPort, service.said({ $0.persistence }) != nil else { return }
  faults.reportOnce(
    .portMismatch, severity: .warning, at: place,
    "The service \(service.title) is persistent for every port, and there the kernel leaves the port as it is."
  ) {
    "Leave `port` out, or give this port a service of its own."
  }
}

/// A loopback address is the director itself: nothing is rewritten and nothing wrapped on the way to it.
func checkLocalForward(
  _ server: Int, _ method: ForwardingMethod, at place: Place, _ service: ServiceView, _ draft: ClusterDraft,
  _ faults: FileFaults
) {
  let name = draft.title(ofServer: server)
  // ip_vs_nat_xmit() drops what it would send to a loopback address.
  let reason = method == .nat ? "the kernel translates no address to a loopback one" : "no tunnel leads to oneself"
  faults.reportOnce(
    .localForward, of: server, at: place,
    "`\(name)` is the director that forwards, and the service \(service.title) has `\(method.word)` for it: \(reason)."
  ) {
    "Write `{ server: \(name), forward: dr }` in the `real_servers` of the service, or leave `\(name)` out there."
  }
}

/// A real server without an address in the family of its service; ip_vs_genl_set_cmd() takes the other one for tunnels
/// only, and without sync.
func checkFamily(
  of server: Int, _ method: ForwardingMethod, _ family: AddressFamily, at place: Place, _ service: ServiceView,
  _ draft: ClusterDraft, _ names: NameTable, _ faults: FileFaults
) {
  let wanted = family == .ipv4 ? "IPv4" : "IPv6"
  let name = draft.title(ofServer: server)
  guard method.tunnel != nil else {
    faults.reportOnce(
      .mixedFamilies, of: server, at: place,
      "The service \(service.title) is \(wanted), and `\(name)` has no \(wanted) address; `\(method.word)` stays within "
        + "one family."
    ) {
      guard !names.realServers[server].isForwardingDirector else {
        return
          "Give `\(name)` the address `\(family == .ipv4 ? "127.0.0.1" : "::1")` too, or leave it out of this service."
      }
      return "Give `\(name)` an \(wanted) address too, list only real servers that have one, or write `forward: tun`."
    }
    return
  }
  guard draft.sync.unlessNone() != nil else { return }
  faults.reportOnce(
    .mixedFamilies, of: server, at: place,
    "The service \(service.title) is \(wanted), and `\(name)` has no \(wanted) address; the kernel tunnels between families "
      + "only while no sync daemon runs, and this file has `sync`."
  ) {
    "Give `\(name)` an \(wanted) address too, or leave `sync` out."
  }
}

/// The same address and port twice, where one entry names the port that the other has from the service.
func checkRealServersTwice(_ members: [ResolvedMember], _ service: ServiceView, _ faults: FileFaults) {
  guard !members.isEmpty else { return }
  for range in service.ports {
    for port in range.lower...range.upper {
      var seen: [RealServerID: Place] = [:]
      for member in members {
        let id = RealServerID(address: member.address, port: member.port ?? port)
        guard let first = seen.updateValue(member.place, forKey: id) else { continue }
        faults.reportOnce(
          .repeatedRealServer, at: member.place,
          "\(id) is in the service \(service.title) already, on line \(faults.line(of: first))."
        ) {
          "Keep it once, or give the two different ports."
        }
      }
    }
  }
}

// MARK: Kernel services

/// A service that the file asks for and never touches.
func checkIgnored(_ id: ServiceID, by ignored: IgnoredServices.Lookup, at place: Place, _ faults: FileFaults) {
  guard ignored.contains(id) else { return }
  faults.reportOnce(.ignoredService, at: place, "The service \(id) is in the file, and `ignore` leaves it alone.") {
    "Take it out of `ignore`, or write `held_by: external` where another program owns the service."
  }
}
