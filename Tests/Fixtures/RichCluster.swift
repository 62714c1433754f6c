extension Classic {
  /// A file with every feature that a command has to say.
  package static let rich = """
    name: rich
    directors:
      - { name: director1, address: 192.168.147.6, interface: ens33 }
      - { name: director2, address: 192.168.147.5, interface: ens33 }
    real_servers:
      - { name: web1, address: [192.168.147.4, "2001:db8:147::4"] }
      - { name: web2, address: [192.168.147.3, "2001:db8:147::3"], weight: 3 }
    vips:
      - { address: 192.168.147.101, label: "ens33:shop" }
      - { address: "2001:db8:147::101" }
    sync: { interface: ens33, id: 7, group: 224.0.0.82, port: 8849, ttl: 2, maxlen: 1400 }
    timeouts: { tcp: 1000, udp: 200 }
    sysctls: { director: { net.ipv4.vs.sync_threshold: 3 50 } }
    services:
      - { vip: 192.168.147.100, port: 80, scheduler: sh, scheduler_flags: [sh-port, sh-fallback] }
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
          - { server: web2, tunnel: { type: gue, port: 6080, checksum: remcsum } }
      - { vip: "2001:db8:147::100", port: 80, persistence: { timeout: 60, netmask: 64 }, real_servers: [web1] }
      - { vip: 192.168.147.100, port: 5060, protocol: udp, persistence: { timeout: 60, engine: sip }, real_servers: [web1] }
      - { vip: 192.168.147.100, port: 9000, protocol: sctp, real_servers: [{ server: web2, forward: tun, tunnel: { type: gre } }] }
      - { fwmark: 10, scheduler: fo, real_servers: [web1] }
      - { fwmark: 10, family: ipv6, real_servers: [web2] }

    """
}
