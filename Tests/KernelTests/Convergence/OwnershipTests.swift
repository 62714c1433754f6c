import Testing

extension RealKernel {
  /// What left the file is found and taken away; what others added stays.
  @Suite struct OwnershipTests {
    private static let many =
      Clusters.classic + """
          - { vip: 192.168.147.101, port: [80, 443] }
          - { fwmark: 7, scheduler: rr }
        vips:
          - { address: 192.168.147.102 }

        """

    @Test func `VIPs, routes and services that left the file go on every node, and nothing else`() throws {
      try succeed(["modprobe", "-a", "ip_vs"])
      try Network.classic { network in
        for name in ["director1", "director2", "web1"] {
          let node = network[name]
          try node.apply(Clusters.classic)
          try node.ip("address add 192.168.147.99/32 dev lo", "route add 192.168.147.98/32 dev lo")
          try node.succeed("ipvsadm -R", input: "-A -t 10.0.0.9:443 -s wrr\n-A -f 9 -s rr\n")
          let before = try node.state()
          try node.apply(Self.many)
          let grown = try node.state().added(since: before)
          #expect(grown.addresses.count == (name == "director2" ? 0 : 2))
          #expect(grown.ipvs.count == (name == "web1" ? 0 : 9))
          // A service on a VIP of the file is the file's, whoever added it.
          if name != "web1" { try node.succeed("ipvsadm -A -t 192.168.147.101:8080 -s rr") }

          try node.apply(Clusters.classic)
          try node.expectUnchanged(since: before)
          #expect(try node.plan("diff", Clusters.classic).unmanaged.count == 2)
        }
      }
    }

    @Test func `a real server whose VIPs go to another interface keeps no route over the old one`() throws {
      try Network.classic { network in
        let node = network.web1
        try node.ip("link add dummy7 type dummy", "link set dummy7 up")
        let before = try node.state()
        let dummy = Clusters.classic.replacing("name: web1,", with: "name: web1, interface: dummy7,")
        try node.apply(dummy)
        #expect(try node.addresses().contains { $0.hasPrefix("192.168.147.100/32 dev dummy7") })
        try node.apply(Clusters.classic)
        #expect(try node.addresses().filter { $0.hasPrefix("192.168.147.100/32") }.count == 1)
        #expect(try node.routes().filter { $0.contains("192.168.147.100 dev dummy7") } == [])
        #expect(try node.plan("diff", Clusters.classic).changes == [])
        #expect(try node.lvsctl("teardown", Clusters.classic).status == 0)
        try node.expectUnchanged(since: before)
      }
    }

    @Test func `a run for the real server's part alone forgets no VIP of the director's part`() throws {
      func file(_ vip: String) -> String {
        """
        directors:
          - { name: director1, address: 192.168.147.6, interface: ens33 }
          - { name: director2, address: 192.168.147.5, interface: ens33 }
        real_servers: [{ name: director2, address: 192.168.147.5 }]
        services: [{ vip: \(vip), port: 80, scheduler: rr }]

        """
      }
      try Network.classic { network in
        let node = network.director2
        // As a standby it would do without a service of which it is a real server.
        try node.apply(file("192.168.147.100"), "--role", "director")
        try node.apply(file("192.168.147.101"), "--role", "realserver")
        let plan = try node.plan("apply", file("192.168.147.101"))
        #expect(plan.changes.contains("delete service tcp 192.168.147.100:80"))
        #expect(plan.json["unmanaged"].elements.isEmpty)
        #expect(try node.plan("diff", file("192.168.147.101")).changes == [])
      }
    }

    @Test func `a VIP of another holder stays on the director, and its services go with the file`() throws {
      try Network.classic { network in
        let node = network.director1
        let external = Clusters.classic + "vips: [{ address: 192.168.147.100, held_by: external }]\n"
        _ = try node.ipvs()
        try node.ip("address add 192.168.147.100/32 dev ens33")
        let before = try node.state()
        try node.apply(external)
        #expect(try node.addresses() == before.addresses)
        #expect(try node.ipvs().count == 3)
        #expect(try node.lvsctl("teardown", external).status == 0)
        try node.expectUnchanged(since: before)
      }
    }
  }
}
