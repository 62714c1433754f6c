import TestSupport

extension ClusterByHand {
  /// The examples, as an operator who has read them sets them up.
  static let examples = [cluster, dns, failover, fwmark, ipv6, nat, pools, sync, tunnel]

  private static func example(
    _ name: String, director: String, servers: [String: [(Transport, UInt16)]],
    commands: [(machine: String, script: String)], services: [Service], requests: Int = 40
  ) -> ClusterByHand {
    guard let bytes = try? contents(of: "\(projectFolder)/Examples/\(name).conf") else {
      preconditionFailure("Examples/\(name).conf cannot be read")
    }
    return ClusterByHand(
      name: name, file: String(decoding: bytes, as: UTF8.self), director: director, servers: servers,
      commands: commands,
      services: services, requests: requests)
  }

  /// A real server by direct routing: no ARP for the VIPs, which are on its loopback device.
  static func holding(_ vips: String...) -> String {
    """
    sysctl -w net.ipv4.conf.all.arp_ignore=1
    sysctl -w net.ipv4.conf.all.arp_announce=2
    for vip in \(vips.joined(separator: " ")); do ip address add $vip dev lo; done
    """
  }

  private static let clients = """
    for number in 1 2; do ip address add 198.18.$number.1/32 dev lo; done
    """
  private static let clients6 = """
    for number in 1 2; do ip address add 2001:2:0:$number::1/128 dev lo nodad; done
    """

  static let cluster = example(
    "cluster", director: "director1", servers: ["web1": [(.tcp, 80)], "web2": [(.tcp, 80)]],
    commands: [
      ("web1", holding("192.168.147.100/32")),
      ("web2", holding("192.168.147.100/32")),
      (
        "director1",
        """
        ipvsadm -A -t 192.168.147.100:80 -s rr
        ipvsadm -a -t 192.168.147.100:80 -r 192.168.147.4:80 -g
        ipvsadm -a -t 192.168.147.100:80 -r 192.168.147.3:80 -g
        ip address add 192.168.147.100/32 dev ens33
        """
      ),
    ],
    services: [Service(name: "tcp 192.168.147.100:80", address: "192.168.147.100", port: 80)])

  static let dns = example(
    "dns", director: "director1",
    servers: ["ns1": [(.udp, 53), (.tcp, 53)], "ns2": [(.udp, 53), (.tcp, 53)], "ns3": [(.udp, 53), (.tcp, 53)]],
    commands: [
      ("ns1", holding("10.0.53.53/32")),
      ("ns2", holding("10.0.53.53/32")),
      ("ns3", holding("10.0.53.53/32")),
      (
        "director1",
        """
        ipvsadm -A -u 10.0.53.53:53 -s rr -o
        ipvsadm -A -t 10.0.53.53:53 -s rr
        for server in 10.0.53.11 10.0.53.12 10.0.53.13; do
          ipvsadm -a -u 10.0.53.53:53 -r $server:53 -g
          ipvsadm -a -t 10.0.53.53:53 -r $server:53 -g
        done
        ipvsadm --set 0 0 30
        ip address add 10.0.53.53/32 dev eth0
        """
      ),
    ],
    services: [
      Service(name: "udp 10.0.53.53:53", address: "10.0.53.53", port: 53, transport: .udp),
      Service(name: "tcp 10.0.53.53:53", address: "10.0.53.53", port: 53),
    ],
    // Each datagram by hand takes two processes.
    requests: 12)

  static let fwmark = example(
    "fwmark", director: "director1", servers: ["web1": [(.tcp, 80)], "web2": [(.tcp, 80)]],
    commands: [
      ("client", clients),
      ("web1", holding("192.168.147.100/32")),
      ("web2", holding("192.168.147.100/32")),
      (
        "director1",
        """
        iptables-legacy -t mangle -A PREROUTING -d 192.168.147.100 -p tcp --dport 80 -j MARK --set-mark 10
        iptables-legacy -t mangle -A PREROUTING -d 192.168.147.100 -p tcp --dport 443 -j MARK --set-mark 10
        ipvsadm -A -f 10 -s wlc -p 900
        ipvsadm -a -f 10 -r 192.168.147.4 -g
        ipvsadm -a -f 10 -r 192.168.147.3 -g
        ip address add 192.168.147.100/32 dev ens33
        """
      ),
    ],
    services: [Service(name: "fwmark 10 ipv4", address: "192.168.147.100", port: 80, shares: .persistent)])

  static let ipv6 = example(
    "ipv6", director: "director1",
    servers: [
      "web1": [(.tcp, 80), (.tcp, 443), (.tcp, 8443)], "web2": [(.tcp, 80), (.tcp, 443), (.tcp, 8443)],
    ],
    commands: [
      ("client", clients6),
      ("web1", holding("192.0.2.100/32", "2001:db8::100/128")),
      ("web2", holding("192.0.2.100/32", "2001:db8::100/128")),
      (
        "director1",
        """
        for port in 80 443; do
          ipvsadm -A -t 192.0.2.100:$port -s wrr
          ipvsadm -a -t 192.0.2.100:$port -r 192.0.2.11:$port -g
          ipvsadm -a -t 192.0.2.100:$port -r 192.0.2.12:$port -g
          ipvsadm -A -t [2001:db8::100]:$port -s wrr
          ipvsadm -a -t [2001:db8::100]:$port -r [2001:db8::11]:$port -g
          ipvsadm -a -t [2001:db8::100]:$port -r [2001:db8::12]:$port -g
        done
        ipvsadm -A -t [2001:db8::100]:8443 -s wlc -p 600 -M 64
        ipvsadm -a -t [2001:db8::100]:8443 -r [2001:db8::11]:8443 -g
        ipvsadm -a -t [2001:db8::100]:8443 -r [2001:db8::12]:8443 -g
        ip address add 192.0.2.100/32 dev eth0
        ip address add 2001:db8::100/128 dev eth0 nodad
        """
      ),
    ],
    services: [
      Service(name: "tcp 192.0.2.100:80", address: "192.0.2.100", port: 80),
      Service(name: "tcp 192.0.2.100:443", address: "192.0.2.100", port: 443),
      Service(name: "tcp [2001:db8::100]:80", address: "2001:db8::100", port: 80),
      Service(name: "tcp [2001:db8::100]:443", address: "2001:db8::100", port: 443),
      Service(name: "tcp [2001:db8::100]:8443", address: "2001:db8::100", port: 8443, shares: .persistent),
    ])

  static let nat = example(
    "nat", director: "gateway1",
    servers: ["app1": [(.tcp, 8080), (.tcp, 8081), (.tcp, 443)], "app2": [(.tcp, 8080), (.tcp, 443)]],
    commands: [
      (
        "gateway1",
        """
        sysctl -w net.ipv4.ip_forward=1
        ipvsadm -A -t 203.0.113.100:80 -s wlc
        ipvsadm -a -t 203.0.113.100:80 -r 10.0.0.11:8080 -m
        ipvsadm -a -t 203.0.113.100:80 -r 10.0.0.11:8081 -m
        ipvsadm -a -t 203.0.113.100:80 -r 10.0.0.12:8080 -m -w 2
        ipvsadm -A -t 203.0.113.100:443 -s wlc
        ipvsadm -a -t 203.0.113.100:443 -r 10.0.0.11:443 -m
        ipvsadm -a -t 203.0.113.100:443 -r 10.0.0.12:443 -m
        ip address add 10.0.0.1/32 dev lan0
        ip address add 203.0.113.100/32 dev wan0
        """
      )
    ],
    services: [
      Service(name: "tcp 203.0.113.100:80", address: "203.0.113.100", port: 80, shares: .similar),
      Service(name: "tcp 203.0.113.100:443", address: "203.0.113.100", port: 443, shares: .similar),
    ])

  /// A real server by tunnel: no ARP for the VIP, which is on the device; packets of clients come out of it.
  private static func tunneled(_ device: String, _ module: String) -> String {
    """
    modprobe \(module)
    ip link set \(device) up
    sysctl -w net.ipv4.conf.all.arp_ignore=1
    sysctl -w net.ipv4.conf.all.arp_announce=2
    sysctl -w net.ipv4.conf.all.rp_filter=0
    sysctl -w net.ipv4.conf.\(device).rp_filter=0
    ip address add 198.51.100.100/32 dev \(device)

    """
  }

  static let tunnel = example(
    "tunnel", director: "director1",
    servers: ["berlin": [(.tcp, 80), (.tcp, 443)], "lisbon": [(.tcp, 80), (.tcp, 443)], "vienna": [(.tcp, 80)]],
    commands: [
      (
        "router",
        """
        sysctl -w net.ipv4.ip_forward=1
        sysctl -w net.ipv6.conf.all.forwarding=1
        """
      ),
      (
        "berlin",
        tunneled("tunl0", "ipip")
          + """
          modprobe fou
          ip fou add port 6080 gue
          """
      ),
      (
        "lisbon",
        tunneled("tunl0", "ipip")
          + """
          modprobe ip_gre
          ip link set gre0 up
          sysctl -w net.ipv4.conf.gre0.rp_filter=0
          """
      ),
      ("vienna", tunneled("ip6tnl0", "ip6_tunnel") + "ip -6 tunnel change ip6tnl0 mode any"),
      (
        "director1",
        """
        ipvsadm -A -t 198.51.100.100:80 -s wlc
        ipvsadm -a -t 198.51.100.100:80 -r 192.0.2.10:80 -i
        ipvsadm -a -t 198.51.100.100:80 -r 203.0.113.10:80 -i
        ipvsadm -a -t 198.51.100.100:80 -r [2001:db8:7::10]:80 -i
        ipvsadm -A -t 198.51.100.100:443 -s wlc
        ipvsadm -a -t 198.51.100.100:443 -r 192.0.2.10:443 -i --tun-type gue --tun-port 6080 --tun-csum
        ipvsadm -a -t 198.51.100.100:443 -r 203.0.113.10:443 -i --tun-type gre
        ip address add 198.51.100.100/32 dev eth0
        """
      ),
    ],
    services: [
      Service(name: "tcp 198.51.100.100:80", address: "198.51.100.100", port: 80, shares: .similar),
      Service(name: "tcp 198.51.100.100:443", address: "198.51.100.100", port: 443, shares: .similar),
    ])

  private static let mail: [UInt16] = [25, 143, 587, 993]

  static let pools = example(
    "pools", director: "lb1",
    servers: [
      "web1": [(.tcp, 80), (.tcp, 443)], "web2": [(.tcp, 80), (.tcp, 443)],
      "web3": [(.tcp, 80), (.tcp, 443), (.tcp, 9000)],
      "mail1": mail.map { (.tcp, $0) }, "mail2": mail.map { (.tcp, $0) },
      "app1": ((8000...8009) + [9000]).map { (.tcp, $0) }, "app2": ((8000...8009) + [9000]).map { (.tcp, $0) },
    ],
    commands: [
      ("client", clients),
      ("web1", holding("10.20.0.100/32")),
      ("web2", holding("10.20.0.100/32")),
      ("web3", holding("10.20.0.100/32", "10.20.0.102/32")),
      ("mail1", holding("10.20.0.101/32")),
      ("mail2", holding("10.20.0.101/32")),
      ("app1", holding("10.20.0.102/32")),
      ("app2", holding("10.20.0.102/32")),
      (
        "lb1",
        """
        for port in 80 443; do
          ipvsadm -A -t 10.20.0.100:$port -s wlc
          ipvsadm -a -t 10.20.0.100:$port -r 10.20.1.1:$port -g -w 2
          ipvsadm -a -t 10.20.0.100:$port -r 10.20.1.2:$port -g -w 2
          ipvsadm -a -t 10.20.0.100:$port -r 10.20.1.3:$port -g -w 1
        done
        for port in 25 143 587 993; do
          ipvsadm -A -t 10.20.0.101:$port -s wlc -p 1800 -M 255.255.255.0
          ipvsadm -a -t 10.20.0.101:$port -r 10.20.2.1:$port -g
          ipvsadm -a -t 10.20.0.101:$port -r 10.20.2.2:$port -g
        done
        for port in {8000..8009}; do
          ipvsadm -A -t 10.20.0.102:$port -s wlc
          ipvsadm -a -t 10.20.0.102:$port -r 10.20.3.1:$port -g
          ipvsadm -a -t 10.20.0.102:$port -r 10.20.3.2:$port -g
        done
        ipvsadm -A -t 10.20.0.102:9000 -s mh -b mh-fallback,mh-port
        ipvsadm -a -t 10.20.0.102:9000 -r 10.20.3.1:9000 -g
        ipvsadm -a -t 10.20.0.102:9000 -r 10.20.3.2:9000 -g
        ipvsadm -a -t 10.20.0.102:9000 -r 10.20.1.3:9000 -g -w 1 -x 1000 -y 800
        ip address add 10.20.0.100/32 dev bond0
        ip address add 10.20.0.101/32 dev bond1
        ip address add 10.20.0.102/32 dev bond0
        """
      ),
    ],
    services: [80, 443].map {
      Service(name: "tcp 10.20.0.100:\($0)", address: "10.20.0.100", port: $0, shares: .similar)
    }
      + mail.map { Service(name: "tcp 10.20.0.101:\($0)", address: "10.20.0.101", port: $0, shares: .persistent) }
      + (8000...8009).map { Service(name: "tcp 10.20.0.102:\($0)", address: "10.20.0.102", port: $0, shares: .similar) }
      + [Service(name: "tcp 10.20.0.102:9000", address: "10.20.0.102", port: 9000, shares: .members)],
    requests: 20)

  /// Without keepalived, whose part an operator has.
  static let failover = example(
    "failover", director: "director1",
    servers: ["web1": [(.tcp, 80), (.tcp, 443)], "web2": [(.tcp, 80), (.tcp, 443)]],
    commands: [
      ("web1", holding("192.168.147.100/32")),
      ("web2", holding("192.168.147.100/32")),
      (
        "director1",
        """
        for port in 80 443; do
          ipvsadm -A -t 192.168.147.100:$port -s wlc
          ipvsadm -a -t 192.168.147.100:$port -r 192.168.147.4:$port -g
          ipvsadm -a -t 192.168.147.100:$port -r 192.168.147.3:$port -g
        done
        ipvsadm --start-daemon master --mcast-interface ens33 --syncid 51
        ip address add 192.168.147.100/32 dev ens33
        """
      ),
    ],
    services: [80, 443].map {
      Service(name: "tcp 192.168.147.100:\($0)", address: "192.168.147.100", port: $0, shares: .similar)
    })

  /// The table and settings of either director.
  private static let synchronized = """
    sysctl -w net.ipv4.vs.sync_threshold="3 50"
    sysctl -w net.ipv4.vs.sync_refresh_period=10
    ipvsadm --set 1800 60 300
    for port in 80 443; do
      ipvsadm -A -t 10.1.0.100:$port -s wlc -p 300
      ipvsadm -a -t 10.1.0.100:$port -r 10.1.0.11:$port -g
      ipvsadm -a -t 10.1.0.100:$port -r 10.1.0.12:$port -g
    done

    """

  static let sync = example(
    "sync", director: "director1",
    servers: ["web1": [(.tcp, 80), (.tcp, 443)], "web2": [(.tcp, 80), (.tcp, 443)]],
    commands: [
      ("client", clients),
      ("web1", holding("10.1.0.100/32")),
      ("web2", holding("10.1.0.100/32")),
      (
        "director2",
        synchronized + "ipvsadm --start-daemon backup --mcast-interface eth1 --syncid 7 --mcast-group 224.0.0.82"
      ),
      (
        "director1",
        synchronized
          + """
          ipvsadm --start-daemon master --mcast-interface eth1 --syncid 7 --mcast-group 224.0.0.82
          ip address add 10.1.0.100/32 dev eth0
          """
      ),
    ],
    services: [80, 443].map {
      Service(name: "tcp 10.1.0.100:\($0)", address: "10.1.0.100", port: $0, shares: .persistent)
    })
}
