import LVSText

/// What other programs call a thing of the cluster file: keepalived.conf(5), ldirectord(8), ipvsadm(8), kube-proxy.
enum PeerWords {
  /// Where an unknown word stands.
  enum Place {
    /// In the place of a key of such a map, by ``FileKey/owner``.
    case key(of: String)
    /// In the place of a value of this key.
    case value(of: String)
  }

  /// A whole sentence on what to write for a peer's word, and the words of this very place that it stands for; nil for
  /// a word that is no peer's.
  static func meaning(of word: String, as place: Place) -> (help: Message, words: [String])? {
    guard word.utf8.count <= Suggestion.wordLimit else { return nil }
    let word = folded(word)
    switch place {
    case .value(let key):
      guard let value = values[key]?[word] else { return nil }
      return (value.help ?? "Write `\(value.word)`.", [value.word])
    case .key(let owner):
      let meant = keys[word]?.filter { $0.owners?.contains(owner) != false } ?? []
      guard let key = meant.first(where: { $0.home?.owners.contains(owner) == true }) ?? meant.first else { return nil }
      guard let home = key.home else { return ("\(key.detail)", []) }
      let names = key.words.map { "`\($0)`" }.joined(separator: " and ")
      let detail = key.detail.isEmpty ? "" : ", as in `\(key.detail)`"
      guard home.owners.contains(owner) else { return ("Write \(names) in \(home.place)\(detail).", []) }
      return ("The \(key.words.count == 1 ? "key here is" : "keys here are") \(names)\(detail).", key.words)
    }
  }

  /// Letter case, and `-` against `_`, make no other word.
  private static func folded(_ word: String) -> String {
    String(word.lowercased().map { $0 == "-" || $0 == " " ? "_" : $0 })
  }

  // MARK: Values

  private struct Value {
    var word: String
    var help: Message?
  }

  private static let values: [String: [String: Value]] = [
    "forward": table([
      (
        "dr", nil,
        [
          "direct", "droute", "gate", "gatewaying", "gateway", "route", "routing", "direct_routing", "directrouting",
          "drouting", "lvs_dr", "vs_dr", "g", "_g",
        ]
      ),
      ("nat", nil, ["masq", "masquerading", "masquerade", "m", "_m", "dnat", "snat", "lvs_nat", "vs_nat"]),
      (
        "nat", "The kernel's IPVS has no full NAT; write `nat`, and let the real servers route back by the director.",
        ["fullnat"]
      ),
      ("tun", nil, ["tunnel", "tunneling", "tunnelling", "i", "_i", "lvs_tun", "vs_tun"]),
      ("tun", "Write `tun`, which is `ipip` unless `tunnel` says otherwise.", ["ipip"]),
      ("tun", "Write `forward: tun` and the `type` in `tunnel`.", ["gue", "gre"]),
      ("dr", "Write `dr`; a real server with a loopback address is the director itself.", ["local", "localnode"]),
    ]),
    "scheduler": table([
      ("rr", nil, ["round_robin", "roundrobin"]),
      ("wrr", nil, ["weighted_round_robin", "weighted_roundrobin", "weightedroundrobin", "static_rr"]),
      (
        "lc", nil,
        ["least_connection", "least_connections", "leastconnection", "leastconnections", "leastconn", "least_conn"]
      ),
      (
        "wlc", nil,
        [
          "weighted_least_connection", "weighted_least_connections", "weightedleastconnection",
          "weightedleastconnections", "weighted_leastconn",
        ]
      ),
      ("lblc", nil, ["locality_based_least_connection", "locality_based_least_connections"]),
      ("dh", nil, ["destination_hash", "destination_hashing", "destinationhashing"]),
      ("sh", nil, ["source_hash", "source_hashing", "sourcehashing", "source", "ip_hash", "iphash"]),
      ("mh", nil, ["maglev", "maglev_hash", "maglev_hashing"]),
      ("sed", nil, ["shortest_expected_delay"]),
      ("nq", nil, ["never_queue"]),
      ("fo", nil, ["failover", "weighted_failover"]),
      ("ovf", nil, ["overflow", "weighted_overflow"]),
      ("twos", nil, ["power_of_two", "power_of_twos", "random"]),
    ]),
    "protocol": table([
      ("tcp", nil, ["6"]), ("udp", nil, ["17"]), ("sctp", nil, ["132"]),
      ("tcp", "Write `[tcp, udp]` for two services.", ["both", "tcp_udp", "tcp/udp", "any", "all"]),
      ("tcp", "Leave `protocol` out, and write `fwmark: N` instead of `vip` and `port`.", ["fwm", "fwmark"]),
    ]),
    "family": table([("ipv4", nil, ["inet", "4"]), ("ipv6", nil, ["inet6", "6"])]),
    "held_by": table([("external", nil, ["keepalived", "vrrp", "vrrpd", "heartbeat", "pacemaker", "ldirectord"])]),
    "weights": table([("external", nil, ["keepalived", "ldirectord", "dynamic", "checker"])]),
    "type": checks, "check": checks,
    "on_failure": table([
      ("drain", nil, ["quiescent", "quiesce", "inhibit", "0", "weight_0"]), ("remove", nil, ["delete", "out"]),
    ]),
    "checksum": table([("none", nil, ["nocsum", "no"])]),
  ]

  /// How a real server is asked.
  private static let checks = table([
    ("tcp", nil, ["connect", "tcp_check", "l4"]), ("http", nil, ["http_get", "l7"]),
    ("http", "Write the protocol, as in `http`, or `exec` with a program that speaks it.", ["negotiate"]),
    ("https", nil, ["ssl_get", "ssl", "tls"]), ("udp", nil, ["udp_check"]),
    ("exec", nil, ["misc_check", "external", "external_perl", "script", "command", "program"]),
    (
      "exec", "Write `exec` with a program that asks so.",
      [
        "ping", "icmp", "dns", "smtp", "ftp", "imap", "imaps", "pop", "pops", "ldap", "nntp", "mysql", "pgsql",
        "oracle", "sip",
        "radius", "simpletcp",
      ]
    ),
    ("none", nil, ["off", "false", "no"]), ("tcp", "Name the way to ask, as in `tcp`.", ["on", "true", "yes"]),
  ])

  private static func table(_ entries: [(word: String, help: Message?, peers: [String])]) -> [String: Value] {
    var table: [String: Value] = [:]
    for entry in entries {
      for peer in entry.peers { table[peer] = Value(word: entry.word, help: entry.help) }
    }
    return table
  }

  // MARK: Keys

  /// Maps of the cluster file that have a key.
  private struct Home {
    /// Each map's ``FileKey/owner``.
    var owners: [String]
    /// Where they are, seen from elsewhere.
    var place: String

    init(_ owners: String..., place: String? = nil) {
      self.owners = owners
      self.place = place ?? owners[0]
    }
  }

  private struct Key {
    /// Where the file has the word, or nil where it has none and ``detail`` is the whole sentence.
    var home: Home?
    /// The keys of the file that the word stands for.
    var words: [String]
    /// An example, or the sentence.
    var detail: String
    /// The maps in whose place of a key it is a peer's word, where in others it may be a slip.
    var owners: [String]?
  }

  private static let keys: [String: [Key]] = {
    var table: [String: [Key]] = [:]
    func add(
      _ home: Home, _ words: [String], _ detail: String = "", for peers: String, onlyThere owners: [String]? = nil
    ) {
      for peer in peers.split(separator: " ") {
        table[String(peer), default: []].append(Key(home: home, words: words, detail: detail, owners: owners))
      }
    }
    func say(_ sentence: String, of peers: String) {
      for peer in peers.split(separator: " ") {
        table[String(peer), default: []].append(Key(home: nil, words: [], detail: sentence))
      }
    }
    let top = Home(TopKey.owner, place: "the cluster file itself")
    let service = Home(ServiceKey.owner)
    let marked = Home(ServiceKey.owner, IgnoreKey.owner)
    let forwarded = Home(ServiceKey.owner, MemberKey.owner)
    let servers = Home(ServiceKey.owner, TopKey.owner)
    let addressed = Home(
      DirectorKey.owner, RealServerKey.owner, VIPKey.owner, place: "an entry of `directors`, `real_servers` or `vips`")
    let listed = Home(VIPKey.owner)
    let persistence = Home(PersistenceKey.owner)
    let member = Home(MemberKey.owner, place: "the entry of a real server in a service")
    let tunnel = Home(TunnelKey.owner)
    let timeouts = Home(TimeoutsKey.owner)
    let sync = Home(SyncKey.owner)
    let vrrp = Home(VRRPKey.owner)
    let checked = Home(ServiceKey.owner, MemberKey.owner)
    let check = Home(CheckKey.owner)

    add(
      top, ["services"], "services: [{ vip: 192.168.147.100, port: 80 }]",
      for: "virtual_server virtual_servers virtual_server_group")
    add(top, ["vips"], "vips: [{ address: 192.168.147.100 }]", for: "virtual_ipaddress virtual_ipaddress_excluded")
    add(top, ["ignore"], "ignore: [10.96.0.0/12]", for: "excludecidrs exclude_cidrs")
    add(top, ["sync"], "sync: { interface: eth1 }", for: "lvs_sync_daemon start_daemon sync_daemon")
    add(top, ["timeouts"], "timeouts: { tcp: 900, tcp_fin: 120, udp: 300 }", for: "lvs_timeouts set")
    add(timeouts, ["tcp"], for: "tcptimeout tcp_timeout")
    add(timeouts, ["tcp_fin"], for: "tcpfintimeout tcp_fin_timeout tcpfin")
    add(timeouts, ["udp"], for: "udptimeout udp_timeout")
    add(sync, ["id"], for: "syncid sync_id")
    add(sync, ["interface"], for: "mcast_interface lvs_sync_interface")
    add(sync, ["group"], for: "mcast_group")
    add(sync, ["port"], for: "mcast_port")
    add(sync, ["ttl"], for: "mcast_ttl")
    add(sync, ["maxlen"], for: "sync_maxlen")

    add(service, ["vip", "port"], "{ vip: 192.168.147.100, port: 80 }", for: "virtual tcp_service listen bind")
    add(
      service, ["vip", "port"], "{ vip: 192.168.147.100, port: 53, protocol: udp }", for: "udp_service")
    add(service, ["vip", "port"], "{ vip: 192.168.147.100, port: 2905, protocol: sctp }", for: "sctp_service")
    add(
      service, ["vip"], "vip: 192.168.147.100", for: "virtual_address clusterip externalip externalips loadbalancerip")
    add(marked, ["fwmark"], "fwmark: 10", for: "fwmark_service fwm fw_mark mark")
    add(service, ["family"], for: "ip_family address_family ipfamily ipfamilies af")
    add(service, ["scheduler"], "scheduler: wrr", for: "lb_algo lvs_sched sched algo algorithm scheduling balance")
    add(
      service, ["scheduler_flags"], "scheduler: sh, scheduler_flags: [sh-port, sh-fallback]",
      for: "sched_flags sh_port sh_fallback mh_port mh_fallback flag_1 flag_2 flag_3")
    add(
      forwarded, ["forward"], "forward: dr",
      for: "lb_kind lvs_method forward_method forwarding forwarding_method packet_forwarding_method")
    add(forwarded, ["forward"], "forward: dr", for: "gate gatewaying direct direct_routing dr")
    add(forwarded, ["forward"], "forward: nat", for: "masq masquerading masquerade nat")
    add(forwarded, ["forward"], "forward: tun", for: "ipip tun tunneling tunnelling")
    add(forwarded, ["tunnel"], "tunnel: { type: gue, port: 6080 }", for: "gue gre")
    add(tunnel, ["type"], for: "tun_type tunnel_type")
    add(tunnel, ["port"], for: "tun_port tunnel_port")
    add(tunnel, ["checksum"], "checksum: csum", for: "tun_nocsum tun_csum tun_remcsum csum nocsum remcsum")
    add(
      service, ["persistence"], "persistence: 300",
      for: "persistence_timeout persistent sessionaffinity session_affinity sticky stickiness affinity")
    add(
      persistence, ["netmask"], "persistence: { timeout: 300, netmask: 24 }",
      for: "persistence_granularity granularity netmask")
    add(persistence, ["engine"], "persistence: { engine: sip }", for: "persistence_engine pe pe_name engine")
    add(service, ["one_packet"], "one_packet: true", for: "ops onepacket one_packet_scheduling")
    add(
      servers, ["real_servers"],
      for: "real real_server backend backends endpoints members servers upstream")
    add(member, ["upper_threshold"], for: "uthreshold u_threshold upperthreshold maxconn")
    add(member, ["lower_threshold"], for: "lthreshold l_threshold lowerthreshold")
    add(member, ["port"], "{ server: web1, forward: nat, port: 8080 }", for: "targetport target_port")
    add(member, ["weight"], "{ server: web1, weight: 2 }", for: "weight")

    add(addressed, ["address"], for: "ip ipaddress ipaddr ip_address addr host hostname")
    add(
      service, ["vip"], "vip: 192.168.147.100", for: "ip ipaddress ipaddr ip_address addr address host",
      onlyThere: service.owners)
    add(
      member, ["server"], "{ server: web1 }", for: "ip ipaddress ipaddr ip_address addr address host hostname name",
      onlyThere: member.owners)
    add(listed, ["address"], for: "vip", onlyThere: listed.owners)
    add(
      service, ["vip"], "{ vip: 192.168.147.100, port: 80 }", for: "vip",
      onlyThere: [DirectorKey.owner, RealServerKey.owner])
    let listedServer = [RealServerKey.owner]
    add(member, ["port"], "{ server: web1, forward: nat, port: 8080 }", for: "port", onlyThere: listedServer)
    add(forwarded, ["forward"], "forward: nat", for: "forward", onlyThere: listedServer)
    add(checked, ["check"], "check: tcp", for: "check", onlyThere: listedServer)
    add(listed, ["name"], "vips: [{ name: web, address: 192.168.147.100 }]", for: "name", onlyThere: service.owners)
    add(addressed, ["interface"], for: "dev device iface nic")
    add(listed, ["prefix"], "prefix: 24", for: "prefixlen prefix_length cidr mask netmask_bits")
    add(listed, ["held_by"], "held_by: external", for: "holder owner managed_by")
    add(top, ["vrrp"], "vrrp: { id: 51 }", for: "vrrp_instance vrrp_sync_group keepalived failover ha")
    add(vrrp, ["id"], "vrrp: { id: 51 }", for: "virtual_router_id vrid router_id")
    add(vrrp, ["interval"], "vrrp: { id: 51, interval: 1 }", for: "advert_int advertisement_interval")
    add(vrrp, ["priority"], "vrrp: { id: 51, priority: 150 }", for: "priority")
    add(vrrp, ["preempt"], "vrrp: { id: 51, preempt: true }", for: "preempt nopreempt")
    add(vrrp, ["unicast"], "vrrp: { id: 51, unicast: true }", for: "unicast unicast_peer unicast_src_ip multicast")
    say(
      "Leave it out: `lvsctl export keepalived --vrrp` writes it for each director, from what the file has already.",
      of: "state authentication track_interface global_defs notify notify_master notify_backup garp_master_refresh "
        + "virtual_routes vrrp_strict use_vmac")
    add(
      checked, ["check"], "check: { type: http, path: /healthz, status: 200 }",
      for: "http_get health_check healthcheck readinessprobe livenessprobe monitor checks")
    add(checked, ["check"], "check: { type: https, host: www.example.com }", for: "ssl_get")
    add(checked, ["check"], "check: tcp", for: "tcp_check")
    add(checked, ["check"], "check: { type: udp, send: ping, expect: pong }", for: "udp_check")
    add(
      checked, ["check"], "check: { type: exec, command: [/usr/local/bin/check-web] }",
      for: "misc_check external_check smtp_check dns_check ping_check bfd_check file_check")
    add(check, ["type"], "check: { type: http }", for: "checktype check_type")
    add(check, ["type"], "check: { type: http }", for: "service", onlyThere: checked.owners)
    add(check, ["path"], "check: { type: http, path: /healthz }", for: "request url uri url_path")
    add(check, ["host"], "check: { type: http, host: www.example.com }", for: "virtualhost virtual_host")
    add(check, ["status"], "check: { type: http, status: 200-299 }", for: "status_code")
    add(check, ["body"], "check: { type: http, body: ok }", for: "receive regex digest")
    add(check, ["expect"], "check: { type: udp, send: ping, expect: pong }", for: "require_reply")
    add(check, ["send"], "check: { type: udp, send: ping }", for: "payload")
    add(
      check, ["command"], "check: { type: exec, command: [/usr/local/bin/check-web] }",
      for: "misc_path checkcommand")
    add(check, ["port"], "check: { type: tcp, port: 8080 }", for: "checkport connect_port check_port")
    add(check, ["address"], "check: { type: tcp, address: 192.168.147.4 }", for: "connect_ip")
    add(check, ["interval"], "check: { type: tcp, interval: 5 }", for: "delay_loop checkinterval check_interval inter")
    add(
      check, ["timeout"], "check: { type: tcp, timeout: 3 }",
      for: "connect_timeout checktimeout negotiatetimeout misc_timeout")
    add(
      check, ["fall"], "check: { type: tcp, fall: 3 }", for: "retry nb_get_retry checkcount failurecount")
    add(check, ["rise"], "check: { type: tcp, rise: 2 }", for: "success_count")
    add(
      service, ["on_failure"], "on_failure: drain", for: "inhibit_on_failure quiescent quiesce quiescentcheck")
    add(
      service, ["fallback"], "fallback: sorry", for: "sorry_server sorry_server_inhibit sorry_server_lvs_method backup")
    say(
      "A failed check is made again after `interval`, and `fall` of them in a row take a real server out.",
      of: "delay_before_retry retry_interval")
    say(
      "Leave it out: a real server serves until it has failed `fall` checks, and first checks are spread over the interval.",
      of: "alpha omega warmup hysteresis")
    say("Leave it out: `http` and `https` ask by GET.", of: "httpmethod http_method")
    say(
      "What takes a name, a password or a question of its own is a program's to check: write "
        + "`check: { type: exec, command: [/usr/local/bin/check-web] }`.",
      of: "login passwd database secret load")
    say(
      "No program is started and no mail sent when a real server goes down or comes back; log and metrics tell of it.",
      of: "quorum_up quorum_down notify_up notify_down fallbackcommand emailalert emailalertfreq emailalertstatus "
        + "emailalertfrom")
    say(
      "Leave it out: the table stays as it is when the program that checks ends, and the file is read again when it is "
        + "told to.",
      of: "cleanstop autoreload readdquiescent")
    say(
      "Real servers are mute to ARP without a key of the file: `apply` sets the sysctls on each.",
      of: "strictarp strict_arp")
    say("Leave it out: one run of `apply` is one comparison, whenever it is run.", of: "syncperiod minsyncperiod")
    return table
  }()
}
