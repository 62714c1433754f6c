import Testing

extension RealKernel {
  /// Which node this is, and what it is told to be.
  @Suite struct RoleTests {
    @Test(arguments: [
      ("director1", "director"), ("director2", "standby"), ("web1", "realserver"), ("web2", "realserver"),
    ])
    func `a node finds its role by its address`(machine: String, role: String) throws {
      try Network.classic { network in
        let plan = try network[machine].plan("diff", Clusters.classic)
        #expect(plan.json["node"].string == machine)
        #expect(plan.json["role"].string == role)
      }
    }

    @Test func `a standby is promoted and the director demoted, and clients follow`() throws {
      try Network.classic { network in
        try network.apply(Clusters.classic)
        #expect(try network.client.get("192.168.147.100") != nil)

        try network.director1.apply(Clusters.classic, "--role", "standby")
        #expect(try !network.director1.addresses().contains { $0.hasPrefix("192.168.147.100/") })
        #expect(try network.director1.ipvs().count == 3)
        try network.director2.apply(Clusters.classic, "--role", "director")
        #expect(
          try network.director2.addresses().contains("192.168.147.100/32 dev ens33 label ens33:0"))

        #expect(try network.client.answers(from: "192.168.147.100", count: 10) == ["web1": 5, "web2": 5])
        #expect(try network.client.neighbour("192.168.147.100") == network.director2.hardwareAddress())
      }
    }

    @Test func `a change of role switches the sync daemon, and a limited run leaves it alone`() throws {
      let file = """
        directors:
          - { name: director1, address: 192.168.147.6, interface: ens33 }
          - { name: director2, address: 192.168.147.5, interface: ens33 }
        real_servers: [{ name: director1, address: 192.168.147.6 }, { name: web1, address: 192.168.147.4 }]
        sync: { interface: ens33, id: 7, maxlen: 1400 }
        services: [{ vip: 192.168.147.100, port: 80, scheduler: rr }]

        """
      let options = "(mcast=ens33, syncid=7, maxlen=1400, group=224.0.0.81, port=8848, ttl=1)"
      try Network.classic { network in
        let node = network.director1
        for (role, daemon) in [("auto", "master"), ("standby", "backup"), ("director", "master")] {
          try node.apply(file, "--role", role)
          #expect(try node.plan("apply", file, "--role", role).changes == [])
          #expect(try node.ipvsadm().daemons == ["\(daemon) sync daemon \(options)"])
          try node.apply(file, "--role", "realserver")
          #expect(try node.ipvsadm().daemons == ["\(daemon) sync daemon \(options)"])
        }
        // What lvsctl started ends when the file does not name it any more.
        try node.apply(file.replacing("sync: {", with: "# sync: {"), "--role", "standby")
        #expect(try node.ipvsadm().daemons == [])
      }
    }

    @Test func `a machine that the file does not know is told what the file knows and what it is`() throws {
      try Network.classic { network in
        let before = try network.client.state()
        for command in ["diff", "apply"] {
          let outcome = try network.client.lvsctl(command, Clusters.classic)
          #expect(outcome.status == 65)
          #expect(outcome.output == "")
          for word in ["director1", "director2", "web1", "web2", "192.168.147.50"] {
            #expect(outcome.errors.contains(word))
          }
        }
        #expect(try network.client.state() == before)
      }
    }

    @Test func `a director is refused the role of a real server`() throws {
      try Network.classic { network in
        let before = try network.director1.state()
        let outcome = try network.director1.lvsctl("apply", Clusters.classic, "--role", "realserver")
        #expect(outcome.status == 65)
        #expect(outcome.errors.contains("director1"))
        #expect(try network.director1.state() == before)
      }
    }

    @Test func `a node that is named needs no address`() throws {
      try Network.classic { network in
        let plan = try network.client.plan("diff", Clusters.classic, "--node", "web1")
        #expect(plan.status == 1)
        #expect(plan.json["node"] == "web1")
        #expect(plan.changes.contains("create address 192.168.147.100/32 dev lo"))
      }
    }

    @Test func `a director that is a real server too gets both, and forwards to itself`() throws {
      let both = """
        directors:
          - { name: director1, address: 192.168.147.6, interface: ens33 }
        real_servers:
          - { name: web1, address: 192.168.147.4 }
          - { name: director1, address: 192.168.147.6 }
        services:
          - { vip: 192.168.147.100, port: 80, scheduler: rr }

        """
      var machines: [Machine] = .classic
      machines[1].page = "director1"
      try Network.with(machines) { network in
        for node in [network.web1, network.director1] { try node.apply(both) }
        #expect(try network.client.answers(from: "192.168.147.100", count: 10) == ["web1": 5, "director1": 5])
        #expect(try network.director1.plan("apply", both).changes == [])
      }
    }

    // MARK: Remembered roles

    private static func role(of node: Namespace, _ file: String = Clusters.classic) throws -> String? {
      try node.plan("diff", file).json["role"].string
    }

    @Test func `a promoted standby stays the director until --role says otherwise`() throws {
      try Network.classic { network in
        let node = network.director2
        let vip = "192.168.147.100/32 dev ens33 label ens33:0"
        try node.apply(Clusters.classic, "--role", "director")
        for options in [[], ["--role", "auto"]] {
          let again = try node.lvsctl("apply", Clusters.classic(scheduler: "wlc"), options)
          #expect(again.status == 0)
          #expect(again.errors == "The role director is remembered from an earlier --role; --role file forgets it.\n")
          #expect(try node.addresses().contains(vip))
        }
        let diff = try node.lvsctl("diff", Clusters.classic(scheduler: "wlc"))
        #expect(diff.status == 0)
        #expect(diff.errors.contains("The role director is remembered"))
        for (command, options) in [("status", ["--format", "json"]), ("snapshot", [])] {
          let report = try JSON(node.lvsctl(command, Clusters.classic(scheduler: "wlc"), options).output)
          #expect(report["role"] == "director", "\(command)")
        }

        try node.apply(Clusters.classic, "--role", "file")
        #expect(try !node.addresses().contains(vip))
        let plain = try node.lvsctl("apply", Clusters.classic)
        #expect(plain.status == 0)
        #expect(plain.errors == "")
        #expect(try Self.role(of: node) == "standby")
      }
    }

    @Test func `a role is remembered also where it changes nothing, and teardown forgets it`() throws {
      let swapped = """
        directors:
          - { name: director2, address: 192.168.147.5, interface: ens33 }
          - { name: director1, address: 192.168.147.6, interface: ens33 }
        real_servers: [{ name: web1, address: 192.168.147.4 }]
        services: [{ vip: 192.168.147.100, port: 80, scheduler: rr }]

        """
      try Network.classic { network in
        let node = network.director1
        try node.apply(Clusters.classic)
        #expect(try Self.role(of: node, swapped) == "standby")
        #expect(try node.plan("apply", Clusters.classic, "--role", "director").changes == [])
        #expect(try Self.role(of: node, swapped) == "director")
        #expect(try node.lvsctl("teardown", Clusters.classic).status == 0)
        #expect(try Self.role(of: node, swapped) == "standby")
      }
    }

    @Test func `a role that was taken back is not remembered`() throws {
      try Network.classic { network in
        let node = network.director2
        try node.apply(Clusters.classic)
        #expect(try node.lvsctl("apply", Clusters.classic, "--role", "director", "--confirm-within", "0.1").status == 1)
        #expect(try Self.role(of: node) == "standby")
        #expect(try node.lvsctl("apply", Clusters.classic(scheduler: "twos"), "--role", "director").status == 71)
        #expect(try Self.role(of: node) == "standby")

        let apply = try node.startLvsctl("apply", Clusters.classic, "--role", "director", "--confirm-within", "600")
        try eventually("it waits") { try node.lock().text.hasSuffix("awaits confirmation") }
        #expect(try Self.role(of: node) == "standby")
        #expect(try node.confirm().status == 0)
        #expect(apply.wait(limit: 30) == 0)
        #expect(try Self.role(of: node) == "director")
        // Of two roles the one that was taken back is not the one that stays.
        #expect(try node.lvsctl("apply", Clusters.classic, "--role", "standby", "--confirm-within", "0.1").status == 1)
        #expect(try Self.role(of: node) == "director")
      }
    }

    @Test func `a limited run leaves a remembered role, and one that does not fit any more is dropped`() throws {
      let both = Clusters.classic.replacing(
        "name: web2, address: 192.168.147.3", with: "name: both, address: 192.168.147.5")
      let demoted = Clusters.classic
        .replacing("  - { name: director2, address: 192.168.147.5, interface: ens33 }\n", with: "")
        .replacing("name: web2, address: 192.168.147.3", with: "name: director2, address: 192.168.147.5")
      try Network.classic { network in
        let node = network.director2
        try node.apply(both, "--role", "director")
        let limited = try node.lvsctl("apply", both, "--role", "realserver")
        #expect(limited.status == 0 && limited.errors == "")
        #expect(try Self.role(of: node, both) == "director+realserver")

        let diff = try node.lvsctl("diff", demoted)
        #expect(diff.errors.contains("The role director, remembered from an earlier --role, is dropped"))
        #expect(try Self.role(of: node, both) == "director+realserver")
        let apply = try node.lvsctl("apply", demoted)
        #expect(apply.status == 0)
        #expect(apply.errors.contains("is dropped"))
        #expect(try Self.role(of: node, both) == "standby+realserver")
      }
    }

    @Test func `where another program moves every VIP, the director is who holds one`() throws {
      let external =
        Clusters.classic.replacing(
          "name: web2, address: 192.168.147.3", with: "name: director2, address: 192.168.147.5")
        + "vips: [{ address: 192.168.147.100, held_by: external }]\n"
      try Network.classic { network in
        for (node, role) in [(network.director1, "standby"), (network.director2, "standby+realserver")] {
          #expect(try Self.role(of: node, external) == role)
        }
        // As a real server of it, it holds the VIP on lo.
        try network.director2.apply(external)
        #expect(try network.director2.addresses().contains("192.168.147.100/32 dev lo label lo:0"))
        #expect(try Self.role(of: network.director2, external) == "standby+realserver")
        try network.director2.ip("address add 192.168.147.100/32 dev ens33")
        #expect(try Self.role(of: network.director2, external) == "director+realserver")
        #expect(try Self.role(of: network.director1, external) == "standby")
        let named = try network.director2.plan("diff", external, "--node", "director2")
        #expect(named.json["role"] == "director+realserver")
        // What is asked for goes before it.
        try network.director2.apply(external, "--role", "standby")
        #expect(try Self.role(of: network.director2, external) == "standby+realserver")
      }
    }
  }
}
