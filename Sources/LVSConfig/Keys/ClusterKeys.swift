enum TopKey: String, FileKey {
  case name, directors
  case realServers = "real_servers"
  case pools, vips, ignore, vrrp, defaults, services, timeouts, sync, sysctls
  static let owner = "a cluster file"
  static let byWord = table()
  var isRequired: Bool { self == .directors || self == .services }

  var meaning: KeyMeaning {
    switch self {
    case .name: KeyMeaning(.newName, default: "cluster", "The cluster's name.")
    case .directors:
      KeyMeaning(
        .list(.map(.director), atLeast: 1, isSet: false),
        "The machines that balance: the first is the active one, the others are hot standbys.")
    case .realServers:
      KeyMeaning(.list(.map(.realServer), atLeast: 0, isSet: false), "The machines that answer.")
    case .pools:
      KeyMeaning(
        .named(.list(.name(of: "real server"), atLeast: 0, isSet: true)),
        "Names for lists of real servers, which services may use in the place of their names.")
    case .vips:
      KeyMeaning(
        .list(.map(.vip), atLeast: 0, isSet: false), "Options of VIPs, and the VIPs of firewall marks' services.")
    case .ignore:
      KeyMeaning(
        .list(.anyOf([.address, .network, .map(.ignored)]), atLeast: 0, isSet: true),
        "Services that are never lvsctl's, also not with `--prune`, by their addresses, networks or firewall marks.")
    case .vrrp:
      KeyMeaning(
        .map(.vrrp), absent: "`held_by` of each VIP says who moves it",
        "The directors' VRRP, which keepalived speaks: it moves all VIPs, and the roles follow them.")
    case .defaults:
      KeyMeaning(
        .map(.defaults),
        "What services have in common, any key but `vip`, `port` and `fwmark`; a service's own keys go first.")
    case .services:
      KeyMeaning(.list(.map(.service), atLeast: 0, isSet: false), "What clients connect to; `[]` for none.")
    case .timeouts:
      KeyMeaning(
        .map(.timeouts), absent: "left alone", "Connection timeouts of IPVS; what no file named is left alone.")
    case .sync:
      KeyMeaning(
        .map(.sync), absent: "left alone",
        "The connection sync daemon: the master on the active director, the backup on a standby.")
    case .sysctls:
      KeyMeaning(
        .map(.sysctls), absent: "those that the role implies",
        "Sysctls instead of, or beyond, those that a role implies.")
    }
  }
}

enum DirectorKey: String, FileKey {
  case name, address, interface
  static let owner = "a director"
  static let byWord = table()
  var isRequired: Bool { true }

  var meaning: KeyMeaning {
    switch self {
    case .name: KeyMeaning(.newName, "The director's name, for `--node` and for `held_by` of a VIP.")
    case .address: KeyMeaning(.oneOrMore(.address), "The addresses by which the director is recognised.")
    case .interface: KeyMeaning(.interface, "The interface that holds the VIPs.")
    }
  }
}

enum RealServerKey: String, FileKey {
  case name, address, weight, interface
  static let owner = "an entry of `real_servers`"
  static let byWord = table()
  var isRequired: Bool { self == .name || self == .address }

  var meaning: KeyMeaning {
    switch self {
    case .name: KeyMeaning(.newName, "The real server's name, for `--node`, pools and services.")
    case .address:
      KeyMeaning(
        .oneOrMore(.address),
        "Its addresses, at most one of each family; a loopback address is whichever director forwards, itself, by `dr`."
      )
    case .weight:
      KeyMeaning(.integer(KeyRange.weight), default: "1", "A share of the new connections; 0 means no new ones.")
    case .interface:
      KeyMeaning(
        .interface, absent: "`lo`, for tunnels the tunnel device",
        "Where the VIPs go: a device that answers no ARP, such as `lo`, a dummy or a tunnel.")
    }
  }
}

enum VIPKey: String, FileKey {
  case name, address, interface, label, prefix
  case heldBy = "held_by"
  static let owner = "an entry of `vips`"
  static let byWord = table()
  var isRequired: Bool { self == .address }

  var meaning: KeyMeaning {
    switch self {
    case .name: KeyMeaning(.newName, "A name that services may use for the address.")
    case .address:
      KeyMeaning(.address, "The virtual address; with `held_by: external` it may be a director's own.")
    case .interface: KeyMeaning(.interface, absent: "the director's", "The interface on directors.")
    case .label:
      KeyMeaning(
        .label, absent: "`IF:N`, where that is not too long",
        "The label of an IPv4 address on directors; the interface's own name means none.")
    case .prefix:
      KeyMeaning(
        .integer(KeyRange.prefix(.ipv6)), absent: "32 or 128, the address alone",
        "The prefix length of the address on directors; an IPv4 one goes to 32.")
    case .heldBy:
      KeyMeaning(
        .anyOf([.word(KeyWords.vipHolder.map(\.word)), .name(of: "director")]), default: "lvsctl",
        "Who holds the address on directors: the active one, a director by its name as long as it is not demoted, or "
          + "`external`, keepalived or another program that moves it; with `vrrp` it is keepalived for all of them.")
    }
  }
}

enum IgnoreKey: String, FileKey {
  case fwmark
  static let owner = "an entry of `ignore`"
  static let byWord = table()
  var isRequired: Bool { true }

  var meaning: KeyMeaning {
    switch self {
    case .fwmark: KeyMeaning(.integer(KeyRange.fwmark), "The firewall mark of a service that is never lvsctl's.")
    }
  }
}

enum VRRPKey: String, FileKey {
  case id, interface, interval, unicast, preempt, priority
  static let owner = "`vrrp`"
  static let byWord = table()
  var isRequired: Bool { self == .id }

  var meaning: KeyMeaning {
    switch self {
    case .id:
      KeyMeaning(
        .integer(KeyRange.vrrpID), "The virtual router id, which tells the VRRP of clusters on one network apart.")
    case .interface:
      KeyMeaning(.interface, absent: "the director's", "The interface on which directors hear each other.")
    case .interval:
      KeyMeaning(
        .seconds(KeyRange.vrrpInterval), default: "1",
        "The time between two advertisements; a director that is not heard for somewhat more than three of them is "
          + "taken for dead.")
    case .unicast:
      KeyMeaning(
        .boolean, default: "true",
        "Whether directors send to each other's addresses, and not to VRRP's multicast group.")
    case .preempt:
      KeyMeaning(
        .boolean, default: "false",
        "Whether a director that comes back takes the VIPs from one that stands below it in `directors`.")
    case .priority:
      KeyMeaning(
        .integer(KeyRange.vrrpPriority), default: "\(ClusterFile.VRRP.standardPriority)",
        "The priority of the first director; that of each further one is 10 lower, or less where there are many.")
    }
  }
}

enum TimeoutsKey: String, FileKey {
  case tcp
  case tcpFin = "tcp_fin"
  case udp
  static let owner = "`timeouts`"
  static let byWord = table()

  var meaning: KeyMeaning {
    let (value, absent) = (KeyValue.seconds(KeyRange.timeout), "left alone")
    return switch self {
    case .tcp: KeyMeaning(value, absent: absent, "How long an established TCP connection may be silent.")
    case .tcpFin: KeyMeaning(value, absent: absent, "How long a TCP connection is kept after a FIN.")
    case .udp: KeyMeaning(value, absent: absent, "How long a UDP flow may be silent.")
    }
  }
}

enum SyncKey: String, FileKey {
  case interface, id, group, port, ttl, maxlen
  static let owner = "`sync`"
  static let byWord = table()
  var isRequired: Bool { self == .interface }

  var meaning: KeyMeaning {
    switch self {
    case .interface: KeyMeaning(.interface, "The interface on which directors hear each other.")
    case .id:
      KeyMeaning(.integer(KeyRange.syncID), default: "0", "The sync id, which tells clusters on one network apart.")
    case .group: KeyMeaning(.address, absent: "224.0.0.81, the kernel's", "The multicast group of the daemons.")
    case .port: KeyMeaning(.integer(KeyRange.port), absent: "8848, the kernel's", "The UDP port of the daemons.")
    case .ttl: KeyMeaning(.integer(KeyRange.syncTTL), absent: "1, the kernel's", "The multicast time to live.")
    case .maxlen:
      KeyMeaning(
        .integer(KeyRange.syncLength(.ipv4)), absent: "what the interface's MTU allows",
        "The length of messages in bytes; for an IPv6 group it goes to \(KeyRange.syncLength(.ipv6).upperBound).")
    }
  }
}

enum SysctlsKey: String, FileKey {
  case director, standby
  case realServer = "real_server"
  static let owner = "`sysctls`"
  static let byWord = table()

  var meaning: KeyMeaning {
    switch self {
    case .director:
      KeyMeaning(
        .sysctls,
        "Sysctls of an active director below `net.ipv4`, `net.ipv6`, `net.core` and `net.netfilter` alone, unless "
          + "`--any-sysctl` is given; dots in an interface's name stay dots, as in `net.ipv4.conf.bond0.209.rp_filter`."
      )
    case .standby: KeyMeaning(.sysctls, absent: "as `director`", "Sysctls of a standby, as those of a director.")
    case .realServer: KeyMeaning(.sysctls, "Sysctls of a real server, as those of a director.")
    }
  }
}
