import Testing

extension RealKernel {
  /// Who holds a VIP, a service, an address: one director or another, another program, or somebody's hand.
  @Suite struct HolderTests {
    private static let directors = """
      directors:
        - { name: director1, address: 192.168.147.6, interface: ens33 }
        - { name: director2, address: 192.168.147.5, interface: ens33 }
      real_servers:
        - { name: web1, address: 192.168.147.4 }
        - { name: web2, address: 192.168.147.3 }

      """

    @Test func `two directors are each active for their own VIPs`() throws {
      let file = """
        \(Self.directors)
        vips:
          - { name: one, address: 192.168.147.100 }
          - { name: two, address: 192.168.147.101, held_by: director2 }
        services: [{ vip: [one, two], port: 80, scheduler: rr }]

        """
      try Network.classic { network in
        try network.apply(file)
        for (vip, director) in [("192.168.147.100", network.director1), ("192.168.147.101", network.director2)] {
          #expect(try network.client.answers(from: vip, count: 6) == ["web1": 3, "web2": 3])
          #expect(try network.client.neighbour(vip) == director.hardwareAddress())
        }
        for node in [network.director1, network.director2] {
          #expect(try node.plan("diff", file).changes == [])
        }
        try network.director2.apply(file, "--role", "standby")
        #expect(try !network.director2.addresses().contains { $0.hasPrefix("192.168.147.101/") })
      }
    }

    @Test func `a service of another program is left alone, also when services are pruned`() throws {
      let file = """
        \(Self.directors)
        ignore: [10.0.0.0/8, { fwmark: 7 }]
        services:
          - { vip: 192.168.147.100, port: 80, scheduler: rr }
          - { vip: 192.168.147.100, port: 81, scheduler: rr, held_by: external }

        """
      let others = [
        "-A -t 192.168.147.100:81 -s sh", "-a -t 192.168.147.100:81 -r 192.168.147.3:81 -g -w 9",
        "-A -t 10.1.2.3:80 -s rr", "-A -f 7 -s rr",
      ]
      try Network.classic { network in
        let node = network.director1
        try node.ipvsadm(others + ["-A -t 172.16.0.1:80 -s rr"])
        let outcome = try node.lvsctl("apply", file, "--prune")
        #expect(outcome.status == 0)
        #expect(!outcome.output.contains("10.1.2.3") && !outcome.output.contains(":81"))
        #expect(Set(others).isSubset(of: try node.ipvs()))
        #expect(try !node.ipvs().contains { $0.contains("172.16.0.1") })
        #expect(try node.lvsctl("teardown", file).status == 0)
        #expect(try node.ipvs() == Set(others))
        // The real servers' part is done for it all the same.
        try network.web1.apply(file)
        #expect(try network.web1.addresses().contains { $0.hasPrefix("192.168.147.100/32 dev lo") })
      }
    }

    @Test func `a loopback address is whichever director forwards`() throws {
      let file = """
        \(Self.directors)  - { name: sorry, address: 127.0.0.1 }
        services: [{ vip: 192.168.147.100, port: 80, scheduler: rr, real_servers: [web1, sorry] }]

        """
      var machines: [Machine] = .classic
      for index in machines.indices where machines[index].name.hasPrefix("director") {
        machines[index].page = machines[index].name
      }
      try Network.with(machines) { network in
        for node in [network.web1, network.director2, network.director1] { try node.apply(file) }
        #expect(try network.client.answers(from: "192.168.147.100", count: 6) == ["web1": 3, "director1": 3])
        try network.director1.apply(file, "--role", "standby")
        try network.director2.apply(file, "--role", "director")
        #expect(try network.client.answers(from: "192.168.147.100", count: 6) == ["web1": 3, "director2": 3])
        #expect(try network.director2.plan("apply", file, "--role", "director").changes == [])
      }
    }

    @Test func `the interface's own name as a label is none, and converges`() throws {
      let file = Clusters.classic + "vips: [{ address: 192.168.147.100, label: ens33, prefix: 24 }]\n"
      try Network.classic { network in
        let node = network.director1
        try node.apply(file)
        #expect(try node.addresses().contains("192.168.147.100/24 dev ens33 label ens33"))
        #expect(try node.plan("apply", file).changes == [])
        // The prefix is the director's: on lo a network would be local as a whole.
        try network.web1.apply(file)
        #expect(try network.web1.addresses().contains("192.168.147.100/32 dev lo label lo:0"))
        // Another label, and back: an address of lvsctl's own gets it.
        #expect(try node.addresses().filter { $0.hasPrefix("192.168.147.100/") }.count == 1)
        try node.apply(file.replacing("prefix: 24", with: "prefix: 32"))
        #expect(
          try node.addresses().filter { $0.hasPrefix("192.168.147.100/") } == [
            "192.168.147.100/32 dev ens33 label ens33"
          ])
        try node.apply(file.replacing("label: ens33", with: "label: \"ens33:web\""))
        #expect(try node.addresses().contains("192.168.147.100/24 dev ens33 label ens33:web"))
        try node.apply(file)
        #expect(try node.addresses().contains("192.168.147.100/24 dev ens33 label ens33"))
      }
    }

    @Test func `an IPv6 address is adopted, too`() throws {
      try Network.with(.dualStack()) { network in
        let node = network.director1
        try node.ip("address add 2001:db8:147::100/128 dev ens33 nodad")
        try node.apply(Clusters.dualStack, "--adopt")
        #expect(try node.addressMarks()["2001:db8:147::100/128"] == 76)
        #expect(try node.plan("apply", Clusters.dualStack).changes == [])
      }
    }

    @Test func `an address that somebody added stays theirs until it is adopted, without leaving the interface`() throws
    {
      let file = Clusters.classic + "vips: [{ address: 192.168.147.100, label: \"ens33:web\" }]\n"
      let theirs = "192.168.147.100/32 dev ens33 label ens33:0"
      try Network.classic { network in
        let node = network.director1
        try node.ip("address add 192.168.147.100/32 dev ens33 label ens33:0")
        let outcome = try node.lvsctl("apply", file)
        #expect(outcome.status == 0)
        #expect((outcome.output + outcome.errors).contains("192.168.147.100/32 dev ens33"))
        #expect((outcome.output + outcome.errors).contains("--adopt"))
        #expect(try node.addresses().contains(theirs))
        #expect(try node.addressMarks()["192.168.147.100/32"] == nil)
        #expect(try node.lvsctl("teardown", file).status == 0)
        #expect(try node.addresses().contains(theirs))

        let monitor = try node.start("ip", "monitor", "address")
        defer { monitor.stop() }
        try eventually("the monitor listens") {
          try node.ip("address add 192.0.2.1/32 dev lo", "address delete 192.0.2.1/32 dev lo")
          return monitor.output.contains("192.0.2.1")
        }
        try node.apply(Clusters.classic, "--adopt")
        #expect(try node.addressMarks()["192.168.147.100/32"] == 76)
        #expect(try node.addresses().filter { $0.hasPrefix("192.168.147.100/") } == [theirs])
        // Whenever it goes with one prefix it is there with another.
        var held = 1
        try eventually("the monitor has told all") {
          monitor.output.contains("Deleted") && monitor.output.contains("/31")
        }
        for line in monitor.output.lines where line.contains("192.168.147.100/") {
          held += line.contains("Deleted") ? -1 : 1
          #expect(held > 0, "\(monitor.output)")
        }
        #expect(try node.plan("apply", Clusters.classic).changes == [])
        #expect(try node.lvsctl("teardown", Clusters.classic).status == 0)
        #expect(try !node.addresses().contains(theirs))
      }
    }
  }
}
