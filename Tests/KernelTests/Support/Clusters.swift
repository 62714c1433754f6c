/// Cluster files that the tests share.
enum Clusters {
  /// The smallest useful file, with the classic machines.
  static let classic = classic()

  /// The classic file with something else in its place.
  static func classic(scheduler: String = "rr", interface: String = "ens33") -> String {
    """
    directors:
      - { name: director1, address: 192.168.147.6, interface: \(interface) }
      - { name: director2, address: 192.168.147.5, interface: \(interface) }

    real_servers:
      - { name: web1, address: 192.168.147.4 }
      - { name: web2, address: 192.168.147.3 }

    services:
      - { vip: 192.168.147.100, port: 80, scheduler: \(scheduler) }

    """
  }

  /// The classic cluster with an IPv6 VIP beside the other.
  static let dualStack = """
    directors:
      - { name: director1, address: [192.168.147.6, "2001:db8:147::6"], interface: ens33 }
      - { name: director2, address: [192.168.147.5, "2001:db8:147::5"], interface: ens33 }

    real_servers:
      - { name: web1, address: [192.168.147.4, "2001:db8:147::4"] }
      - { name: web2, address: [192.168.147.3, "2001:db8:147::3"] }

    services:
      - { vip: 192.168.147.100, port: 80, scheduler: rr }
      - { vip: "2001:db8:147::100", port: 80, scheduler: rr }

    """

  /// Every feature that a command line has to say, for the machines of `dualStack`.
  static let rich = """
    directors:
      - { name: director1, address: [192.168.147.6, "2001:db8:147::6"], interface: ens33 }
      - { name: director2, address: [192.168.147.5, "2001:db8:147::5"], interface: ens33 }
    real_servers:
      - { name: web1, address: [192.168.147.4, "2001:db8:147::4"] }
      - { name: web2, address: [192.168.147.3, "2001:db8:147::3"], weight: 3 }
    vips:
      - { address: 192.168.147.101, label: "ens33:shop" }
      - { address: "2001:db8:147::101" }
    sync: { interface: ens33, id: 7, group: 224.0.0.82, port: 8849, ttl: 2, maxlen: 1400 }
    timeouts: { tcp: 1000, udp: 200 }
    sysctls: { director: { net.ipv4.vs.sync_threshold: 3 50, net.ipv4.vs.conntrack: 1 } }
    services:
      - { vip: 192.168.147.100, port: [80, 8000-8002], scheduler: sh, scheduler_flags: [sh-port, sh-fallback] }
      - vip: 192.168.147.100
        port: 53
        protocol: udp
        forward: nat
        one_packet: true
        real_servers: [{ server: web1, port: 5353, weight: 9, upper_threshold: 100, lower_threshold: 50 }]
      - vip: 192.168.147.100
        port: 443
        forward: tun
        persistence: { timeout: 600, netmask: 24 }
        real_servers:
          - web1
          - { server: web2, tunnel: { type: gue, port: 6080, checksum: csum } }
      - { vip: "2001:db8:147::100", port: 80, persistence: { timeout: 60, netmask: 64 }, real_servers: [web1] }
      - { vip: 192.168.147.100, port: 0, persistence: 60, real_servers: [web1] }
      - { vip: 192.168.147.100, port: 9000, protocol: sctp, real_servers: [{ server: web2, forward: tun, tunnel: { type: gre } }] }
      - { fwmark: 10, scheduler: fo, real_servers: [web1] }
      - { fwmark: 10, family: ipv6, real_servers: [web2] }

    """

  /// The machines of `rich` with nearly everything else.
  static let otherRich =
    rich
    .replacing("id: 7, group: 224.0.0.82, port: 8849, ttl: 2, maxlen: 1400", with: "id: 8")
    .replacing("ens33:shop", with: "ens33:post")
    .replacing("tcp: 1000, udp: 200", with: "tcp_fin: 50")
    .replacing(
      "scheduler: sh, scheduler_flags: [sh-port, sh-fallback]", with: "scheduler: mh, scheduler_flags: [mh-port]"
    )
    .replacing("forward: nat\n    one_packet: true", with: "forward: dr")
    .replacing("weight: 9, upper_threshold: 100, lower_threshold: 50", with: "weight: 0, upper_threshold: 7")
    .replacing("port: 5353, weight: 0", with: "weight: 0")
    .replacing("type: gue, port: 6080, checksum: csum", with: "type: gre, checksum: csum")
    .replacing("timeout: 600, netmask: 24", with: "timeout: 601, netmask: 16")
    .replacing("netmask: 64", with: "netmask: 48")
    .replacing("192.168.147.101", with: "192.168.147.102")
    .replacing("weight: 3", with: "weight: 4")
    .replacing("- { fwmark: 10, scheduler: fo", with: "- { fwmark: 11, scheduler: nq")
}
