import LVSKernel
import LVSModel
import LVSPlan
import Testing

extension RealKernel {
  /// A director asks the network segment before it takes a VIP.
  @Suite struct TakeOverTests {
    private static let ipv6 = Clusters.dualStack.replacing(
      "  - { vip: 192.168.147.100, port: 80, scheduler: rr }\n", with: "")

    @Test(arguments: [
      (Clusters.classic, "192.168.147.100"), (ipv6, "2001:db8:147::100"),
    ])
    func `a VIP that another machine holds is not taken from it unless that is asked for`(
      cluster: String, vip: String
    ) throws {
      try Network.with(.dualStack()) { network in
        let (old, new) = (network.director2, network.director1)
        for node in [network.web1, network.web2] { try node.apply(cluster) }
        try old.apply(cluster, "--role", "director")
        #expect(try network.client.get(vip) != nil)
        let before = try new.state()

        let outcome = try new.lvsctl("apply", cluster)
        #expect(outcome.status == 71)
        let holder = try #require(try old.hardwareAddress())
        #expect(outcome.errors.contains("Another machine holds the VIP \(vip): \(holder) answered for it on ens33."))
        #expect(outcome.errors.contains("Nothing was changed."))
        #expect(outcome.errors.contains("--role standby"))
        #expect(outcome.errors.contains("--take-over"))
        #expect(!outcome.output.contains("Done"))
        try new.expectUnchanged(since: before)
        #expect(try network.client.neighbour(vip) == holder)
        #expect(try network.client.get(vip) != nil)

        try new.apply(cluster, "--take-over")
        let taker = try new.hardwareAddress()
        try eventually("the client follows") { try network.client.neighbour(vip) == taker }
        try old.apply(cluster, "--role", "standby")
        #expect(try network.client.get(vip) != nil)
      }
    }

    @Test func `every VIP that is held elsewhere is named, and those that are not are not`() throws {
      let cluster =
        Clusters.dualStack + "  - { vip: 192.168.147.101, port: 80 }\n  - { vip: 192.168.147.102, port: 80 }\n"
      try Network.with(.dualStack()) { network in
        let stranger = network.client
        try stranger.ip(
          "address add 192.168.147.102/24 dev ens33", "address add 2001:db8:147::100/64 dev ens33 nodad")
        let outcome = try network.director1.lvsctl("apply", cluster)
        #expect(outcome.status == 71)
        let named = outcome.errors.lines.filter { $0.contains("answered for it") }
        #expect(named.count == 2, "\(outcome.errors)")
        #expect(named.allSatisfy { $0.contains("192.168.147.102") || $0.contains("2001:db8:147::100") })
        // What is held elsewhere has no part in a standby.
        try network.director1.apply(cluster, "--role", "standby")
      }
    }

    @Test func `real servers that are mute hold no VIP in the eyes of a director`() throws {
      try Network.with(.dualStack()) { network in
        for node in [network.web1, network.web2] { try node.apply(Clusters.dualStack) }
        for vip in ["192.168.147.100/32", "2001:db8:147::100/128"] {
          #expect(try network.web1.addresses().contains { $0.hasPrefix(vip) })
        }
        try network.director1.apply(Clusters.dualStack)
      }
    }

    @Test func `another port of the same machine that answers for a VIP is no other machine`() throws {
      var machines: [Machine] = .classic
      machines[1].links.append(Link(name: "ens34", addresses: ["192.168.147.7/24"]))
      try Network.with(machines) { network in
        let director = network.director1
        try director.apply(Clusters.classic(interface: "ens34"))
        let plan = try director.plan("apply", Clusters.classic(interface: "ens33"))
        #expect(plan.status == 0, "\(plan.errors)")
        #expect(plan.changes.contains("create address 192.168.147.100/32 dev ens33"))
      }
    }

    @Test func `who asks leaves no trace in the caches of others`() throws {
      try Network.with(.dualStack()) { network in
        let (old, new) = (network.director2, network.director1)
        try old.apply(Clusters.dualStack, "--role", "director")
        #expect(try new.lvsctl("apply", Clusters.dualStack).status == 71)
        for address in ["192.168.147.6", "2001:db8:147::6"] { #expect(try old.neighbour(address) == nil) }
      }
    }

    @Test func `an interface that is down is not asked, and said to be down`() throws {
      try Network.classic { network in
        try network.director1.succeed("ip link set ens33 down")
        let outcome = try network.director1.lvsctl("apply", Clusters.classic)
        #expect(outcome.status == 71)
        #expect(outcome.errors.contains("is down"))
        #expect(!outcome.errors.contains("Another machine holds"))
      }
    }
  }

  /// `apply --announce`.
  @Suite struct AnnounceAgainTests {
    @Test func `neighbours that were told something else are told again who holds the VIPs`() throws {
      try Network.with(.dualStack()) { network in
        let (client, director) = (network.client, network.director1)
        try director.apply(Clusters.dualStack)
        let hardware = try director.hardwareAddress()
        let vips = ["192.168.147.100", "2001:db8:147::100"]
        func mislead() throws {
          for vip in vips {
            try client.succeed("ip neigh replace \(vip) lladdr 02:00:00:00:00:01 dev ens33 nud stale")
            #expect(try client.neighbour(vip) == "02:00:00:00:00:01")
          }
        }
        try mislead()
        let text = try director.lvsctl("apply", Clusters.dualStack, "--announce")
        #expect(text.status == 0)
        #expect(text.output.contains("Announced 2 VIPs that director1 holds."))
        for vip in vips {
          try eventually("the client knows the holder of \(vip)") { try client.neighbour(vip) == hardware }
        }

        try mislead()
        let json = try director.plan("apply", Clusters.dualStack, "--announce")
        #expect(json.changes == [])
        #expect(json.errors.contains("Announced 2 VIPs that director1 holds."))
        for vip in vips {
          try eventually("the client knows the holder of \(vip)") { try client.neighbour(vip) == hardware }
        }
      }
    }

    @Test func `who may not announce is told so before anything changes`() throws {
      try Network.classic { network in
        let node = network.director1
        try node.apply(Clusters.classic)
        let before = try node.state()
        let outcome = try node.lvsctl(
          "apply", Clusters.classic(scheduler: "wrr"), "--announce",
          prefix: ["setpriv", "--bounding-set=-net_raw", "--inh-caps=-net_raw"])
        #expect(outcome.status == 77)
        #expect(outcome.errors.contains("CAP_NET_RAW"))
        try node.expectUnchanged(since: before)
      }
    }

    @Test func `neighbours are told of a VIP when the steps after it are done`() throws {
      try Network.classic { network in
        let (client, director) = (network.client, network.director1)
        let vip = "192.168.147.100"
        let hardware = try director.hardwareAddress()
        try client.succeed("ip neigh replace \(vip) lladdr 02:00:00:00:00:01 dev ens33 nud stale")
        let address = AddressID(IPAddress(ipv4: 0xc0a8_9364), interface: "ens33")
        let changes: [Change] = [
          .address(address, Difference(before: nil, after: AddressSettings())),
          .route(
            RouteID(IPAddress(ipv4: 0x0a07_0707), interface: "ens33"), Difference(before: nil, after: RouteSettings())),
        ]
        // Asked between the steps: the neighbour's entry once the VIP is there.
        var known: [String?] = []
        let progress = try inNamespace(director.name) {
          KernelSink(KernelConnection(), announcing: [address]).carryOut(changes) {
            if (try? director.addresses().contains { $0.hasPrefix(vip) }) == true {
              known.append(try? client.neighbour(vip))
            }
            return false
          }
        }
        #expect(progress.failure == nil)
        #expect(known == ["02:00:00:00:00:01"])
        try eventually("the client knows the holder") { try client.neighbour(vip) == hardware }
      }
    }

    @Test(arguments: ["director2", "web1"]) func `who holds no VIP for others announces none`(machine: String) throws {
      try Network.classic { network in
        let outcome = try network[machine].lvsctl("apply", Clusters.classic, "--announce")
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("\(machine) holds no VIP that neighbours could be told of."))
      }
    }
  }
}
