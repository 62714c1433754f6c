import LVSModel

enum ServiceKey: String, FileKey {
  case vip, port
  case `protocol`
  case fwmark, family, scheduler
  case schedulerFlags = "scheduler_flags"
  case forward, tunnel, persistence
  case onePacket = "one_packet"
  case weights
  case heldBy = "held_by"
  case check
  case onFailure = "on_failure"
  case fallback, quorum
  case realServers = "real_servers"
  static let owner = "a service"
  static let byWord = table()

  /// The keys that say which service it is, and have no defaults.
  static let identity: [ServiceKey] = [.vip, .port, .fwmark]

  var meaning: KeyMeaning {
    switch self {
    case .vip:
      KeyMeaning(
        .oneOrMore(.vip), absent: "none, required unless there is `fwmark`",
        "The virtual address, or several: one kernel service each.")
    case .port:
      KeyMeaning(
        .oneOrMore(.port(KeyRange.anyPort)), absent: "none, required with `vip`",
        "The port, or several: one kernel service each; 0 is every port and needs `persistence`.")
    case .protocol:
      KeyMeaning(
        .oneOrMore(.word(TransportProtocol.allCases.map(\.word))), default: TransportProtocol.tcp.word,
        "The transport protocol, or several: one kernel service each.")
    case .fwmark:
      KeyMeaning(
        .oneOrMore(.fwmarks(KeyRange.fwmark)), absent: "none",
        "A firewall mark in the place of `vip`, `port` and `protocol`, or several: one kernel service each.")
    case .family:
      KeyMeaning(
        .word(AddressFamily.allCases.map(\.word)), default: AddressFamily.ipv4.word,
        "The family of the packets with a firewall mark.")
    case .scheduler:
      KeyMeaning(
        .scheduler(Scheduler.known.map(\.name)), default: Scheduler.wlc.name,
        "How real servers are chosen; a name that lvsctl does not know is passed on to the kernel, with a warning.")
    case .schedulerFlags:
      KeyMeaning(
        .list(.word(KeyWords.schedulerFlags.map(\.word)), atLeast: 0, isSet: true),
        "Flags of the scheduler: `sh-…` for `sh`, `mh-…` for `mh`, by their numbers for others.")
    case .forward: .forward(.value("dr"))
    case .tunnel: .tunnel(.words("`ipip`"))
    case .persistence:
      KeyMeaning(
        .anyOf([.seconds(KeyRange.persistence), .map(.persistence)]), "How long a client keeps its real server.")
    case .onePacket:
      KeyMeaning(
        .boolean, default: "false", "Whether each packet is scheduled by itself; for UDP and firewall marks only.")
    case .weights:
      KeyMeaning(
        .word(KeyWords.weights.map(\.word)), default: "fixed",
        "Who owns the weights: this file, or `external`, a health checker; a real server that comes to a service that is "
          + "there then comes with 0.")
    case .heldBy:
      KeyMeaning(
        .word(KeyWords.serviceHolder.map(\.word)), default: "lvsctl",
        "Who owns the service's entries in the table of directors; `external` is another program.")
    case .check:
      .check(
        absent: "none, all real servers serve",
        "What `lvsctld` asks of each real server to know whether it is up; several, \(KeyRange.checks.upperBound) at most, "
          + "must all pass.")
    case .onFailure:
      KeyMeaning(
        .word(KeyWords.onFailure.map(\.word)), default: FailurePolicy.drain.rawValue,
        "What becomes of a real server that is down: `drain` gives it weight 0, so that its connections may go on, and "
          + "`remove` takes it out.")
    case .fallback:
      KeyMeaning(
        .anyOf([.name(of: "real server"), .map(.fallback)]),
        "A real server that serves while no other does, and is not checked.")
    case .quorum:
      KeyMeaning(
        .integer(KeyRange.quorum), default: "1", "How many real servers must be up for the service to count as up.")
    case .realServers:
      KeyMeaning(
        .list(.anyOf([.name(of: "real server"), .name(of: "pool"), .map(.member)]), atLeast: 0, isSet: false),
        absent: "all real servers but the fallback",
        "The real servers of the service, with settings of their own where they need them.")
    }
  }
}

enum MemberKey: String, FileKey {
  case server, port, weight, forward, tunnel
  case upperThreshold = "upper_threshold"
  case lowerThreshold = "lower_threshold"
  case check
  static let owner = "a real server of a service"
  static let byWord = table()
  var isRequired: Bool { self == .server }

  /// The keys of a real server that serves while no other does.
  static let ofFallback: [MemberKey] = allCases.filter { $0 != .check }

  var meaning: KeyMeaning {
    switch self {
    case .server: KeyMeaning(.name(of: "real server"), "The real server.")
    case .port:
      KeyMeaning(
        .integer(KeyRange.port), absent: "the service's", "The port on the real server; another one needs `nat`.")
    case .weight:
      KeyMeaning(
        .integer(KeyRange.weight), absent: "the real server's", "A share of the new connections; 0 means no new ones.")
    case .forward: .forward(.words("the service's"))
    case .tunnel: .tunnel(.words("the service's"))
    case .upperThreshold:
      KeyMeaning(
        .integer(KeyRange.threshold), default: "0", "Connections at which no new ones come; 0 is no limit.")
    case .lowerThreshold:
      KeyMeaning(
        .integer(KeyRange.threshold), default: "0",
        "Connections below which new ones come again; 0 is three quarters of the upper threshold.")
    case .check: .check(absent: "the service's", "What is asked of this real server alone.")
    }
  }
}

enum TunnelKey: String, FileKey {
  case type, port, checksum
  static let owner = "`tunnel`"
  static let byWord = table()

  var meaning: KeyMeaning {
    switch self {
    case .type:
      KeyMeaning(.word(Tunnel.Kind.allCases.map(\.word)), default: Tunnel().kind.word, "The kind of tunnel.")
    case .port:
      KeyMeaning(.integer(KeyRange.port), "The UDP port of GUE; required for it, and only there.")
    case .checksum:
      KeyMeaning(
        .word(Tunnel.Checksum.allCases.map(\.word)), default: Tunnel().checksum.word,
        "Checksums of the outer header: `csum` for `gue` and `gre`, `remcsum` for `gue`.")
    }
  }
}

enum PersistenceKey: String, FileKey {
  case timeout, netmask, engine
  static let owner = "`persistence`"
  static let byWord = table()

  /// 300 seconds is what the manual of ipvsadm(8) promises for a bare -p; the program takes 360.
  static var standardTimeout: UInt32 { 300 }

  var meaning: KeyMeaning {
    switch self {
    case .timeout:
      KeyMeaning(
        .seconds(KeyRange.persistence), default: "\(Self.standardTimeout)",
        "How long a client keeps its real server, counted from its last connection.")
    case .netmask:
      KeyMeaning(
        .anyOf([.netmask, .integer(KeyRange.clientPrefix)]), absent: "each address is a client",
        "Which clients count as one, by a netmask or a prefix length: 0 to 32 for IPv4, with `0.0.0.0` all of them, 1 to "
          + "128 for IPv6.")
    case .engine:
      KeyMeaning(
        .word(KeyWords.engine.map(\.word)), absent: "the client's address",
        "What tells clients apart in its place; `sip` works for UDP.")
    }
  }
}

extension KeyMeaning {
  /// `forward`, of a service and of a real server in it.
  fileprivate static func forward(_ absence: Absence) -> KeyMeaning {
    KeyMeaning(
      .word(KeyWords.forward.map(\.word)), absence,
      "How packets reach the real server: direct routing, address translation, a tunnel.")
  }

  /// `tunnel`, of a service and of a real server in it.
  fileprivate static func tunnel(_ absence: Absence) -> KeyMeaning {
    KeyMeaning(.map(.tunnel), absence, "How packets are wrapped with `forward: tun`.")
  }
}
