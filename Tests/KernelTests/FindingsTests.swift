import Testing

extension RealKernel {
  /// What the file and one look at the machine can tell, and the plan cannot mend: told when traffic suffers, as curl
  /// says, and not told when it does not.
  @Suite struct FindingsTests {
    private static let clean: [String] = []

    @Test func `the classic cluster has nothing to say on any node`() throws {
      try Network.classic { network in
        try network.apply(Clusters.classic)
        for node in [network.director1, network.director2, network.web1, network.web2] {
          #expect(try node.findings(Clusters.classic) == Self.clean)
          let status = try node.status(Clusters.classic)
          #expect(status.status == 0)
          #expect(status.json["findings"] == [])
          #expect(try node.lvsctl("diff", Clusters.classic).lines.count == 2)
        }
      }
    }

    // MARK: Services

    @Test func `a service that gives nobody a weight, and a mark without a VIP to hold, are told`() throws {
      let idle = Clusters.classic.replacing(
        "scheduler: rr", with: "scheduler: rr, real_servers: [{ server: web1, weight: 0 }, { server: web2, weight: 0 }]"
      )
      let mark = Clusters.classic.replacing("vip: 192.168.147.100, port: 80", with: "fwmark: 7")
      try Network.classic { network in
        try network.apply(idle)
        #expect(try network.client.get("192.168.147.100") == nil)
        #expect(try network.director1.findings(idle) == ["warning no-weight tcp 192.168.147.100:80"])
        try network.apply(Clusters.classic)
        #expect(try network.client.get("192.168.147.100") != nil)
        #expect(try network.director1.findings(Clusters.classic) == Self.clean)
        #expect(try network.director1.findings(mark) == ["warning fwmark-without-vip fwmark 7 ipv4"])
        #expect(try network.director1.findings(mark + "vips: [{ address: 192.168.147.101 }]\n") == Self.clean)
      }
    }

    // MARK: The way to real servers

    @Test func `a real server behind a router is not reached by direct routing, and by a tunnel it is`() throws {
      let file = farFile("dr")
      try withFarNetwork { network in
        for node in [network.web1, network.director1] { try node.apply(file) }
        #expect(try network.client.get("192.168.147.100") == nil)
        let diff = try network.director1.plan("diff", file)
        #expect(diff.status == 0)
        #expect(diff.findings == ["error dr-gateway 10.0.0.4"])
        let finding = try #require(diff.json["findings"].elements.first)
        #expect(finding["node"] == "director1")
        #expect(finding["facts"]["via"] == "192.168.147.1")
        #expect(try network.director1.lvsctl("diff", file).output.contains("error: web1 (10.0.0.4) is reached through"))
        #expect(try network.director1.status(file).status == 1)
        #expect(try network.director1.lvsctl("apply", file).status == 0)
        #expect(try network.web1.findings(file) == Self.clean)

        let tunnel = farFile("tun")
        for node in [network.web1, network.director1] { try node.apply(tunnel) }
        #expect(try network.client.get("192.168.147.100") == "web1")
        #expect(try network.director1.findings(tunnel) == Self.clean)
        #expect(try network.director1.status(tunnel).status == 0)

        try network.director1.ip("route del default via 192.168.147.1")
        #expect(try network.client.get("192.168.147.100") == nil)
        #expect(try network.director1.findings(tunnel) == ["error no-route 10.0.0.4"])
      }
    }

    @Test func `a route that a rule of its own chooses counts`() throws {
      try withFarNetwork { network in
        let node = network.director1
        try node.ip("route del default via 192.168.147.1", "route add 10.0.0.0/24 via 192.168.147.1 table 77")
        #expect(try node.findings(farFile("tun")) == ["error no-route 10.0.0.4"])
        try node.ip("rule add to 10.0.0.0/24 lookup 77")
        #expect(try node.findings(farFile("tun")) == Self.clean)
      }
    }

    @Test func `what a link takes along when it goes down is told, and what it does not bring back`() throws {
      let lost = [
        "error missing-address 2001:db8:147::6", "error no-route 2001:db8:147::4", "error no-route 2001:db8:147::3",
      ]
      try Network.with(.dualStack()) { network in
        let node = network.director1
        for node in [network.web1, network.web2, node] { try node.apply(Clusters.dualStack) }
        #expect(try network.client.get("2001:db8:147::100") != nil)

        try node.ip("link set ens33 down")
        #expect(try node.findings(Clusters.dualStack) == ["error link-down ens33"] + lost)
        #expect(try node.status(Clusters.dualStack).status == 1)

        try node.ip("link set ens33 up")
        try node.apply(Clusters.dualStack)
        #expect(try network.client.get("2001:db8:147::100") == nil)
        #expect(try node.findings(Clusters.dualStack) == lost)
        #expect(try node.status(Clusters.dualStack).status == 1)

        try node.ip("address add 2001:db8:147::6/64 dev ens33 nodad")
        try eventually("the director forwards again") { try network.client.get("2001:db8:147::100") != nil }
        #expect(try node.findings(Clusters.dualStack) == Self.clean)
        #expect(try node.status(Clusters.dualStack).status == 0)
      }
    }

    @Test func `an interface without carrier is told`() throws {
      try Network.classic { network in
        let node = network.director1
        let file = Clusters.classic(interface: "plug")
        try node.ip("link add plug type veth peer name socket", "link set plug up")
        #expect(try node.findings(file) == ["error no-carrier plug"])
        try node.ip("link set socket up")
        #expect(try node.findings(file) == Self.clean)
      }
    }

    // MARK: The way back

    @Test func `clients on the network of NAT real servers are not served`() throws {
      let file = Clusters.classic.replacing("scheduler: rr", with: "scheduler: rr, forward: nat")
      try Network.classic { network in
        for node in [network.web1, network.web2, network.director1] { try node.apply(file) }
        for web in [network.web1, network.web2] {
          try web.ip("route add default via 192.168.147.6")
          #expect(try web.findings(file) == Self.clean)
        }
        #expect(try network.client.get("192.168.147.100") == nil)
        #expect(try network.director1.findings(file) == ["warning nat-same-network 192.168.147.0/24"])
        // Clients elsewhere can be served: this is no fault of the whole.
        #expect(try network.director1.status(file).status == 0)
      }
    }

    @Test func `a strict reverse path filter drops what comes by the other interface, and nothing else tells`() throws {
      let file = """
        directors: [{ name: director1, address: 192.168.147.6, interface: ens34 }]
        real_servers: [{ name: web1, address: 192.168.147.4 }]
        services: [{ vip: 10.0.0.100, port: 80, scheduler: rr }]

        """
      func machine(_ name: String, _ host: Int, page: String? = nil) -> Machine {
        Machine(
          name,
          links: [
            Link(addresses: ["192.168.147.\(host)/24"]),
            Link(name: "ens34", lan: "outer", addresses: ["10.0.0.\(host)/24"]),
          ], page: page)
      }
      let client = Machine("client", links: [Link(lan: "outer", addresses: ["10.0.0.50/24"])])
      try Network.with([client, machine("director1", 6), machine("web1", 4, page: "web1")]) { network in
        for node in [network.web1, network.director1] { try node.apply(file) }
        try network.web1.setSysctl("net/ipv4/conf/ens33/rp_filter", 1)
        #expect(try network.client.answers(from: "10.0.0.100", count: 3) == ["none": 3])
        #expect(try network.web1.plan("diff", file).changes == [])
        #expect(try network.web1.findings(file) == ["warning rp-filter ens33"])

        for filter in [0, 2] {
          try network.web1.setSysctl("net/ipv4/conf/ens33/rp_filter", filter)
          #expect(try network.client.answers(from: "10.0.0.100", count: 3) == ["web1": 3])
          #expect(try network.web1.findings(file) == Self.clean)
        }
      }
    }

    // MARK: What a real server does

    @Test(arguments: ["10.0.0.4", "2001:db8::4"])
    func `a GUE real server without its port is told, and loses what is sent to it`(address: String) throws {
      let file = farFile("tun, tunnel: { type: gue, port: 6080 }", address: address)
      let family = address.contains(":") ? "-6" : "-4"
      try withFarNetwork { network in
        if family == "-6" {
          try succeed(["modprobe", "ip6_tunnel"])
          try network.web1.succeed("ip -6 tunnel change ip6tnl0 mode any")
        }
        #expect(try network.web1.findings(file) == ["error gue-port 6080"])
        for node in [network.web1, network.director1] { try node.apply(file) }
        #expect(try network.client.get("192.168.147.100") == nil)
        #expect(try network.web1.findings(file) == ["error gue-port 6080"])
        #expect(try network.director1.findings(file) == Self.clean)

        try network.web1.succeed("ip \(family) fou add port 6080 gue")
        #expect(try network.client.get("192.168.147.100") == "web1")
        #expect(try network.web1.findings(file) == Self.clean)
      }
    }

    @Test func `ARP that the file leaves to others is told while a real server answers for the VIP`() throws {
      let keep = ["arp_ignore", "arp_announce"].map { "net.ipv4.conf.all.\($0): keep" }.joined(separator: ", ")
      let file = Clusters.classic + "sysctls: { real_server: { \(keep) } }\n"
      try Network.classic { network in
        let web = network.web1
        try web.apply(file)
        #expect(try network.client.get("192.168.147.100") == "web1")
        #expect(try network.client.neighbour("192.168.147.100") == web.hardwareAddress())
        #expect(
          try web.findings(file) == [
            "warning arp-not-muted net.ipv4.conf.ens33.arp_ignore",
            "warning arp-not-muted net.ipv4.conf.ens33.arp_announce",
          ])

        try web.setSysctl("net/ipv4/conf/all/arp_ignore", 1)
        try web.setSysctl("net/ipv4/conf/ens33/arp_announce", 2)
        try network.client.ip("neigh flush all")
        #expect(try network.client.get("192.168.147.100") == nil)
        #expect(try web.findings(file) == Self.clean)
      }
    }
  }
}

extension PlanReport {
  /// `SEVERITY CODE SUBJECT` of every finding.
  var findings: [String] {
    json["findings"].elements.map {
      "\($0["severity"].string ?? "?") \($0["code"].string ?? "?") \($0["subject"].string ?? "?")"
    }
  }
}

extension Namespace {
  /// `SEVERITY CODE SUBJECT` of every finding of a diff.
  func findings(_ cluster: String) throws -> [String] { try plan("diff", cluster).findings }
}

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
  Machine(
    "web1", links: [Link(lan: "far", addresses: ["10.0.0.4/24", "2001:db8::4/64"])],
    routes: ["default via 10.0.0.1", "default via 2001:db8::1"], page: "web1"),
]

/// Runs a test in the far network, its router at work.
private func withFarNetwork(_ body: (Network) throws -> Void) throws {
  try Network.with(farNetwork) { network in
    for family in ["ipv4/ip_forward", "ipv6/conf/all/forwarding"] {
      try network["router"].setSysctl("net/\(family)", 1)
    }
    try body(network)
  }
}

private func farFile(_ forward: String, address: String = "10.0.0.4") -> String {
  """
  directors: [{ name: director1, address: 192.168.147.6, interface: ens33 }]
  real_servers: [{ name: web1, address: "\(address)" }]
  services: [{ vip: 192.168.147.100, port: 80, scheduler: rr, forward: \(forward) }]

  """
}
