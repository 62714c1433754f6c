import Testing

extension RealKernel {
  /// Teardown leaves a machine as it was before the first apply.
  @Suite struct TeardownTests {
    private static let rich =
      Clusters.classic + """
          - { vip: 192.168.147.101, port: 443, persistence: 60, forward: nat }
          - { vip: 192.168.147.102, port: [81, 82], scheduler: wlc }
        sync: { interface: ens33, id: 3 }

        """

    @Test(arguments: ["director1", "director2", "web1"])
    func `teardown restores the state before the first apply`(machine: String) throws {
      try succeed(["modprobe", "-a", "ip_vs"])
      try Network.classic { network in
        let node = network[machine]
        // What others have set and added is part of that state, also where it looks like lvsctl's.
        try node.setSysctl("net/ipv4/conf/all/arp_announce", 1)
        try node.setSysctl("net/ipv4/conf/default/send_redirects", 0)
        try node.ip("address add 192.168.147.99/32 dev lo", "route add 192.168.147.98/32 dev lo")
        try node.succeed("ipvsadm -A -t 10.0.0.9:443 -s wrr")
        try node.succeed("ipvsadm -a -t 10.0.0.9:443 -r 10.0.0.10:443 -g -w 3")
        let before = try node.state()
        let files = [Clusters.classic, Self.rich, Clusters.classic(scheduler: "wlc"), Self.rich]
        for file in files { try node.apply(file) }
        #expect(try node.state() != before)

        let plan = try node.plan("teardown", Self.rich)
        #expect(plan.status == 0)
        #expect(plan.errors == "")
        #expect(!plan.changes.isEmpty)
        try node.expectUnchanged(since: before)
        #expect(try node.succeed("ipvsadm -Ln --daemon").output.trimmed == "")

        let again = try node.lvsctl("teardown", Self.rich)
        #expect(again.status == 0)
        #expect(again.output == "Nothing to take away from \(machine).\n")
        // And an apply begins anew.
        try node.apply(Clusters.classic)
        let last = try node.lvsctl("teardown", Clusters.classic)
        #expect(last.status == 0)
        #expect(
          last.output.hasSuffix(
            "\nDone: nothing that lvsctl put on \(machine) is left, read back from the kernel.\n"), "\(last.output)")
        try node.expectUnchanged(since: before)
      }
    }

    @Test func `a teardown of the real server's part leaves the director's, and what is remembered of it`() throws {
      let both = """
        directors: [{ name: director1, address: 192.168.147.6, interface: ens33 }]
        real_servers: [{ name: director1, address: 192.168.147.6 }]
        services: [{ vip: 192.168.147.100, port: 80, scheduler: rr }]

        """
      try succeed(["modprobe", "ip_vs"])
      try Network.classic { network in
        let node = network.director1
        let before = try node.state()
        try node.apply(both)
        let plan = try node.plan("teardown", both, "--role", "realserver")
        #expect(plan.changes.contains("delete address 192.168.147.100/32 dev lo"))
        #expect(plan.change(of: "net.ipv4.conf.lo.arp_ignore")["after"]["value"] == "0")
        let director = ["ens33", "send_redirects", "service"]
        #expect(!plan.changes.contains { change in director.contains { change.contains($0) } })
        #expect(try node.ipvs().count == 2)

        #expect(try !node.plan("teardown", both).errors.contains("send_redirects"))
        try node.expectUnchanged(since: before)
      }
    }

    @Test func `a machine that has left the file is torn down once, in its last role`() throws {
      let without = """
        directors: [{ name: director2, address: 192.168.147.5, interface: ens33 }]
        real_servers: [{ name: web1, address: 192.168.147.4 }]
        services: [{ vip: 192.168.147.100, port: 80, scheduler: rr }]

        """
      try succeed(["modprobe", "ip_vs"])
      try Network.classic { network in
        let node = network.director1
        let before = try node.state()
        try node.apply(Clusters.classic)
        let outcome = try node.lvsctl("teardown", without, "--format", "json")
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(try succeed(["jq", "-c", ".role"], input: outcome.output).lines == ["\"director\""])
        try node.expectUnchanged(since: before)
        #expect(try node.lvsctl("teardown", without).status == 65)
      }
    }

    @Test func `a tunnelled real server is restored, its device too`() throws {
      try succeed(["modprobe", "ipip"])
      let tunnelled = Clusters.classic.replacing("scheduler: rr", with: "scheduler: rr, forward: tun")
      for isUpBefore in [false, true] {
        try Network.classic { network in
          let node = network.web1
          // Its IPv6 sysctls come with its first use.
          try node.ip("link set tunl0 up", "link set tunl0 down")
          if isUpBefore { try node.ip("link set tunl0 up", "address add 10.9.9.9/24 dev tunl0") }
          let before = try node.state()
          let link = try node.json("link", "show", "tunl0").elements.first?["flags"]
          try node.apply(tunnelled)
          try node.apply(tunnelled)
          #expect(try node.addresses().contains("192.168.147.100/32 dev tunl0 label tunl0:0"))
          let outcome = try node.lvsctl("teardown", tunnelled)
          #expect(outcome.status == 0)
          #expect(outcome.errors == "")
          try node.expectUnchanged(since: before)
          #expect(try node.json("link", "show", "tunl0").elements.first?["flags"] == link)
        }
      }
    }

    /// Writing ip_forward sets other sysctls (inet_forward_change); they come back, too.
    @Test func `what the kernel changes along with forwarding is restored`() throws {
      let nat = Clusters.classic.replacing("scheduler: rr", with: "scheduler: rr, forward: nat")
      try Network.classic { network in
        let node = network.director1
        try node.setSysctl("net/ipv4/conf/all/accept_redirects", 0)
        _ = try node.ipvs()
        let before = try node.state()
        try node.apply(nat)
        #expect(try node.sysctl("net/ipv4/ip_forward") == "1")
        #expect(try node.lvsctl("teardown", nat).status == 0)
        try node.expectUnchanged(since: before)

        let outcome = try node.lvsctl("apply", nat, "--confirm-within", "0.1")
        #expect(outcome.status == 1)
        try node.expectUnchanged(since: before)

        // A value that the file wants is set, whatever the kernel makes of it on the way.
        try node.apply(nat)
        try node.setSysctl("net/ipv4/conf/all/accept_redirects", 0)
        let strict = Clusters.classic + "sysctls: { director: { net.ipv4.conf.all.accept_redirects: 0 } }\n"
        try node.apply(strict)
        #expect(try node.sysctl("net/ipv4/ip_forward") == "0")
        #expect(try node.sysctl("net/ipv4/conf/all/accept_redirects") == "0")
        #expect(try node.plan("diff", strict).changes == [])
      }
    }

    @Test func `on a real server the VIP leaves before anything else, and comes after all else`() throws {
      try Network.classic { network in
        let node = network.web1
        let monitor = try node.start("ip", "-oneline", "monitor", "address", "netconf")
        try eventually("ip monitor listens") {
          _ = try node.run("ip", "address", "replace", "203.0.113.1/32", "dev", "lo")
          return monitor.output.contains("203.0.113.1")
        }
        try node.ip("address del 203.0.113.1/32 dev lo")
        try node.apply(Clusters.classic)
        let plan = try node.plan("teardown", Clusters.classic)
        #expect(plan.changes.first == "delete address 192.168.147.100/32 dev lo")
        #expect(plan.changes.last?.hasPrefix("update sysctl") == true)
        try eventually("ip monitor reports that the VIP is gone") {
          monitor.output.lines.contains { $0.contains("Deleted") && $0.contains("192.168.147.100/32") }
        }
        // A sysctl has no event: at each of the VIP's own the machine is still mute, or the plan's order would show here.
        let events = monitor.output.lines.filter { $0.contains("192.168.147.100/32") }
        #expect(events.map { $0.contains("Deleted") } == [false, true])
      }
    }

    @Test func `where nothing is remembered sysctls are left, and that is said`() throws {
      try Network.classic { network in
        let node = network.web1
        let before = try node.state()
        try node.apply(Clusters.classic)
        try succeed(["rm", node.memoryPath()])
        #expect(try node.plan("diff", Clusters.classic).changes == [])

        let teardown = try node.lvsctl("teardown", Clusters.classic)
        #expect(teardown.status == 0)
        let names = ["all", "lo"].flatMap { ["\($0).arp_ignore", "\($0).arp_announce"] }.map { "net.ipv4.conf.\($0)" }
        for name in names { #expect(teardown.errors.contains(name)) }
        let after = try node.state()
        #expect(after.addresses == before.addresses)
        #expect(after.routes == before.routes)
        #expect(after.added(since: before).sysctls.count == names.count)
      }
    }

    @Test func `a refused teardown puts everything back`() throws {
      try Network.classic { network in
        let node = network.web1
        try node.apply(Clusters.classic)
        let before = try node.state()
        // The remembered value is one that the kernel does not take.
        let memory = try node.memoryPath()
        let value = "\"net.ipv4.conf.lo.arp_ignore\": "
        try write(read(memory).replacing("\(value)\"0\"", with: "\(value)\"many\""), to: memory)
        let outcome = try node.lvsctl("teardown", Clusters.classic)
        #expect(outcome.status == 71)
        #expect(outcome.errors.contains("net.ipv4.conf.lo.arp_ignore"))
        #expect(outcome.errors.contains("All of it was taken back"))
        try node.expectUnchanged(since: before)
      }
    }
  }
}
