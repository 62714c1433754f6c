import Testing

/// One thing that a cluster file can say, and the command lines of ipvsadm(8) that say the same.
private struct Feature: CustomTestStringConvertible {
  let testDescription: String
  /// The cluster file.
  let file: String
  /// Command lines, without the word `ipvsadm`.
  let ipvsadm: [String]
  /// The role that the node plays.
  let role: String
  /// Sysctls that the file implies beside those of every director, set by hand where ipvsadm is used.
  let sysctls: [String]

  init(
    _ name: String, _ file: String, _ ipvsadm: String, role: String = "standby", sysctls: [String] = [],
    machines: String = machines
  ) {
    testDescription = name
    self.file = machines + file + "\n"
    self.ipvsadm = ipvsadm.lines
    self.role = role
    self.sysctls = sysctls
  }
}

private let machines = """
  directors:
    - { name: director1, address: 192.168.147.6, interface: ens33 }
  real_servers:
    - { name: web1, address: [192.168.147.4, "2001:db8:147::4"] }
    - { name: web2, address: [192.168.147.3, "2001:db8:147::3"], weight: 3 }
    - { name: six, address: "2001:db8:148::9" }

  """

extension RealKernel {
  /// Whatever the file can say, ipvsadm can say too, and the kernel then holds the same, by ipvsadm's own account.
  @Suite struct EquivalenceTests {
    @Test(arguments: services + realServers + tunnels + nodes)
    fileprivate func `what lvsctl applies is what ipvsadm builds`(_ feature: Feature) throws {
      let address = "192.168.147.6/24"
      let pair = [
        Machine("director1", links: [Link(lan: "one", addresses: [address])]),
        Machine("peer", links: [Link(lan: "two", addresses: [address])]),
      ]
      try Network.with(pair) { network in
        let peer = network["peer"]
        for interface in ["all", "default", "ens33"] {
          try peer.setSysctl("net/ipv4/conf/\(interface)/send_redirects", 0)
        }
        for path in feature.sysctls { try peer.setSysctl(path, 1) }

        try network.director1.apply(feature.file, "--role", feature.role)
        let built = try peer.ipvsadm(feature.ipvsadm)

        #expect(try network.director1.ipvsadm() == built)
        let diff = try peer.lvsctl("diff", feature.file, "--role", feature.role)
        #expect(diff.status == 0, "\(diff.output)\(diff.errors)")
      }
    }

    @Test func `weights that a health checker owns are given once and then left to it`() throws {
      let file = """
        \(machines)
        services:
          - vip: 192.168.147.100
            port: 80
            scheduler: wrr
            weights: external
            real_servers: [{ server: web1, weight: 5 }, web2]

        """
      try Network.classic { network in
        let node = network.director1
        try node.apply(file)
        let service = "-t 192.168.147.100:80"
        #expect(
          try node.ipvsadm().table == [
            "-A \(service) -s wrr", "-a \(service) -r 192.168.147.3:80 -g -w 3",
            "-a \(service) -r 192.168.147.4:80 -g -w 5",
          ])
        let checked = try node.ipvsadm(["-e \(service) -r 192.168.147.4:80 -g -w 0"])
        #expect(try node.plan("apply", file).changes == [])
        #expect(try node.ipvsadm() == checked)
        // A server that comes back may have been taken out by its checker, which alone gives it a weight again.
        try node.ipvsadm(["-d \(service) -r 192.168.147.3:80", "-E \(service) -s rr"])
        #expect(
          try node.plan("apply", file).changes == [
            "update service tcp 192.168.147.100:80", "create real_server tcp 192.168.147.100:80 -> 192.168.147.3:80",
          ])
        #expect(
          try node.ipvsadm().table == [
            "-A \(service) -s wrr", "-a \(service) -r 192.168.147.3:80 -g -w 0",
            "-a \(service) -r 192.168.147.4:80 -g -w 0",
          ])
        #expect(try node.plan("apply", file).changes == [])
      }
    }

    @Test func `a tunnel to the other family is refused while a sync daemon runs, with the reason`() throws {
      let file = """
        \(machines)
        services: [{ vip: 192.168.147.100, port: 80, scheduler: rr, forward: tun, real_servers: [six] }]

        """
      try Network.classic { network in
        let node = network.director1
        try node.ipvsadm(["--start-daemon master --mcast-interface ens33"])
        let outcome = try node.lvsctl("apply", file)
        #expect(outcome.status == 71)
        #expect(outcome.errors.contains("tcp 192.168.147.100:80 -> [2001:db8:148::9]:80"))
        #expect(outcome.errors.contains("sync daemon"))
        try node.succeed("ipvsadm --stop-daemon master")
        try node.apply(file)
      }
    }

    @Test func `every scheduler of ipvsadm is in the table, or its module is missing here`() throws {
      let known = ["rr", "wrr", "lc", "wlc", "lblc", "lblcr", "dh", "sh", "sed", "nq", "fo", "ovf", "mh", "twos"]
      let present = try known.filter { try run(["modinfo", "--field", "name", "ip_vs_\($0)"]).status == 0 }
      #expect(Set(schedulers).isSubset(of: present))
      #expect(Set(present).subtracting(schedulers) == [])
    }
  }
}

/// Those of Linux 6.1 as Debian builds it for user mode, which leaves `twos` out.
private let schedulers = ["rr", "wrr", "lc", "wlc", "lblc", "lblcr", "dh", "sh", "sed", "nq", "fo", "ovf", "mh"]

private let services: [Feature] =
  [
    Feature(
      "every scheduler",
      "services:\n"
        + schedulers.enumerated().map { port, scheduler in
          "  - { vip: 192.168.147.100, port: \(port + 1), scheduler: \(scheduler), real_servers: [web1, web2] }\n"
        }.joined(),
      schedulers.enumerated().map { port, scheduler in
        """
        -A -t 192.168.147.100:\(port + 1) -s \(scheduler)
        -a -t 192.168.147.100:\(port + 1) -r 192.168.147.4:\(port + 1) -g -w 1
        -a -t 192.168.147.100:\(port + 1) -r 192.168.147.3:\(port + 1) -g -w 3

        """
      }.joined()),
    Feature(
      "a service that names no scheduler, forwarding method or real server",
      """
      services: [{ vip: "2001:db8:147::100", port: 80 }]
      """,
      """
      -A -t [2001:db8:147::100]:80
      -a -t [2001:db8:147::100]:80 -r [2001:db8:147::4]:80
      -a -t [2001:db8:147::100]:80 -r [2001:db8:147::3]:80 -w 3
      -a -t [2001:db8:147::100]:80 -r [2001:db8:148::9]:80
      """),
    Feature(
      "no services at all",
      "services: []",
      ""),
    Feature(
      "a service without real servers",
      "services: [{ vip: 192.168.147.100, port: 80, scheduler: rr, real_servers: [] }]",
      "-A -t 192.168.147.100:80 -s rr"),
    Feature(
      "the flags of each scheduler that has some",
      """
      defaults: { real_servers: [] }
      services:
        - { vip: 192.168.147.100, port: 1, scheduler: sh, scheduler_flags: [sh-port] }
        - { vip: 192.168.147.100, port: 2, scheduler: sh, scheduler_flags: [sh-fallback] }
        - { vip: 192.168.147.100, port: 3, scheduler: sh, scheduler_flags: [sh-port, sh-fallback] }
        - { vip: 192.168.147.100, port: 4, scheduler: mh, scheduler_flags: [mh-port] }
        - { vip: 192.168.147.100, port: 5, scheduler: mh, scheduler_flags: [mh-fallback, mh-port] }
        - { vip: 192.168.147.100, port: 6, scheduler: wlc, scheduler_flags: [flag-1] }
        - { vip: 192.168.147.100, port: 7, scheduler: rr, scheduler_flags: [flag-2] }
        - { vip: 192.168.147.100, port: 8, scheduler: sh, scheduler_flags: [flag-1, flag-3] }
        - { vip: 192.168.147.100, port: 9, scheduler: nq, scheduler_flags: [flag-1, flag-2, flag-3] }
      """,
      """
      -A -t 192.168.147.100:1 -s sh -b sh-port
      -A -t 192.168.147.100:2 -s sh -b sh-fallback
      -A -t 192.168.147.100:3 -s sh -b sh-port,sh-fallback
      -A -t 192.168.147.100:4 -s mh -b mh-port
      -A -t 192.168.147.100:5 -s mh -b mh-port,mh-fallback
      -A -t 192.168.147.100:6 -s wlc -b flag-1
      -A -t 192.168.147.100:7 -s rr -b flag-2
      -A -t 192.168.147.100:8 -s sh -b flag-1,flag-3
      -A -t 192.168.147.100:9 -s nq -b flag-1,flag-2,flag-3
      """),
    Feature(
      "protocols, one and a list",
      """
      defaults: { scheduler: rr, real_servers: [web1] }
      services:
        - { vip: 192.168.147.100, port: 53, protocol: [tcp, udp] }
        - { vip: 192.168.147.100, port: 2905, protocol: sctp }
        - { vip: "2001:db8:147::100", port: 53, protocol: udp }
      """,
      """
      -A -t 192.168.147.100:53 -s rr
      -a -t 192.168.147.100:53 -r 192.168.147.4:53 -g
      -A -u 192.168.147.100:53 -s rr
      -a -u 192.168.147.100:53 -r 192.168.147.4:53 -g
      -A --sctp-service 192.168.147.100:2905 -s rr
      -a --sctp-service 192.168.147.100:2905 -r 192.168.147.4:2905 -g
      -A -u [2001:db8:147::100]:53 -s rr
      -a -u [2001:db8:147::100]:53 -r [2001:db8:147::4]:53 -g
      """),
    Feature(
      "a list of ports and ranges is a service for each port",
      """
      services:
        - { vip: 192.168.147.100, port: [80, "8000-8002", 65535], scheduler: rr, real_servers: [web1] }
      """,
      [80, 8000, 8001, 8002, 65535].map {
        """
        -A -t 192.168.147.100:\($0) -s rr
        -a -t 192.168.147.100:\($0) -r 192.168.147.4:\($0) -g

        """
      }.joined()),
    Feature(
      "every port of a VIP",
      """
      defaults: { scheduler: rr, persistence: 60, real_servers: [web1] }
      services: [{ vip: 192.168.147.100, port: 0 }, { vip: "2001:db8:147::100", port: 0, forward: nat }]
      """,
      """
      -A -t 192.168.147.100:0 -s rr -p 60
      -a -t 192.168.147.100:0 -r 192.168.147.4:0 -g
      -A -t [2001:db8:147::100]:0 -s rr -p 60
      -a -t [2001:db8:147::100]:0 -r [2001:db8:147::4]:0 -m
      """,
      sysctls: ["net/ipv4/ip_forward", "net/ipv6/conf/all/forwarding"]),
    Feature(
      "firewall marks, the same number apart in each family",
      """
      vips: [{ address: 192.168.147.100 }]
      services:
        - { fwmark: 10, scheduler: rr, real_servers: [web1] }
        - { fwmark: 10, family: ipv6, scheduler: wrr, real_servers: [web2] }
        - { fwmark: 4294967295, scheduler: lc, persistence: 300, real_servers: [web1, web2] }
        - { fwmark: 11, scheduler: lc, forward: nat, real_servers: [web1, { server: web2, port: 8080 }] }
      """,
      """
      -A -f 10 -s rr
      -a -f 10 -r 192.168.147.4 -g
      -A -f 10 -6 -s wrr
      -a -f 10 -6 -r [2001:db8:147::3]:0 -g -w 3
      -A -f 4294967295 -s lc -p 300
      -a -f 4294967295 -r 192.168.147.4 -g
      -a -f 4294967295 -r 192.168.147.3 -g -w 3
      -A -f 11 -s lc
      -a -f 11 -r 192.168.147.4 -m
      -a -f 11 -r 192.168.147.3:8080 -m -w 3
      """, sysctls: ["net/ipv4/ip_forward"]),
    Feature(
      "persistence, with every way to write a netmask",
      """
      defaults: { scheduler: rr, real_servers: [] }
      services:
        - { vip: 192.168.147.100, port: 1, persistence: 1 }
        - { vip: 192.168.147.100, port: 2, persistence: 2678400 }
        - { vip: 192.168.147.100, port: 3, persistence: {} }
        - { vip: 192.168.147.100, port: 4, persistence: { timeout: 60, netmask: 255.255.255.0 } }
        - { vip: 192.168.147.100, port: 5, persistence: { timeout: 60, netmask: 20 } }
        - { vip: 192.168.147.100, port: 6, persistence: { timeout: 60, netmask: 32 } }
        - { vip: "2001:db8:147::100", port: 1, persistence: 90 }
        - { vip: "2001:db8:147::100", port: 2, persistence: { timeout: 90, netmask: 64 } }
        - { vip: "2001:db8:147::100", port: 3, persistence: { netmask: 128 } }
        - { fwmark: 3, family: ipv6, persistence: { netmask: 48 } }
        - { vip: 192.168.147.100, port: 7, persistence: { timeout: 60, netmask: 0.0.0.0 } }
        - { fwmark: 4, persistence: { netmask: 0 } }
        - { vip: 192.168.147.100, port: 8, persistence: { netmask: 128.0.0.0 } }
      """,
      """
      -A -t 192.168.147.100:1 -s rr -p 1
      -A -t 192.168.147.100:2 -s rr -p 2678400
      -A -t 192.168.147.100:3 -s rr -p 300
      -A -t 192.168.147.100:4 -s rr -p 60 -M 255.255.255.0
      -A -t 192.168.147.100:5 -s rr -p 60 -M 255.255.240.0
      -A -t 192.168.147.100:6 -s rr -p 60
      -A -t [2001:db8:147::100]:1 -s rr -p 90
      -A -t [2001:db8:147::100]:2 -s rr -p 90 -M 64
      -A -t [2001:db8:147::100]:3 -s rr -p 300
      -A -f 3 -6 -s rr -p 300 -M 48
      -A -t 192.168.147.100:7 -s rr -p 60 -M 0.0.0.0
      -A -f 4 -s rr -p 300 -M 0.0.0.0
      -A -t 192.168.147.100:8 -s rr -p 300 -M 128.0.0.0
      """),
    Feature(
      "lists and ranges of VIPs, of both families in one service",
      """
      vips: [{ name: site, address: 192.168.147.200 }]
      services:
        - vip: [192.168.147.110-112, site, 192.168.147.255-192.168.148.0, "2001:db8:147::9-a"]
          port: [80, 443]
          scheduler: rr
          real_servers: [web1]
      """,
      ([110, 111, 112, 200].map { "192.168.147.\($0)" } + ["192.168.147.255", "192.168.148.0"]).flatMap { vip in
        [80, 443].map {
          """
          -A -t \(vip):\($0) -s rr
          -a -t \(vip):\($0) -r 192.168.147.4:\($0) -g

          """
        }
      }.joined()
        + ["9", "a"].flatMap { host in
          [80, 443].map {
            """
            -A -t [2001:db8:147::\(host)]:\($0) -s rr
            -a -t [2001:db8:147::\(host)]:\($0) -r [2001:db8:147::4]:\($0) -g

            """
          }
        }.joined()),
    Feature(
      "lists and ranges of firewall marks",
      """
      services:
        - { fwmark: [7-8, 4294967295], scheduler: rr, real_servers: [web1] }
        - { fwmark: 7-8, family: ipv6, scheduler: rr, real_servers: [] }
      """,
      """
      -A -f 7 -s rr
      -a -f 7 -r 192.168.147.4 -g
      -A -f 8 -s rr
      -a -f 8 -r 192.168.147.4 -g
      -A -f 4294967295 -s rr
      -a -f 4294967295 -r 192.168.147.4 -g
      -A -f 7 -6 -s rr
      -A -f 8 -6 -s rr
      """),
    Feature(
      "none, whatever defaults say",
      """
      defaults:
        { protocol: udp, family: ipv6, scheduler: sh, scheduler_flags: [sh-port], forward: nat, persistence: 20,
          one_packet: true, real_servers: [web2] }
      services:
        - { vip: 192.168.147.100, port: 53, persistence: none, one_packet: none, scheduler_flags: none, forward: none }
        - { vip: 192.168.147.100, port: 54, protocol: none, scheduler: none, scheduler_flags: none, one_packet: none,
            persistence: none, real_servers: none }
        - { fwmark: 9, family: none, persistence: { timeout: 20, netmask: none }, one_packet: none, forward: dr }
      """,
      """
      -A -u 192.168.147.100:53 -s sh
      -a -u 192.168.147.100:53 -r 192.168.147.3:53 -g -w 3
      -A -t 192.168.147.100:54 -s wlc
      -A -f 9 -s sh -b sh-port -p 20
      -a -f 9 -r 192.168.147.3 -g -w 3
      """),
    Feature(
      "the persistence engine of SIP",
      """
      defaults: { scheduler: rr, real_servers: [web1] }
      services:
        - { vip: 192.168.147.100, port: 5060, protocol: udp, persistence: { timeout: 60, engine: sip } }
        - { fwmark: 5, persistence: { engine: sip, netmask: 24 } }
      """,
      """
      -A -u 192.168.147.100:5060 -s rr -p 60 --pe sip
      -a -u 192.168.147.100:5060 -r 192.168.147.4:5060 -g
      -A -f 5 -s rr -p 300 -M 255.255.255.0 --pe sip
      -a -f 5 -r 192.168.147.4 -g
      """),
    Feature(
      "one-packet scheduling",
      """
      services:
        - { vip: 192.168.147.100, port: 53, protocol: udp, scheduler: rr, one_packet: true, real_servers: [web1] }
        - { fwmark: 6, scheduler: rr, one_packet: true, real_servers: [web1] }
      """,
      """
      -A -u 192.168.147.100:53 -s rr -o
      -a -u 192.168.147.100:53 -r 192.168.147.4:53 -g
      -A -f 6 -s rr -o
      -a -f 6 -r 192.168.147.4 -g
      """),
    Feature(
      "defaults, and services that say otherwise",
      """
      defaults:
        { protocol: udp, scheduler: sh, scheduler_flags: [sh-port], persistence: 20, one_packet: true, forward: nat,
          real_servers: [web2] }
      services:
        - { vip: 192.168.147.100, port: 53 }
        - { vip: 192.168.147.100, port: 54, scheduler: rr, scheduler_flags: [], one_packet: false, forward: dr }
        - { vip: 192.168.147.100, port: 55, protocol: tcp, one_packet: false, persistence: 30, real_servers: [web1] }
      """,
      """
      -A -u 192.168.147.100:53 -s sh -b sh-port -p 20 -o
      -a -u 192.168.147.100:53 -r 192.168.147.3:53 -m -w 3
      -A -u 192.168.147.100:54 -s rr -p 20
      -a -u 192.168.147.100:54 -r 192.168.147.3:54 -g -w 3
      -A -t 192.168.147.100:55 -s sh -b sh-port -p 30
      -a -t 192.168.147.100:55 -r 192.168.147.4:55 -m
      """, sysctls: ["net/ipv4/ip_forward"]),
    Feature(
      "pools beside single real servers, and a VIP by its name",
      """
      pools: { web: [web1, web2] }
      vips: [{ name: site, address: "2001:db8:147::100" }]
      services:
        - { vip: site, port: 80, scheduler: rr, real_servers: [web, six] }
        - { vip: site, port: 81, scheduler: rr, real_servers: [web] }
      """,
      """
      -A -t [2001:db8:147::100]:80 -s rr
      -a -t [2001:db8:147::100]:80 -r [2001:db8:147::4]:80
      -a -t [2001:db8:147::100]:80 -r [2001:db8:147::3]:80 -w 3
      -a -t [2001:db8:147::100]:80 -r [2001:db8:148::9]:80
      -A -t [2001:db8:147::100]:81 -s rr
      -a -t [2001:db8:147::100]:81 -r [2001:db8:147::4]:81
      -a -t [2001:db8:147::100]:81 -r [2001:db8:147::3]:81 -w 3
      """),
  ]

private let realServers: [Feature] = [
  Feature(
    "weights from none to the most, by the service and by the real server",
    """
    services:
      - { vip: 192.168.147.100, port: 80, scheduler: wrr, real_servers: [{ server: web1, weight: 0 }, web2] }
      - { vip: 192.168.147.100, port: 81, scheduler: wlc, real_servers: [{ server: web1, weight: 2147483647 }] }
      - { vip: 192.168.147.100, port: 82, scheduler: mh, real_servers: [{ server: web1, weight: 65536 }, web2] }
    """,
    """
    -A -t 192.168.147.100:80 -s wrr
    -a -t 192.168.147.100:80 -r 192.168.147.4:80 -w 0
    -a -t 192.168.147.100:80 -r 192.168.147.3:80 -w 3
    -A -t 192.168.147.100:81 -s wlc
    -a -t 192.168.147.100:81 -r 192.168.147.4:81 -w 2147483647
    -A -t 192.168.147.100:82 -s mh
    -a -t 192.168.147.100:82 -r 192.168.147.4:82 -w 65536
    -a -t 192.168.147.100:82 -r 192.168.147.3:82 -w 3
    """),
  Feature(
    "thresholds",
    """
    services:
      - vip: 192.168.147.100
        port: 80
        scheduler: lc
        real_servers:
          - { server: web1, upper_threshold: 1000, lower_threshold: 800 }
          - { server: web2, upper_threshold: 2147483647 }
    """,
    """
    -A -t 192.168.147.100:80 -s lc
    -a -t 192.168.147.100:80 -r 192.168.147.4:80 -x 1000 -y 800
    -a -t 192.168.147.100:80 -r 192.168.147.3:80 -x 2147483647 -w 3
    """),
  Feature(
    "NAT, to the same port and to others of one real server",
    """
    services:
      - vip: 192.168.147.100
        port: 80
        scheduler: rr
        forward: nat
        real_servers: [web1, { server: web2, port: 8080 }, { server: web2, port: 8081, weight: 9 }]
      - { vip: "2001:db8:147::100", port: 80, scheduler: rr, forward: nat, real_servers: [{ server: six, port: 8080 }] }
    """,
    """
    -A -t 192.168.147.100:80 -s rr
    -a -t 192.168.147.100:80 -r 192.168.147.4:80 -m
    -a -t 192.168.147.100:80 -r 192.168.147.3:8080 -m -w 3
    -a -t 192.168.147.100:80 -r 192.168.147.3:8081 -m -w 9
    -A -t [2001:db8:147::100]:80 -s rr
    -a -t [2001:db8:147::100]:80 -r [2001:db8:148::9]:8080 -m
    """, sysctls: ["net/ipv4/ip_forward", "net/ipv6/conf/all/forwarding"]),
  Feature(
    "the director itself as a real server, by its loopback addresses",
    """
    services:
      - { vip: [192.168.147.100, "2001:db8:147::100"], port: 80, scheduler: rr, real_servers: [web1, local] }
      - vip: 192.168.147.100
        port: 81
        scheduler: fo
        forward: nat
        real_servers: [web1, { server: local, forward: dr, weight: 0 }]
    """,
    """
    -A -t 192.168.147.100:80 -s rr
    -a -t 192.168.147.100:80 -r 192.168.147.4:80 -g
    -a -t 192.168.147.100:80 -r 127.0.0.1:80 -g
    -A -t [2001:db8:147::100]:80 -s rr
    -a -t [2001:db8:147::100]:80 -r [2001:db8:147::4]:80 -g
    -a -t [2001:db8:147::100]:80 -r [::1]:80 -g
    -A -t 192.168.147.100:81 -s fo
    -a -t 192.168.147.100:81 -r 192.168.147.4:81 -m
    -a -t 192.168.147.100:81 -r 127.0.0.1:81 -g -w 0
    """, sysctls: ["net/ipv4/ip_forward"],
    machines: """
      directors:
        - { name: director1, address: 192.168.147.6, interface: ens33 }
      real_servers:
        - { name: web1, address: [192.168.147.4, "2001:db8:147::4"] }
        - { name: local, address: [127.0.0.1, "::1"] }

      """),
  Feature(
    "every forwarding method in one service",
    """
    services:
      - vip: 192.168.147.100
        port: 80
        scheduler: rr
        real_servers: [web1, { server: web2, forward: nat, port: 81 }, { server: six, forward: tun }]
    """,
    """
    -A -t 192.168.147.100:80 -s rr
    -a -t 192.168.147.100:80 -r 192.168.147.4:80 -g
    -a -t 192.168.147.100:80 -r 192.168.147.3:81 -m -w 3
    -a -t 192.168.147.100:80 -r [2001:db8:148::9]:80 -i
    """, sysctls: ["net/ipv4/ip_forward"]),
]

private let tunnels: [Feature] = [
  Feature(
    "every tunnel, by the service and by the real server",
    """
    services:
      - { vip: 192.168.147.100, port: 1, scheduler: rr, forward: tun, real_servers: [web1] }
      - vip: 192.168.147.100
        port: 2
        scheduler: rr
        forward: tun
        tunnel: { type: gue, port: 6080 }
        real_servers:
          - web1
          - { server: web2, tunnel: { type: gre } }
      - vip: 192.168.147.100
        port: 3
        scheduler: rr
        forward: tun
        tunnel: { type: gue, port: 6081, checksum: csum }
        real_servers:
          - web1
          - { server: web2, tunnel: { type: gue, port: 65535, checksum: remcsum } }
      - vip: "2001:db8:147::100"
        port: 4
        scheduler: rr
        forward: tun
        tunnel: { type: gre, checksum: csum }
        real_servers:
          - web1
          - { server: web2, tunnel: { type: ipip } }
    """,
    """
    -A -t 192.168.147.100:1 -s rr
    -a -t 192.168.147.100:1 -r 192.168.147.4:1 -i
    -A -t 192.168.147.100:2 -s rr
    -a -t 192.168.147.100:2 -r 192.168.147.4:2 -i --tun-type gue --tun-port 6080 --tun-nocsum
    -a -t 192.168.147.100:2 -r 192.168.147.3:2 -i --tun-type gre -w 3
    -A -t 192.168.147.100:3 -s rr
    -a -t 192.168.147.100:3 -r 192.168.147.4:3 -i --tun-type gue --tun-port 6081 --tun-csum
    -a -t 192.168.147.100:3 -r 192.168.147.3:3 -i --tun-type gue --tun-port 65535 --tun-remcsum -w 3
    -A -t [2001:db8:147::100]:4 -s rr
    -a -t [2001:db8:147::100]:4 -r [2001:db8:147::4]:4 -i --tun-type gre --tun-csum
    -a -t [2001:db8:147::100]:4 -r [2001:db8:147::3]:4 -i -w 3
    """),
  Feature(
    "IPv6 real servers behind an IPv4 VIP, through every tunnel",
    """
    defaults: { scheduler: rr, forward: tun, real_servers: [six] }
    services:
      - { vip: 192.168.147.100, port: 1 }
      - { vip: 192.168.147.100, port: 2, tunnel: { type: gre } }
      - { vip: 192.168.147.100, port: 3, tunnel: { type: gue, port: 6080 } }
      - { fwmark: 4 }
    """,
    """
    -A -t 192.168.147.100:1 -s rr
    -a -t 192.168.147.100:1 -r [2001:db8:148::9]:1 -i
    -A -t 192.168.147.100:2 -s rr
    -a -t 192.168.147.100:2 -r [2001:db8:148::9]:2 -i --tun-type gre
    -A -t 192.168.147.100:3 -s rr
    -a -t 192.168.147.100:3 -r [2001:db8:148::9]:3 -i --tun-type gue --tun-port 6080
    -A -f 4 -s rr
    -a -f 4 -r [2001:db8:148::9]:0 -i
    """),
  Feature(
    "IPv4 real servers behind an IPv6 VIP",
    """
    services: [{ vip: "2001:db8:147::100", port: 80, scheduler: rr, forward: tun, real_servers: [four] }]
    """,
    """
    -A -t [2001:db8:147::100]:80 -s rr
    -a -t [2001:db8:147::100]:80 -r 192.168.148.9:80 -i
    """,
    machines: """
      directors:
        - { name: director1, address: 192.168.147.6, interface: ens33 }
      real_servers:
        - { name: four, address: 192.168.148.9 }

      """),
]

private let nodes: [Feature] = [
  Feature("timeouts", "services: []\ntimeouts: { tcp: 7200, tcp_fin: 60, udp: 5 }", "--set 7200 60 5"),
  Feature("one timeout alone", "services: []\ntimeouts: { tcp_fin: 2147483 }", "--set 0 2147483 0"),
  Feature(
    "the sync daemon of an active director",
    "services: []\nsync: { interface: ens33 }", "--start-daemon master --mcast-interface ens33", role: "director"),
  Feature(
    "the sync daemon of a standby",
    "services: []\nsync: { interface: ens33, id: 255 }",
    "--start-daemon backup --mcast-interface ens33 --syncid 255"),
  Feature(
    "a sync daemon with all its options",
    """
    services: []
    sync: { interface: ens33, id: 7, group: 239.1.2.3, port: 9999, ttl: 64, maxlen: 1300 }
    """,
    """
    --start-daemon master --mcast-interface ens33 --syncid 7 --sync-maxlen 1300 \
    --mcast-group 239.1.2.3 --mcast-port 9999 --mcast-ttl 64
    """, role: "director"),
  Feature(
    "a sync daemon in an IPv6 group",
    """
    services: []
    sync: { interface: ens33, group: "ff02::81" }
    """, "--start-daemon backup --mcast-interface ens33 --mcast-group ff02::81"),
]
