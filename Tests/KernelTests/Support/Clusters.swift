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
}
