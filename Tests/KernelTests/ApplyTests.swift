import Testing

extension RealKernel {
  /// `apply` sets on each node what its role means, as tools tell that lvsctl did not write, and nothing else.
  @Suite struct ApplyTests {
    @Test func `the classic cluster answers five and five, past the director`() throws {
      try Network.classic { network in
        try network.apply(Clusters.classic)
        #expect(try network.client.answers(from: "192.168.147.100", count: 10) == ["web1": 5, "web2": 5])
        #expect(try network.client.neighbour("192.168.147.100") == network.director1.hardwareAddress())
        try eventually("the director has counted ten connections") {
          try network.director1.statistics(of: "192.168.147.100:80")?.connections == 10
        }
        #expect(try network.director1.statistics(of: "192.168.147.100:80")?.outPackets == 0)
      }
    }

    @Test func `a director gets services, the VIP and its sysctls, and nothing else`() throws {
      try Network.classic { network in
        let node = network.director1
        let before = try node.state()
        try node.apply(Clusters.classic)
        let after = try node.state()
        #expect(
          after.added(since: before)
            == NodeState(
              ipvs: services, addresses: ["192.168.147.100/32 dev ens33 label ens33:0"],
              routes: ["local 192.168.147.100 dev ens33 table local proto kernel"],
              sysctls: Set(redirects.map { "\($0) = 0" })))
        #expect(
          before.added(since: after)
            == NodeState(ipvs: [], addresses: [], routes: [], sysctls: Set(redirects.map { "\($0) = 1" })))
        #expect(try node.sysctl("net/ipv4/ip_forward") == "0")
      }
    }

    @Test func `a standby gets services and sysctls, and no VIP`() throws {
      try Network.classic { network in
        let node = network.director2
        let before = try node.state()
        try node.apply(Clusters.classic)
        let after = try node.state()
        #expect(
          after.added(since: before)
            == NodeState(ipvs: services, addresses: [], routes: [], sysctls: Set(redirects.map { "\($0) = 0" })))
        #expect(
          before.added(since: after)
            == NodeState(ipvs: [], addresses: [], routes: [], sysctls: Set(redirects.map { "\($0) = 1" })))
      }
    }

    @Test func `a real server gets the VIP on lo, its route and ARP sysctls, and no service`() throws {
      try Network.classic { network in
        let node = network.web1
        let before = try node.state()
        try node.apply(Clusters.classic)
        let after = try node.state()
        let scopes = ["all", "lo"].map { "net/ipv4/conf/\($0)" }
        #expect(
          after.added(since: before)
            == NodeState(
              ipvs: [], addresses: ["192.168.147.100/32 dev lo label lo:0"],
              routes: [
                "local 192.168.147.100 dev lo table local proto kernel",
                "unicast 192.168.147.100 dev lo table main proto 76",
              ], sysctls: Set(scopes.flatMap { ["\($0)/arp_ignore = 1", "\($0)/arp_announce = 2"] })))
        #expect(
          before.added(since: after)
            == NodeState(
              ipvs: [], addresses: [], routes: [],
              sysctls: Set(scopes.flatMap { ["\($0)/arp_ignore = 0", "\($0)/arp_announce = 0"] })))
      }
    }

    @Test(arguments: ["director1", "director2", "web1"])
    func `a second apply changes nothing and says so`(machine: String) throws {
      try Network.classic { network in
        let node = network[machine]
        try node.apply(Clusters.classic)
        let before = try node.state()

        let monitor = try node.start("ip", "-oneline", "monitor", "link", "address", "route")
        // Two lines an address: itself, and the kernel's own route to it.
        func mark(_ address: String) throws {
          try eventually("ip monitor reports \(address)") {
            _ = try node.run("ip", "address", "replace", "\(address)/32", "dev", "lo")
            return monitor.output.lines.filter { $0.contains(address) }.count >= 2
          }
          try node.ip("address del \(address)/32 dev lo")
          try eventually("ip monitor reports that \(address) is gone") {
            monitor.output.lines.filter { $0.contains("Deleted") && $0.contains(address) }.count >= 2
          }
        }
        try mark("203.0.113.1")
        let report = try node.plan("apply", Clusters.classic)
        try mark("203.0.113.2")

        #expect(report.status == 0)
        #expect(report.json["changes"] == [])
        #expect(report.json["summary"] == ["create": 0, "update": 0, "delete": 0])
        #expect(monitor.output.lines.filter { !$0.contains("203.0.113.") } == [])
        #expect(try node.state() == before)
      }
    }

    @Test func `the plan of a first apply lists every step in its safe order`() throws {
      try Network.classic { network in
        let plan = try network.director1.plan("diff", Clusters.classic)
        #expect(plan.status == 1)
        let service = "tcp 192.168.147.100:80"
        #expect(
          Set(plan.changes.filter { $0 != "create module ip_vs" })
            == Set(
              redirects.map { "update sysctl \($0.split(separator: "/").joined(separator: "."))" } + [
                "create service \(service)", "create real_server \(service) -> 192.168.147.3:80",
                "create real_server \(service) -> 192.168.147.4:80", "create address 192.168.147.100/32 dev ens33",
              ]))
        #expect(plan.changes.last == "create address 192.168.147.100/32 dev ens33")
        #expect(plan.json["cluster"] == "cluster")
        #expect(plan.json["node"] == "director1")
        #expect(plan.json["role"] == "director")
        #expect(plan.change(of: service)["before"] == nil)
        #expect(plan.change(of: service)["after"]["scheduler"] == "rr")
        #expect(try network.director1.plan("apply", Clusters.classic).changes == plan.changes)

        let web = try network.web1.plan("diff", Clusters.classic).changes
        let vip = try #require(web.firstIndex(of: "create address 192.168.147.100/32 dev lo"))
        #expect(web[..<vip].filter { $0.contains("arp_") }.count == 4)
        #expect(web.contains("create route 192.168.147.100/32 dev lo"))
      }
    }

    @Test func `a diff changes nothing`() throws {
      try Network.classic { network in
        for node in [network.director1, network.director2, network.web1] {
          let before = try node.state()
          #expect(try node.lvsctl("diff", Clusters.classic).status == 1)
          #expect(try node.state() == before)
        }
      }
    }

    @Test func `addresses and routes carry the mark of lvsctl`() throws {
      try Network.classic { network in
        for node in [network.director1, network.web1] {
          #expect(try node.addressMarks()["192.168.147.100/32"] == nil)
          try node.apply(Clusters.classic)
          #expect(try node.addressMarks()["192.168.147.100/32"] == 76)
        }
      }
    }

    @Test func `an IPv6 service answers five and five`() throws {
      try Network.with(.dualStack()) { network in
        try network.apply(Clusters.dualStack)
        #expect(try network.client.answers(from: "2001:db8:147::100", count: 10) == ["web1": 5, "web2": 5])
        #expect(try network.client.answers(from: "192.168.147.100", count: 10) == ["web1": 5, "web2": 5])
        #expect(try network.client.neighbour("2001:db8:147::100") == network.director1.hardwareAddress())
        try eventually("the director has counted ten connections") {
          try network.director1.statistics(of: "[2001:db8:147::100]:80")?.connections == 10
        }
        #expect(try network.director1.statistics(of: "[2001:db8:147::100]:80")?.outPackets == 0)

        let director = try network.director1.addresses()
        #expect(director.contains("2001:db8:147::100/128 dev ens33"))
        #expect(try network.director1.addressMarks()["2001:db8:147::100/128"] == 76)
        #expect(try network.web1.addresses().contains("2001:db8:147::100/128 dev lo"))
        #expect(try network.web1.routes().contains("unicast 2001:db8:147::100 dev lo table main proto 76"))
        #expect(try !network.director2.addresses().contains { $0.hasPrefix("2001:db8:147::100") })
        for node in [network.director1, network.director2, network.web1] {
          #expect(try node.plan("apply", Clusters.dualStack).changes == [])
        }
      }
    }

    @Test func `an interface whose name has a dot gets its sysctls`() throws {
      try Network.with(.dualStack(ipv6: false, interface: "ens33.100")) { network in
        let cluster = Clusters.classic(interface: "ens33.100")
        try network.apply(cluster)
        #expect(try network.director1.sysctl("net/ipv4/conf/ens33.100/send_redirects") == "0")
        #expect(try network.director1.addresses().contains("192.168.147.100/32 dev ens33.100 label ens33.100:0"))
        #expect(try network.client.answers(from: "192.168.147.100", count: 10) == ["web1": 5, "web2": 5])
        #expect(try network.director1.plan("apply", cluster).changes == [])
      }
    }
  }
}

private let services: Set<String> = [
  "-A -t 192.168.147.100:80 -s rr",
  "-a -t 192.168.147.100:80 -r 192.168.147.3:80 -g -w 1",
  "-a -t 192.168.147.100:80 -r 192.168.147.4:80 -g -w 1",
]

private let redirects = ["all", "default", "ens33"].map { "net/ipv4/conf/\($0)/send_redirects" }
