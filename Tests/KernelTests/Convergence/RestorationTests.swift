import Testing

extension RealKernel {
  /// What a file set and a later one does not mention goes back to what it was.
  @Suite struct RestorationTests {
    @Test func `sysctls, timeouts and a sync daemon that left the file are as before`() throws {
      let file = Clusters.classic
      let more = """
        \(file)
        timeouts: { tcp: 1000, udp: 200 }
        sync: { interface: ens33, id: 7, group: 224.0.0.90, maxlen: 1400 }
        sysctls: { director: { net.ipv4.vs.conntrack: 1 } }

        """
      try Network.classic { network in
        let node = network.director1
        try node.succeed("ipvsadm --set 800 100 300")
        try node.apply(file)
        let before = try node.state()
        let account = try node.ipvsadm()
        try node.apply(more)
        #expect(try node.sysctl("net/ipv4/vs/conntrack") == "1")
        #expect(try node.ipvsadm().timeouts.hasSuffix("1000 100 200"))
        #expect(try node.ipvsadm().daemons.count == 1)

        // A key that leaves `sync` alone goes back to the kernel's default.
        try node.apply(more.replacing(", group: 224.0.0.90, maxlen: 1400", with: ", maxlen: 1400"))
        #expect(try node.ipvsadm().daemons.first?.contains("group=224.0.0.81") == true)
        #expect(try node.ipvsadm().daemons.first?.contains("maxlen=1400") == true)

        try node.apply(file)
        #expect(try node.ipvsadm() == account)
        try node.expectUnchanged(since: before)
        #expect(try node.plan("apply", file).changes == [])
      }
    }

    @Test func `a teardown gives back what an earlier file set, too`() throws {
      let more = Clusters.classic + "timeouts: { tcp: 1000 }\nsysctls: { director: { net.ipv4.vs.conntrack: 1 } }\n"
      try Network.classic { network in
        let node = network.director1
        try node.succeed("ipvsadm --set 800 100 300")
        let before = try node.state()
        try node.apply(more)
        try node.apply(more.replacing("timeouts: { tcp: 1000 }\n", with: ""))
        #expect(try node.ipvsadm().timeouts.hasSuffix("800 100 300"))
        #expect(try node.lvsctl("teardown", Clusters.classic).status == 0)
        try node.expectUnchanged(since: before)
      }
    }

    @Test func `ARP is not unmuted while a VIP of the file stays, and that is said`() throws {
      try Network.classic { network in
        let node = network.web1
        try node.ip("address add 192.168.147.100/32 dev lo")
        try node.apply(Clusters.classic)
        let outcome = try node.lvsctl("teardown", Clusters.classic)
        #expect(outcome.status == 0)
        #expect(outcome.errors.contains("192.168.147.100") && outcome.errors.contains("net.ipv4.conf.all.arp_ignore"))
        #expect(try node.sysctl("net/ipv4/conf/all/arp_ignore") == "1")
        try node.ip("address delete 192.168.147.100/32 dev lo")
        #expect(try node.lvsctl("teardown", Clusters.classic).status == 0)
        #expect(try node.sysctl("net/ipv4/conf/all/arp_ignore") == "0")
      }
    }
  }
}
