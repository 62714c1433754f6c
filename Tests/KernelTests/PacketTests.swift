import Testing

extension RealKernel {
  /// Requests are answered, by the machines and along the way that the file says.
  @Suite struct PacketTests {
    // MARK: NAT

    @Test func `NAT rewrites address and port, and replies pass the director`() throws {
      let file = """
        # The director stands between two networks; it is the default gateway of its real servers.
        directors:
          - { name: director1, address: [192.168.147.6, 10.0.0.1], interface: ens33 }
        real_servers:
          - { name: web1, address: 10.0.0.4 }
          - { name: web2, address: 10.0.0.3 }
        defaults: { scheduler: rr, forward: nat }
        services:
          - { vip: 192.168.147.100, port: 80 }
          - vip: 192.168.147.100
            port: 8080
            real_servers: [{ server: web1, port: 80 }, { server: web2, port: 80 }]

        """
      try Network.with(twoNetworks) { network in
        try network.apply(file, at: "web1", "web2", "director1")
        #expect(try network.client.answers(from: "192.168.147.100", count: 10) == ["web1": 5, "web2": 5])
        #expect(try network.client.answers(from: "192.168.147.100", port: 8080, count: 10) == ["web1": 5, "web2": 5])
        try eventually("the director has counted the replies") {
          try network.director1.statistics(of: "192.168.147.100:80").map { $0.outPackets > 0 } ?? false
        }
        // Nothing is asked of a real server.
        #expect(try network.web1.plan("diff", file).changes == [])
      }
    }

    @Test func `NAT works for IPv6, where the director has to forward`() throws {
      let file = """
        directors:
          - { name: director1, address: "2001:db8:147::6", interface: ens33 }
        real_servers:
          - { name: web1, address: "2001:db8::4" }
          - { name: web2, address: "2001:db8::3" }
        services:
          - { vip: "2001:db8:147::100", port: 80, scheduler: rr, forward: nat }

        """
      try Network.with(twoNetworks) { network in
        try network.apply(file, at: "director1")
        #expect(try network.client.answers(from: "2001:db8:147::100", count: 10) == ["web1": 5, "web2": 5])
      }
    }

    @Test func `a director does not speak from an IPv6 VIP of its own accord`() throws {
      try Network.with(.dualStack()) { network in
        try network.director1.apply(Clusters.dualStack)
        let route = try network.director1.succeed("ip -6 route get 2001:db8:147::50").output
        #expect(route.contains("src 2001:db8:147::6 "))
      }
    }

    @Test func `diff says where the replies of a NAT real server go when it is not the director`() throws {
      let file = """
        directors:
          - { name: director1, address: [192.168.147.6, 10.0.0.1], interface: ens33 }
        real_servers:
          - { name: web1, address: 10.0.0.4 }
          - { name: web2, address: 10.0.0.3 }
        services:
          - { vip: 192.168.147.100, port: 80, scheduler: rr, forward: nat }

        """
      try Network.with(twoNetworks) { network in
        let web = network.web1
        #expect(try web.findings(file) == [])

        try web.ip("route replace default via 10.0.0.3")
        let elsewhere = try web.lvsctl("diff", file)
        #expect(elsewhere.status == 0)
        #expect(elsewhere.output.contains("warning: web1 answers by NAT, and its gateway for IPv4 is 10.0.0.3"))
        #expect(try web.findings(file) == ["warning nat-return-path 10.0.0.4"])

        // A client's own route, or a rule for the real server, leads through the director all the same.
        try web.ip("route add 192.168.147.0/24 via 10.0.0.1")
        #expect(try web.findings(file) == [])
        try web.ip("route del 192.168.147.0/24 via 10.0.0.1")
        try web.ip("route add default via 10.0.0.1 table 77", "rule add from 10.0.0.4 lookup 77")
        #expect(try web.findings(file) == [])
        try web.ip("rule del from 10.0.0.4 lookup 77")

        // Of two default routes the one with the lower metric counts.
        try web.ip("route replace default via 10.0.0.1 metric 0", "route add default via 10.0.0.3 metric 5")
        #expect(try web.findings(file) == [])

        try web.ip("route del default via 10.0.0.1", "route del default via 10.0.0.3")
        #expect(try web.lvsctl("diff", file).output.contains("it has no gateway for IPv4"))
        #expect(try network.director1.findings(file) == [])
      }
    }

    // MARK: Tunnels

    @Test(arguments: tunnelCases)
    fileprivate func `a tunnel reaches a real server on another network, and replies take their own way`(
      _ tunnel: TunnelCase
    ) throws {
      try Network.with(farNetwork) { network in
        for family in ["ipv4/ip_forward", "ipv6/conf/all/forwarding"] {
          try network["router"].setSysctl("net/\(family)", 1)
        }
        for line in tunnel.byHand { try network.web1.succeed(line) }
        try network.apply(tunnel.file, at: "web1", "director1")
        #expect(try network.client.answers(from: tunnel.vip, count: 5) == ["web1": 5])
        let service = tunnel.vip.contains(":") ? "[\(tunnel.vip)]:80" : "\(tunnel.vip):80"
        try eventually("the director has counted five connections") {
          try network.director1.statistics(of: service)?.connections == 5
        }
        #expect(try network.director1.statistics(of: service)?.outPackets == 0)
        #expect(try network.web1.plan("apply", tunnel.file).changes == [])
      }
    }

    @Test func `every forwarding method in one service`() throws {
      let file = """
        directors:
          - { name: director1, address: [192.168.147.6, 10.0.0.1], interface: ens33 }
        real_servers:
          - { name: near, address: 192.168.147.4 }
          - { name: far, address: 192.168.147.3 }
          - { name: inner, address: 10.0.0.4 }
          - { name: director1, address: 192.168.147.6 }
        services:
          - vip: 192.168.147.100
            port: 80
            scheduler: rr
            real_servers:
              - near                                # DR
              - { server: far, forward: tun }
              - { server: inner, forward: nat }
              - director1                           # served by the director itself

        """
      let lan = [("client", 50), ("near", 4), ("far", 3)].map { name, host in
        Machine(name, "192.168.147.\(host)/24", page: name == "client" ? nil : name)
      }
      let inner = Machine(
        "inner", links: [Link(lan: "inner", addresses: ["10.0.0.4/24"])], routes: ["default via 10.0.0.1"],
        page: "inner")
      let director = Machine(
        "director1",
        links: [
          Link(addresses: ["192.168.147.6/24"]), Link(name: "ens34", lan: "inner", addresses: ["10.0.0.1/24"]),
        ], page: "director1")
      try Network.with(lan + [inner, director]) { network in
        try network.apply(file, at: "near", "far", "inner", "director1")
        #expect(
          try network.client.answers(from: "192.168.147.100", count: 12)
            == ["near": 3, "far": 3, "inner": 3, "director1": 3])
        #expect(try network.director1.plan("diff", file).changes == [])
      }
    }

    // MARK: UDP

    @Test func `with one_packet each datagram of a socket is scheduled alone, without it all go one way`() throws {
      func file(onePacket: Bool) -> String {
        """
        directors:
          - { name: director1, address: 192.168.147.6, interface: ens33 }
        real_servers:
          - { name: web1, address: 192.168.147.4 }
          - { name: web2, address: 192.168.147.3 }
        services:
          - { vip: 192.168.147.100, port: 53, protocol: udp, scheduler: rr, one_packet: \(onePacket) }

        """
      }
      try Network.classic { network in
        try network.apply(file(onePacket: true), at: "web1", "web2", "director1")
        // A DNS server answers from the address that it was asked at.
        let servers = try [network.web1, network.web2].map {
          try Datagrams(at: $0, address: "192.168.147.100", port: 53)
        }

        func exchange(_ names: [String]) throws -> [Int] {
          let client = try Datagrams(at: network.client, address: "192.168.147.50")
          for name in names { try client.send(name, to: "192.168.147.100", port: 53) }
          var counts = [0, 0]
          var answers: Set<String> = []
          try eventually("every question is answered") {
            for (index, server) in servers.enumerated() { counts[index] += try server.answer("answer to").count }
            answers.formUnion(client.received())
            return answers == Set(names.map { "answer to \($0)" })
          }
          return counts
        }
        #expect(try exchange((1...10).map { "www\($0)" }) == [5, 5])
        #expect(try network.director1.statistics(of: "192.168.147.100:53")?.outPackets == 0)

        try network.apply(file(onePacket: false), at: "director1")
        #expect(try exchange((1...10).map { "mail\($0)" }).sorted() == [0, 10])
      }
    }

    // MARK: One client, one server

    @Test func `a persistent firewall mark keeps http and https of a client together`() throws {
      let file = """
        # The director's firewall sets the mark:
        #   iptables -t mangle -A PREROUTING -d 192.168.147.100 -p tcp -m multiport --dports 80,443 -j MARK --set-mark 10
        directors:
          - { name: director1, address: 192.168.147.6, interface: ens33 }
        real_servers:
          - { name: web1, address: 192.168.147.4 }
          - { name: web2, address: 192.168.147.3 }
        vips:
          - { name: shop, address: 192.168.147.100 }
        services:
          - { fwmark: 10, scheduler: rr, persistence: 300 }

        """
      try Network.with(webPorts) { network in
        try network.apply(file, at: "web1", "web2", "director1")
        // The command in the file's comment. The sandbox kernel has no nf_tables for IPv4, so the older backend it is.
        let rule = try #require(file.lines.first { $0.contains("iptables") })
        try network.director1.succeed(String(rule.dropFirst().trimmed.replacing("iptables", with: "iptables-legacy")))
        try network.expectOneServerForEachClient(ports: [80, 443])
        #expect(try network.director1.plan("diff", file).changes == [])
      }
    }

    @Test func `port 0 takes every port of the VIP, and a client stays with its server`() throws {
      let file = """
        directors:
          - { name: director1, address: 192.168.147.6, interface: ens33 }
        real_servers:
          - { name: web1, address: 192.168.147.4 }
          - { name: web2, address: 192.168.147.3 }
        services:
          - { vip: 192.168.147.100, port: 0, scheduler: rr, persistence: 300 }

        """
      try Network.with(webPorts) { network in
        try network.apply(file, at: "web1", "web2", "director1")
        try network.expectOneServerForEachClient(ports: [443, 80])
      }
    }

    @Test func `sh with sh-port spreads a client's ports, and both directors agree where each belongs`() throws {
      let file = """
        directors:
          - { name: director1, address: 192.168.147.6, interface: ens33 }
          - { name: director2, address: 192.168.147.5, interface: ens33 }
        real_servers:
          - { name: web1, address: 192.168.147.4 }
          - { name: web2, address: 192.168.147.3 }
        services:
          - { vip: 192.168.147.100, port: 53, protocol: udp, scheduler: sh, scheduler_flags: [sh-port] }

        """
      try Network.classic { network in
        try network.apply(file)
        let servers = try [network.web1, network.web2].map {
          try Datagrams(at: $0, address: "192.168.147.100", port: 53)
        }
        // Datagrams, because a TCP client cannot use a port again before its TIME_WAIT is over.
        let clients = try (40001...40012).map { try Datagrams(at: network.client, address: "192.168.147.50", port: $0) }
        /// Which server gets the datagrams of each client port.
        func paths() throws -> [Int: Int] {
          var paths: [Int: Int] = [:]
          for (number, client) in clients.enumerated() {
            try client.send("\(number)", to: "192.168.147.100", port: 53)
          }
          try eventually("every datagram has come") {
            for (index, server) in servers.enumerated() {
              for number in server.received().compactMap({ Int($0) }) { paths[number] = index }
            }
            return paths.count == clients.count
          }
          return paths
        }
        let first = try paths()
        #expect(Set(first.values) == [0, 1])

        // director2 has never seen these clients: only the hash can send them where they were.
        try network.director1.apply(file, "--role", "standby")
        try network.director2.apply(file, "--role", "director")
        let second = try paths()
        #expect(second == first)
        try eventually("director2 has counted every client") {
          try network.director2.statistics(of: "192.168.147.100:53")?.connections == clients.count
        }
      }
    }
  }
}

extension Network {
  /// Applies the file at these machines, in this order.
  fileprivate func apply(_ file: String, at names: String...) throws {
    for name in names { try self[name].apply(file) }
  }

  /// Two clients get two servers, and each the same one at all ports of 192.168.147.100.
  fileprivate func expectOneServerForEachClient(ports: [Int]) throws {
    let one = try ports.map { try client.get("192.168.147.100", port: $0) }
    let other = try ports.map { try self["client2"].get("192.168.147.100", port: $0) }
    #expect(Set(one).count == 1)
    #expect(Set(other).count == 1)
    #expect(Set(one + other) == ["web1", "web2"])
    for port in ports {
      #expect(try client.answers(from: "192.168.147.100", port: port, count: 3) == [one[0] ?? "none": 3])
    }
  }
}

/// The classic cluster with a second client, and web servers on two ports.
private let webPorts: [Machine] =
  [Machine].classic.listening(on: 80, 443) + [Machine("client2", "192.168.147.51/24")]

/// Client and director in front, web servers behind the director.
private let twoNetworks: [Machine] = [
  Machine("client", "192.168.147.50/24", "2001:db8:147::50/64"),
  Machine(
    "director1",
    links: [
      Link(addresses: ["192.168.147.6/24", "2001:db8:147::6/64"]),
      Link(name: "ens34", lan: "inner", addresses: ["10.0.0.1/24", "2001:db8::1/64"]),
    ]),
  behind("web1", host: 4, lan: "inner"), behind("web2", host: 3, lan: "inner"),
]

/// Client and director on one network, a web server on another one, a router between them.
private let farNetwork: [Machine] = [
  Machine("client", "192.168.147.50/24", "2001:db8:147::50/64"),
  Machine(
    "director1", links: [Link(addresses: ["192.168.147.6/24", "2001:db8:147::6/64"])],
    routes: ["default via 192.168.147.1", "default via 2001:db8:147::1"]),
  Machine(
    "router",
    links: [
      Link(addresses: ["192.168.147.1/24", "2001:db8:147::1/64"]),
      Link(name: "ens34", lan: "far", addresses: ["10.0.0.1/24", "2001:db8::1/64"]),
    ]),
  behind("web1", host: 4, lan: "far"),
]

private func behind(_ name: String, host: Int, lan: String) -> Machine {
  Machine(
    name, links: [Link(lan: lan, addresses: ["10.0.0.\(host)/24", "2001:db8::\(host)/64"])],
    routes: ["default via 10.0.0.1", "default via 2001:db8::1"], page: name)
}

/// A kind of tunnel, and what an operator sets up at the real servers by hand.
private struct TunnelCase: CustomTestStringConvertible {
  let testDescription: String
  let vip: String
  let file: String
  let byHand: [String]

  init(
    _ name: String, _ tunnel: String, vip: String = "192.168.147.100", outer: String = "10.0.0.",
    interface: String = "", byHand: [String] = []
  ) {
    testDescription = name
    self.vip = vip
    self.byHand = byHand
    file = """
      directors:
        - { name: director1, address: 192.168.147.6, interface: ens33 }
      real_servers:
        - { name: web1, address: "\(outer)4"\(interface) }
      services:
        - { vip: "\(vip)", port: 80, scheduler: rr, forward: tun, tunnel: \(tunnel) }

      """
  }
}

/// GUE comes as UDP, and the port on which the kernel unwraps it is the operator's to open, after the module is loaded.
private let openPort = ["modprobe fou", "ip fou add port 6080 gue"]
private let openPort6 = ["modprobe fou6", "ip -6 fou add port 6080 gue"]

/// ip6tnl0 takes IPv6 packets alone until it is told to take IPv4 too.
private let anyFamily = ["modprobe ip6_tunnel", "ip -6 tunnel change ip6tnl0 mode any"]

private let tunnelCases: [TunnelCase] = [
  TunnelCase("ipip", "{ type: ipip }"),
  TunnelCase("gre", "{ type: gre }"),
  TunnelCase("gue", "{ type: gue, port: 6080 }", byHand: openPort),
  TunnelCase("gue with checksums", "{ type: gue, port: 6080, checksum: csum }", byHand: openPort),
  TunnelCase("gue with remote checksum offload", "{ type: gue, port: 6080, checksum: remcsum }", byHand: openPort),
  // gre0 takes packets without checksums alone, and cannot be told otherwise: the operator makes a device that does.
  TunnelCase(
    "gre with checksums", "{ type: gre, checksum: csum }", interface: ", interface: gre-lvs",
    byHand: ["ip link add gre-lvs type gre dev ens33 csum"]),
  TunnelCase("ipip for an IPv6 VIP to IPv4 real servers", "{ type: ipip }", vip: "2001:db8:147::100"),
  TunnelCase("gre for an IPv6 VIP to IPv4 real servers", "{ type: gre }", vip: "2001:db8:147::100"),
  TunnelCase(
    "gue for an IPv6 VIP to IPv4 real servers", "{ type: gue, port: 6080 }", vip: "2001:db8:147::100", byHand: openPort),
  TunnelCase("ipip for IPv6", "{ type: ipip }", vip: "2001:db8:147::100", outer: "2001:db8::"),
  TunnelCase("gre for IPv6", "{ type: gre }", vip: "2001:db8:147::100", outer: "2001:db8::"),
  TunnelCase(
    "gue for IPv6", "{ type: gue, port: 6080 }", vip: "2001:db8:147::100", outer: "2001:db8::", byHand: openPort6),
  TunnelCase("ipip for an IPv4 VIP to IPv6 real servers", "{ type: ipip }", outer: "2001:db8::", byHand: anyFamily),
  TunnelCase("gre for an IPv4 VIP to IPv6 real servers", "{ type: gre }", outer: "2001:db8::"),
  TunnelCase(
    "gue for an IPv4 VIP to IPv6 real servers", "{ type: gue, port: 6080 }", outer: "2001:db8::",
    byHand: openPort6 + anyFamily),
]
