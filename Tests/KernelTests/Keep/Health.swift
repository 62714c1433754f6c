/// A cluster of director1 with web1 and web2, whose services are checked.
enum CheckedCluster {
  static let vip = "192.168.147.100"

  /// The file; `service` is what the service says besides, `others` what the file says besides.
  static func file(
    _ check: String = "{ type: http, interval: 1, timeout: 1, fall: 2, rise: 2 }", _ service: String = "",
    weights: (Int, Int) = (1, 1), servers: String = "web1, web2", others: String = ""
  ) -> String {
    """
    directors:
      - { name: director1, address: 192.168.147.6, interface: ens33 }
    real_servers:
      - { name: web1, address: 192.168.147.4, weight: \(weights.0) }
      - { name: web2, address: 192.168.147.3, weight: \(weights.1) }
      - { name: sorry, address: 192.168.147.5 }
    services:
      - vip: \(vip)
        port: 80
        scheduler: rr
        check: \(check)
        real_servers: [\(servers)]
        \(service)
    \(others)

    """
  }
}
