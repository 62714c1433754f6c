/// What a random cluster is made of: IPVS as a test thinks of it, apart from lvsctl's own types.
///
/// It is written out twice, as a cluster file and as ipvsadm's command lines, by code that shares nothing with lvsctl.
struct IPVSModel {
  var services: [Service] = []
  /// `tcp`, `tcp_fin` and `udp` in seconds; nil is not said.
  var timeouts: [Int?] = [nil, nil, nil]
  var sync: Sync?

  enum Identity: Hashable {
    case address(proto: String, vip: String, port: Int)
    case fwmark(Int, isIPv6: Bool)
  }

  struct Service {
    var identity: Identity
    var scheduler = "rr"
    var flags: [String] = []
    var persistence: Persistence?
    var isOnePacket = false
    var hasExternalWeights = false
    var realServers: [RealServer] = []
  }

  struct Persistence {
    var timeout: Int
    /// An IPv4 netmask in dots or an IPv6 prefix length; nil tells single hosts apart.
    var netmask: String?
    var isSIP = false
  }

  struct RealServer {
    var host: Int
    var isIPv6: Bool
    /// Nil where it is the service's.
    var port: Int?
    var forward = "dr"
    var tunnel = Tunnel()
    var weight = 1
    var upper = 0
    var lower = 0
  }

  struct Tunnel: Equatable {
    var type = "ipip"
    var port: Int?
    var checksum = "none"
  }

  struct Sync {
    var isMaster: Bool
    var id = 0
    var group: String?
    var port: Int?
    var ttl: Int?
    var maxlen: Int?
  }

  /// The addresses of the real server with this number.
  static func address(of host: Int, isIPv6: Bool) -> String {
    isIPv6 ? "2001:db8:1::\(host)" : "10.0.0.\(host)"
  }

  /// The real servers that every file names; the last two have one family each.
  static let hosts = 1...10
  static let onlyIPv4 = 9
  static let onlyIPv6 = 10
}

extension IPVSModel.Identity {
  var isIPv6: Bool {
    switch self {
    case .address(_, let vip, _): vip.contains(":")
    case .fwmark(_, let isIPv6): isIPv6
    }
  }

  var port: Int {
    if case .address(_, _, let port) = self { port } else { 0 }
  }

  /// The id of contract and plan: `tcp 192.168.147.100:80`, `fwmark 10 ipv4`.
  var id: String {
    switch self {
    case .address(let proto, let vip, let port): "\(proto) \(withPort(vip, port))"
    case .fwmark(let mark, let isIPv6): "fwmark \(mark) \(isIPv6 ? "ipv6" : "ipv4")"
    }
  }

  /// `-t 192.168.147.100:80`, `-f 10 -6`
  fileprivate var options: String {
    switch self {
    case .address("tcp", let vip, let port): "-t \(withPort(vip, port))"
    case .address("udp", let vip, let port): "-u \(withPort(vip, port))"
    case .address(_, let vip, let port): "--sctp-service \(withPort(vip, port))"
    case .fwmark(let mark, let isIPv6): "-f \(mark)\(isIPv6 ? " -6" : "")"
    }
  }
}

private func withPort(_ address: String, _ port: Int) -> String {
  address.contains(":") ? "[\(address)]:\(port)" : "\(address):\(port)"
}

extension IPVSModel.RealServer {
  var address: String { IPVSModel.address(of: host, isIPv6: isIPv6) }

  /// `192.168.147.4:80`
  func id(in service: IPVSModel.Identity) -> String { withPort(address, port ?? service.port) }
}

extension IPVSModel {
  /// Every service and real server by the id that a plan gives it.
  var ids: Set<String> {
    var ids: Set<String> = []
    for service in services {
      ids.insert(service.identity.id)
      for server in service.realServers { ids.insert("\(service.identity.id) -> \(server.id(in: service.identity))") }
    }
    return ids
  }

  /// What is there after this file was applied, with `--prune`, to a kernel that held `before`.
  func applied(to before: IPVSModel) -> IPVSModel {
    var result = self
    for index in services.indices where services[index].hasExternalWeights {
      let identity = services[index].identity
      guard let old = before.services.first(where: { $0.identity == identity }) else { continue }
      for position in result.services[index].realServers.indices {
        let id = result.services[index].realServers[position].id(in: identity)
        // One that comes to a service that is there waits for its checker.
        let there = old.realServers.first { $0.id(in: identity) == id }
        result.services[index].realServers[position].weight = there?.weight ?? 0
      }
    }
    result.timeouts = zip(timeouts, before.timeouts).map { $0 ?? $1 }
    if let old = before.sync, sync.map({ old.satisfies($0) }) ?? true { result.sync = old }
    return result
  }

  // MARK: As ipvsadm's command lines

  /// The command lines that build it from nothing, without the word `ipvsadm`.
  var ipvsadm: [String] {
    var lines = ["--set " + timeouts.map { "\($0 ?? 0)" }.joined(separator: " ")]
    for service in services {
      lines.append("-A \(service.identity.options)\(service.options)")
      lines += service.realServers.map {
        "-a \(service.identity.options) -r \($0.id(in: service.identity))\($0.options)"
      }
    }
    if let sync { lines.append("--start-daemon \(sync.options)") }
    return lines
  }

  // MARK: As a cluster file

  /// A cluster file that says it.
  var file: String {
    var lines = ["directors:", "  - { name: director1, address: 192.168.147.6, interface: ens33 }", "real_servers:"]
    for host in Self.hosts {
      let four = Self.address(of: host, isIPv6: false)
      let six = "\"\(Self.address(of: host, isIPv6: true))\""
      let addresses = host == Self.onlyIPv4 ? four : host == Self.onlyIPv6 ? six : "[\(four), \(six)]"
      lines.append("  - { name: rs\(host), address: \(addresses) }")
    }
    lines.append(services.isEmpty ? "services: []" : "services:")
    lines += services.flatMap(\.lines)
    let named = zip(["tcp", "tcp_fin", "udp"], timeouts).compactMap { name, value in value.map { "\(name): \($0)" } }
    if !named.isEmpty { lines.append("timeouts: { \(named.joined(separator: ", ")) }") }
    if let sync { lines.append("sync: \(sync.map)") }
    return lines.joined(separator: "\n") + "\n"
  }
}

extension IPVSModel.Service {
  fileprivate var options: String {
    var text = " -s \(scheduler)"
    if !flags.isEmpty { text += " -b \(flags.joined(separator: ","))" }
    if let persistence {
      text += " -p \(persistence.timeout)"
      if let netmask = persistence.netmask { text += " -M \(netmask)" }
      if persistence.isSIP { text += " --pe sip" }
    }
    return isOnePacket ? text + " -o" : text
  }

  fileprivate var lines: [String] {
    var lines: [String]
    switch identity {
    case .address(let proto, let vip, let port):
      lines = ["  - vip: \"\(vip)\"", "    port: \(port)", "    protocol: \(proto)"]
    case .fwmark(let mark, let isIPv6):
      lines = ["  - fwmark: \(mark)"] + (isIPv6 ? ["    family: ipv6"] : [])
    }
    lines.append("    scheduler: \(scheduler)")
    if !flags.isEmpty { lines.append("    scheduler_flags: [\(flags.joined(separator: ", "))]") }
    if let persistence { lines.append("    persistence: \(persistence.map)") }
    if isOnePacket { lines.append("    one_packet: true") }
    if hasExternalWeights { lines.append("    weights: external") }
    lines.append(realServers.isEmpty ? "    real_servers: []" : "    real_servers:")
    return lines + realServers.map { "      - \($0.map)" }
  }
}

extension IPVSModel.Persistence {
  fileprivate var map: String {
    var parts = ["timeout: \(timeout)"]
    if let netmask { parts.append("netmask: \(netmask)") }
    if isSIP { parts.append("engine: sip") }
    return "{ \(parts.joined(separator: ", ")) }"
  }
}

extension IPVSModel.RealServer {
  fileprivate var options: String {
    var text: String
    switch forward {
    case "nat": text = " -m"
    case "tun": text = " -i\(tunnel.options)"
    default: text = " -g"
    }
    text += " -w \(weight)"
    if upper > 0 { text += " -x \(upper)" }
    if lower > 0 { text += " -y \(lower)" }
    return text
  }

  fileprivate var map: String {
    var parts = ["server: rs\(host)", "weight: \(weight)", "forward: \(forward)"]
    if let port { parts.append("port: \(port)") }
    if forward == "tun" && tunnel != IPVSModel.Tunnel() { parts.append("tunnel: \(tunnel.map)") }
    if upper > 0 { parts.append("upper_threshold: \(upper)") }
    if lower > 0 { parts.append("lower_threshold: \(lower)") }
    return "{ \(parts.joined(separator: ", ")) }"
  }
}

extension IPVSModel.Tunnel {
  fileprivate var options: String {
    var text = " --tun-type \(type)"
    if let port { text += " --tun-port \(port)" }
    switch checksum {
    case "csum": text += " --tun-csum"
    case "remcsum": text += " --tun-remcsum"
    default: break
    }
    return text
  }

  fileprivate var map: String {
    var parts = ["type: \(type)"]
    if let port { parts.append("port: \(port)") }
    if checksum != "none" { parts.append("checksum: \(checksum)") }
    return "{ \(parts.joined(separator: ", ")) }"
  }
}

extension IPVSModel.Sync {
  var role: String { isMaster ? "master" : "backup" }

  /// Whether a daemon that runs so is what a file asks for: what it leaves out may be anything.
  func satisfies(_ wanted: IPVSModel.Sync) -> Bool {
    isMaster == wanted.isMaster && id == wanted.id && (wanted.group == nil || group == wanted.group)
      && (wanted.port == nil || port == wanted.port) && (wanted.ttl == nil || ttl == wanted.ttl)
      && (wanted.maxlen == nil || maxlen == wanted.maxlen)
  }

  fileprivate var options: String {
    var text = "\(role) --mcast-interface ens33 --syncid \(id)"
    if let maxlen { text += " --sync-maxlen \(maxlen)" }
    if let group { text += " --mcast-group \(group)" }
    if let port { text += " --mcast-port \(port)" }
    if let ttl { text += " --mcast-ttl \(ttl)" }
    return text
  }

  fileprivate var map: String {
    var parts = ["interface: ens33", "id: \(id)"]
    if let group { parts.append("group: \"\(group)\"") }
    if let port { parts.append("port: \(port)") }
    if let ttl { parts.append("ttl: \(ttl)") }
    if let maxlen { parts.append("maxlen: \(maxlen)") }
    return "{ \(parts.joined(separator: ", ")) }"
  }
}
