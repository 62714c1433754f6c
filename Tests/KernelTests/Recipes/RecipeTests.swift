import Testing

extension RealKernel {
  /// README.md's first steps and its twelve recipes, typed from its own text on machines of a network, with what comes of
  /// them by ipvsadm, ip and requests.
  ///
  /// A recipe that ends where it began lends its cluster to the next one.
  @Suite struct RecipeTests {
    private static let vip = RecipeCluster.vip

    /// What a director is brought to by a mistake.
    private static let mistaken: Set = ["-A -t \(vip):81 -s rr", "-a -t \(vip):81 -r 192.168.147.4:81 -g -w 1"]

    /// Expects that each web server answers half of the requests.
    private func expectHalves(_ cluster: RecipeCluster, sourceLocation: SourceLocation = #_sourceLocation) throws {
      #expect(try cluster.answers(8) == ["web1": 4, "web2": 4], sourceLocation: sourceLocation)
    }

    @Test func `a first cluster stands, is mended where a hand or a reboot changed it, and goes as it came`() throws {
      try RecipeCluster.with(applied: false) { cluster in
        let (director1, web1) = (cluster.network.director1, cluster.network.web1)
        let before = try RecipeCluster.nodes.map { machine in
          _ = try cluster.network[machine].ipvs()  // loads IPVS, which stays
          return (machine, try cluster.network[machine].state())
        }
        try cluster.follow("first-diff")
        try cluster.follow("first-cluster")
        try expectHalves(cluster)
        try cluster.tools("ipvsadm -e -t \(Self.vip):80 -r 192.168.147.3 -g -w 0", on: "director1")
        try cluster.expectScreen("first-status")
        try cluster.tools("ipvsadm -e -t \(Self.vip):80 -r 192.168.147.3 -g -w 1", on: "director1")
        #expect(try cluster.holders() == ["director1"])
        #expect(try cluster.network.director2.ipvs() == director1.ipvs())
        #expect(try web1.addresses().contains("\(Self.vip)/32 dev lo label lo:0"))
        try cluster.expectDone()

        try cluster.tools(
          """
          ip address del \(Self.vip)/32 dev lo
          sysctl -qw net.ipv4.conf.all.arp_ignore=0 net.ipv4.conf.lo.arp_ignore=0
          sysctl -qw net.ipv4.conf.all.arp_announce=0 net.ipv4.conf.lo.arp_announce=0
          """, on: "web1")
        try cluster.follow("reboot")
        #expect(try web1.addresses().contains("\(Self.vip)/32 dev lo label lo:0"))
        #expect(try web1.sysctl("net/ipv4/conf/all/arp_ignore") == "1")

        try cluster.tools(
          """
          ipvsadm -e -t \(Self.vip):80 -r 192.168.147.3 -g -w 0
          ip address del \(Self.vip)/32 dev ens33
          """, on: "director1")
        try cluster.follow("by-hand")
        #expect(try cluster.weights() == ["web1": 1, "web2": 1])
        #expect(try cluster.holders() == ["director1"])
        try expectHalves(cluster)

        try cluster.follow("teardown")
        for (machine, state) in before { try cluster.network[machine].expectUnchanged(since: state) }
      }
    }

    @Test func `a server is added, web node first, and another one removed, directors first`() throws {
      try RecipeCluster.with { cluster in
        try cluster.underTraffic { try cluster.follow("add-server") }
        #expect(try cluster.answers(12) == ["web1": 4, "web2": 4, "web3": 4])
        #expect(try cluster.weights("director2") == ["web1": 1, "web2": 1, "web3": 1])
        #expect(try cluster.network["web3"].sysctl("net/ipv4/conf/all/arp_ignore") == "1")

        try cluster.underTraffic { try cluster.follow("remove-server") }
        #expect(try cluster.answers(6) == ["web1": 3, "web3": 3])
        #expect(try cluster.weights("director2") == ["web1": 1, "web3": 1])
        let web2 = cluster.network.web2
        #expect(try !web2.addresses().contains { $0.hasPrefix(Self.vip) })
        #expect(try web2.sysctl("net/ipv4/conf/all/arp_ignore") == "0")
        try cluster.expectDone(["web1", "web3", "director2", "director1"])
      }
    }

    @Test func `a server is drained, a standby takes over, a mistake is undone, and both programs are watched`() throws
    {
      try RecipeCluster.with { cluster in
        try cluster.underTraffic { try cluster.follow("drain", block: 0) }
        for director in ["director1", "director2"] {
          #expect(try cluster.weights(director) == ["web1": 0, "web2": 1])
        }
        #expect(try cluster.answers(6) == ["web2": 6])
        try cluster.underTraffic { try cluster.follow("drain", block: 1) }
        try expectHalves(cluster)

        try cluster.follow("fail-over", block: 0)
        #expect(try cluster.holders() == ["director2"])
        try expectHalves(cluster)
        #expect(
          try cluster.network.client.neighbour(Self.vip) == cluster.network.director2.hardwareAddress())
        try cluster.follow("fail-over", block: 1)
        #expect(try cluster.holders() == ["director1"])
        try expectHalves(cluster)

        try cluster.tools("cd /etc/lvsctl; git init -q; git add .; git commit -qm 'The cluster'", on: "director1")
        let before = try cluster.network.director1.state()
        try cluster.follow("restore", block: 0)
        try cluster.tools(
          """
          cd /etc/lvsctl
          sed -i -e /web2/d -e 's/port: 80/port: 81/' cluster.conf
          git commit -qam 'A mistake'
          lvsctl apply
          """, on: "director1")
        #expect(try cluster.network.director1.ipvs() == Self.mistaken)
        try cluster.follow("review")
        try cluster.follow("restore", block: 1)
        try cluster.network.director1.expectUnchanged(since: before)
        try expectHalves(cluster)

        try cluster.follow("metrics")
        for file in ["lvs.prom", "lvsctld.prom"] {
          let text = try cluster.type("cat /var/lib/prometheus/node-exporter/\(file)", on: "director1").outcome.output
          #expect(try run(["promtool", "check", "metrics"], input: text).status == 0, "\(text)")
          #expect(text.contains("node=\"director1\""))
        }
      }
    }

    @Test func `a service is added, a change confirmed by who still gets through, and the directors swapped`() throws {
      try RecipeCluster.with { cluster in
        try cluster.underTraffic { try cluster.follow("add-service") }
        #expect(try cluster.answers(10, port: 8080, of: "192.168.147.101") == ["web1": 5, "web2": 5])
        #expect(try cluster.holders(of: "192.168.147.101") == ["director1"])
        try cluster.expectDone()

        try cluster.follow("confirm")
        #expect(try #require(cluster.jobs.first).wait(limit: 30) == 0)
        #expect(try cluster.network.director1.ipvs().contains("-A -t \(Self.vip):80 -s wlc -p 300"))
        try cluster.expectDone(["director1"])

        // Here the first director is active, and no role is remembered.
        try cluster.follow("fail-over-for-good")
        #expect(try cluster.holders() == ["director2"])
        #expect(try cluster.answers(4).count == 1, "of one client, by persistence")
        try cluster.expectDone(["director2", "director1"])
      }
    }

    @Test func `the active director dies and comes back, the standby stays for good, and weights change there`() throws
    {
      try RecipeCluster.with { cluster in
        try cluster.network.setCarried(false, "director1")
        #expect(try cluster.answers(1) == ["none": 1])
        try cluster.follow("dead-director", block: 0)
        try expectHalves(cluster)
        // What is not on a disk is gone with it.
        try cluster.tools(
          "ipvsadm --clear; ip address flush dev ens33; ip address add 192.168.147.6/24 dev ens33", on: "director1")
        try cluster.network.setCarried(true, "director1")
        try cluster.follow("dead-director", block: 1)
        #expect(try cluster.holders() == ["director2"])
        #expect(try cluster.weights("director1") == ["web1": 1, "web2": 1])
        try expectHalves(cluster)

        try cluster.underTraffic { try cluster.follow("fail-over-for-good") }
        #expect(try cluster.holders() == ["director2"])
        let diff = try cluster.type("lvsctl diff", on: "director2")
        #expect(diff.outcome.status == 0 && diff.outcome.errors == "", "no role is remembered: \(diff.outcome)")

        try cluster.follow("weights")
        #expect(try cluster.answers(12) == ["web1": 9, "web2": 3])
        #expect(try cluster.weights("director1") == ["web1": 3, "web2": 1])
        try cluster.expectDone()
      }
    }
  }
}
