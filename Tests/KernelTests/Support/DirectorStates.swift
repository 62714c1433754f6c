/// Cluster files for one director that differ in everything a director can hold.
enum DirectorStates {
  /// The files, each with other services, VIPs, daemons and timeouts.
  static let all: [String] = [
    "services: []",
    """
    services:
      - { vip: 192.168.147.100, port: 80, scheduler: rr }
    """,
    """
    services:
      - { vip: 192.168.147.100, port: 80, scheduler: wrr, real_servers: [web1, { server: web3, weight: 3 }] }
      - { vip: 192.168.147.100, port: 443, scheduler: sh, scheduler_flags: [sh-port], persistence: 300 }
    """,
    """
    sync: { interface: ens33, id: 4 }
    timeouts: { tcp: 600, udp: 60 }
    services:
      - vip: 192.168.147.101
        port: ["8000-8002"]
        real_servers: [{ server: web1, upper_threshold: 100, lower_threshold: 50 }, { server: web2, weight: 0 }]
    """,
    """
    sync: { interface: ens33, id: 6, maxlen: 1400 }
    vips:
      - { name: marked, address: 192.168.147.102 }
    services:
      - { fwmark: 7, scheduler: lc, real_servers: [web2] }
      - { vip: 192.168.147.100, port: 53, protocol: udp, one_packet: true, scheduler: rr }
    """,
    """
    services:
      - { vip: 192.168.147.100, port: 80, forward: nat, real_servers: [{ server: web1, port: 8080 }, web2] }
      - { vip: 192.168.147.101, port: 80, forward: tun, real_servers: [web1, web3] }
    """,
    """
    sync: { interface: ens33, id: 5 }
    timeouts: { tcp: 900 }
    services:
      - { vip: 192.168.147.100, port: [80, 81], scheduler: wlc, real_servers: [web1] }
      - { vip: "2001:db8:147::100", port: 80, real_servers: [web4] }
    """,
  ].map { machines + $0 + "\n" }

  /// Each file with the three that follow it in a circle: twenty-one ways, there and not back.
  static let ways: [(from: String, to: String)] = all.indices.flatMap { index in
    (1...3).map { (from: all[index], to: all[(index + $0) % all.count]) }
  }

  private static let machines = """
    directors:
      - { name: director1, address: 192.168.147.6, interface: ens33 }
    real_servers:
      - { name: web1, address: 192.168.147.4 }
      - { name: web2, address: 192.168.147.3 }
      - { name: web3, address: 192.168.147.2 }
      - { name: web4, address: [192.168.147.1, "2001:db8:147::4"] }

    """
}
