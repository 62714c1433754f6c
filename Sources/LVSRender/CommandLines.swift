import LVSModel
import LVSPlan
import LVSText

extension Plan {
  /// The lines of modprobe(8), sysctl(8), ip(8) and ipvsadm(8) that do what the plan does, in its order.
  ///
  /// They do not sign the addresses they add, so that a later apply does not take those away: ip(8) learned to set
  /// IFA_PROTO only after many releases in use.
  package func writeCommandLines(to sink: inout TextSink) {
    for change in changes {
      for words in change.commands { sink.write(words.map(shellQuoted).joined(separator: " ") + "\n") }
    }
  }
}

extension Collection<NodePlan> {
  /// The lines of each node that has any, below a comment with its name.
  package func writeCommandLines(to sink: inout TextSink) {
    for plan in self where !plan.plan.isEmpty {
      sink.write("# \(Printable(plan.node).text)\n")
      plan.plan.writeCommandLines(to: &sink)
    }
  }
}

extension Change {
  /// The commands of this step, each a list of words; more than one where no single command does it.
  var commands: [[String]] {
    switch self {
    case .module(let name, _): [["modprobe", name]]
    case .sysctl(let name, let difference): difference.after.map { [["sysctl", "-qw", "\(name)=\($0)"]] } ?? []
    case .link(let name, let difference):
      [["ip", "link", "set", name, difference.after?.isUp == true ? "up" : "down"]]
    case .address(let id, let difference): addressCommands(id, difference)
    case .route(let id, let difference):
      [
        ["ip", "route", difference.after == nil ? "del" : "add", "\(id.destination)/\(id.prefixLength)"]
          + ["dev", id.interface, "proto", String(ownershipMark)]
      ]
    case .service(let id, let difference): [serviceCommand(id, difference)]
    case .realServer(let service, let id, let difference): [realServerCommand(service, id, difference)]
    case .timeouts(let difference): [timeoutsCommand(difference)]
    case .syncDaemon(let role, let difference): syncDaemonCommands(role, difference)
    }
  }

  private func addressCommands(_ id: AddressID, _ difference: Difference<AddressSettings>) -> [[String]] {
    let address = ["\(id.address)/\(id.prefixLength)", "dev", id.interface]
    var commands: [[String]] = []
    if difference.before != nil { commands.append(["ip", "addr", "del"] + address) }
    if let after = difference.after {
      let label = after.label.map { ["label", $0] } ?? []
      let ipv6 = id.address.family == .ipv6 ? ["nodad", "preferred_lft", "0"] : []
      commands.append(["ip", "addr", "add"] + address + label + ipv6)
    }
    return commands
  }

  private func serviceCommand(_ id: ServiceID, _ difference: Difference<ServiceSettings>) -> [String] {
    guard let settings = difference.after else { return ["ipvsadm", "-D"] + id.ipvsadmWords }
    var words = ["ipvsadm", difference.before == nil ? "-A" : "-E"] + id.ipvsadmWords
    words += ["-s", settings.scheduler.name]
    let flags = settings.schedulerFlags.words(for: settings.scheduler)
    if !flags.isEmpty { words += ["-b", flags.joined(separator: ",")] }
    if let persistence = settings.persistence { words += persistence.ipvsadmWords }
    return settings.onePacket ? words + ["-o"] : words
  }

  private func realServerCommand(
    _ service: ServiceID, _ id: RealServerID, _ difference: Difference<RealServerSettings>
  ) -> [String] {
    let names = service.ipvsadmWords + ["-r", id.description]
    guard let settings = difference.after else { return ["ipvsadm", "-d"] + names }
    var words = ["ipvsadm", difference.before == nil ? "-a" : "-e"] + names + settings.forward.ipvsadmWords
    words += ["-w", String(settings.weight)]
    if settings.upperThreshold != 0 { words += ["-x", String(settings.upperThreshold)] }
    if settings.lowerThreshold != 0 { words += ["-y", String(settings.lowerThreshold)] }
    return words
  }

  /// A value of 0 leaves a timeout alone (ipvsadm(8), --set).
  private func timeoutsCommand(_ difference: Difference<Timeouts>) -> [String] {
    let after = difference.after ?? Timeouts()
    return ["ipvsadm", "--set"] + [after.tcp, after.tcpFin, after.udp].map { String($0 ?? 0) }
  }

  private func syncDaemonCommands(_ role: SyncRole, _ difference: Difference<SyncDaemon>) -> [[String]] {
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

extension ServiceID {
  /// How ipvsadm(8) names the service: `-t 192.168.147.100:80`, `-f 10 -6`.
  var ipvsadmWords: [String] {
    switch self {
    case .address(let proto, let address, let port):
      switch proto {
      case .tcp: ["-t", address.withPort(port)]
      case .udp: ["-u", address.withPort(port)]
      case .sctp: ["--sctp-service", address.withPort(port)]
      }
    case .fwmark(let mark, let family): ["-f", String(mark)] + (family == .ipv6 ? ["-6"] : [])
    }
  }
}

extension Persistence {
  var ipvsadmWords: [String] {
    var words = ["-p", String(timeout)]
    switch netmask {
    case .ipv4(let bits) where bits != .max: words += ["-M", IPAddress(ipv4: bits).description]
    case .ipv6(let length) where length != 128: words += ["-M", String(length)]
    case .ipv4, .ipv6: break
    }
    return engine.map { words + ["--pe", $0] } ?? words
  }
}

extension ForwardingMethod {
  var ipvsadmWords: [String] {
    switch self {
    case .dr, .local, .bypass: return ["-g"]
    case .nat: return ["-m"]
    // Of no step of a plan: a file cannot want it.
    case .unknown: return []
    case .tun(let tunnel):
      if tunnel == Tunnel() { return ["-i"] }
      var words = ["-i", "--tun-type", tunnel.kind.word]
      if tunnel.kind == .gue { words += ["--tun-port", String(tunnel.port)] }
      switch tunnel.checksum {
      case .none: words.append("--tun-nocsum")
      case .csum: words.append("--tun-csum")
      case .remcsum: words.append("--tun-remcsum")
      }
      return words
    }
  }
}
