import Testing

/// A cluster that works, by hand too, and what breaks it.
struct FaultByHand: Sendable, CustomTestStringConvertible {
  var cluster: ClusterByHand
  /// How many requests are sent: those without an answer take their time.
  var requests = 6
  /// What is done to the machines, in words.
  var words: String
  /// The same for rehearsal and operator; nothing where the file itself is at fault.
  var breaks: @Sendable (Network, [String: Responder]) throws -> Void
  /// Whether the cluster works before.
  var worksBefore = true

  var testDescription: String { words }
}

extension FaultByHand {
  static let all = [
    FaultByHand(cluster: classic("192.168.147.3"), words: "web1 has lost the VIP") { network, _ in
      try network.web1.succeed("ip address delete 192.168.147.100/32 dev lo")
    },
    FaultByHand(
      cluster: classic("192.168.148.3"), words: "web2 is on another network than the director by direct routing",
      breaks: { _, _ in }, worksBefore: false),
    FaultByHand(cluster: nat, words: "the gateway of app1 is the standby") { network, _ in
      try network["app1"].succeed("ip route replace default via 10.0.0.3")
    },
    FaultByHand(cluster: nat, words: "nothing listens on a port of app1") { _, responders in
      try responders["app1"]?.setListening(false, transport: .tcp, port: 8080)
    },
    FaultByHand(cluster: nat, requests: 4, words: "the director by NAT does not forward") { network, _ in
      try network["gateway1"].succeed("sysctl -w net.ipv4.ip_forward=0")
    },
  ]

  /// The classic cluster with web2 at some address.
  private static func classic(_ web2: String) -> ClusterByHand {
    var cluster = ClusterByHand.cluster
    cluster.file = """
      directors: [{ name: director1, address: 192.168.147.6, interface: ens33 }]
      real_servers:
        - { name: web1, address: 192.168.147.4 }
        - { name: web2, address: \(web2) }
      services: [{ vip: 192.168.147.100, port: 80, scheduler: rr }]

      """
    cluster.commands = cluster.commands.map { ($0, $1.replacing("192.168.147.3", with: web2)) }
    if web2 != "192.168.147.3" { cluster.commands.append(("router", "sysctl -w net.ipv4.ip_forward=1")) }
    return cluster
  }

  private static let nat = ClusterByHand(
    name: "NAT",
    file: natCluster,
    director: "gateway1", servers: ["app1": [(.tcp, 8080)], "app2": [(.tcp, 80)]],
    commands: [
      ("gateway2", "sysctl -w net.ipv4.ip_forward=1"),
      (
        "gateway1",
        """
        sysctl -w net.ipv4.ip_forward=1
        ipvsadm -A -t 203.0.113.100:80 -s rr
        ipvsadm -a -t 203.0.113.100:80 -r 10.0.0.11:8080 -m
        ipvsadm -a -t 203.0.113.100:80 -r 10.0.0.12:80 -m
        ip address add 10.0.0.1/32 dev lan0
        ip address add 203.0.113.100/32 dev wan0
        """
      ),
    ],
    services: [ClusterByHand.Service(name: "tcp 203.0.113.100:80", address: "203.0.113.100", port: 80)])
}
