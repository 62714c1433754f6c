import Testing

extension RealKernel {
  /// What cannot be done is said with its own exit code, and where it was refused.
  @Suite struct RefusalTests {
    @Test(arguments: ["diff", "apply"])
    func `without CAP_NET_ADMIN nothing is changed`(command: String) throws {
      try Network.classic { network in
        try succeed(["modprobe", "ip_vs"])
        for node in [network.director1, network.web1] {
          let before = try node.state()
          let outcome = try node.lvsctl(
            command, Clusters.classic, prefix: ["setpriv", "--inh-caps=-net_admin", "--bounding-set=-net_admin"])
          #expect(outcome.status == 77)
          #expect(outcome.output == "")
          #expect(!outcome.errors.isEmpty)
          #expect(try node.state() == before)
        }
      }
    }

    @Test func `a diff does not load IPVS, and apply does`() throws {
      try Network.classic { network in
        try unloadIPVS()
        let diff = try network.director1.plan("diff", Clusters.classic)
        #expect(diff.status == 1)
        #expect(diff.changes.first == "create module ip_vs")
        #expect(try !loadedModules().contains("ip_vs"))

        try network.director1.apply(Clusters.classic)
        #expect(try loadedModules().contains("ip_vs"))
        #expect(try network.director1.plan("diff", Clusters.classic).changes == [])
      }
    }

    @Test func `a kernel without IPVS is told apart, with the remedy`() throws {
      try Network.classic { network in
        try withoutIPVS {
          let addresses = try network.director1.addresses()
          let outcome = try network.director1.lvsctl("apply", Clusters.classic)
          #expect(outcome.status == 69)
          for word in ["ip_vs", "modprobe", "Install"] { #expect(outcome.errors.contains(word)) }
          #expect(try network.director1.addresses() == addresses)
        }
      }
    }

    @Test func `a real server needs no IPVS`() throws {
      try Network.classic { network in
        try withoutIPVS {
          try network.web1.apply(Clusters.classic)
          #expect(try network.web1.addresses().contains("192.168.147.100/32 dev lo label lo:0"))
          #expect(try network.web1.plan("diff", Clusters.classic).changes == [])
        }
      }
    }

    @Test func `a scheduler that this kernel does not have is named with its service`() throws {
      try Network.classic { network in
        let node = network.director1
        let addresses = try node.addresses()
        let outcome = try node.lvsctl("apply", Clusters.classic(scheduler: "twos"))
        #expect(outcome.status == 71)
        #expect(outcome.errors.contains("tcp 192.168.147.100:80"))
        #expect(outcome.errors.contains("twos"))
        // What was done before the refusal is listed.
        #expect(outcome.errors.contains("net.ipv4.conf.all.send_redirects"))
        #expect(try node.addresses() == addresses)
        #expect(try node.ipvs() == [])
      }
    }

    @Test func `an interface that is not there is named`() throws {
      try Network.classic { network in
        let node = network.director1
        let addresses = try node.addresses()
        let outcome = try node.lvsctl("apply", Clusters.classic(interface: "nic9"))
        #expect(outcome.status == 71)
        #expect(outcome.errors.contains("nic9"))
        #expect(try node.addresses() == addresses)
      }
    }

    @Test func `an interface of the sync daemon that is not there is named`() throws {
      try Network.classic { network in
        let outcome = try network.director1.lvsctl("apply", Clusters.classic + "sync: { interface: nic9 }\n")
        #expect(outcome.status == 71)
        #expect(outcome.errors.contains("This machine has no interface nic9."))
        #expect(try network.director1.ipvs() == [])
      }
    }

    @Test func `a route of somebody else in the place of a VIP's is named, and stays`() throws {
      try Network.classic { network in
        let node = network.web1
        try node.ip("route add 192.168.147.100/32 dev ens33")
        let before = try node.state()
        let outcome = try node.lvsctl("apply", Clusters.classic)
        #expect(outcome.status == 71)
        #expect(outcome.errors.contains("Somebody else routes 192.168.147.100 already"))
        #expect(try node.state() == before)
      }
    }

    @Test(arguments: [("director1", "ens33"), ("web1", "lo")])
    func `an interface that is down is named`(machine: String, interface: String) throws {
      try Network.classic { network in
        let node = network[machine]
        try node.ip("link set \(interface) down")
        let outcome = try node.lvsctl("apply", Clusters.classic)
        #expect(outcome.status == 71)
        #expect(outcome.errors.contains(interface))
        #expect(outcome.errors.contains("down"))
      }
    }

    @Test func `a VIP on another interface without the mark is refused`() throws {
      try Network.classic { network in
        let node = network.director1
        try node.ip("address add 192.168.147.100/32 dev lo")
        let before = try node.addresses()
        let outcome = try node.lvsctl("apply", Clusters.classic)
        #expect(outcome.status > 1)
        #expect(outcome.errors.contains("192.168.147.100"))
        #expect(outcome.errors.contains("lo"))
        #expect(try node.addresses() == before)
      }
    }
  }
}
