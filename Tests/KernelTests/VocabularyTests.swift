import Testing

extension RealKernel {
  /// Words of the file that end at the kernel in another way than as a line of ipvsadm.
  @Suite struct VocabularyTests {
    @Test func `a scheduler that lvsctl does not know is asked of the kernel, which does not have it`() throws {
      let file = Clusters.classic(scheduler: "rrx")
      try Network.classic { network in
        let node = network.director1
        let validated = try node.lvsctl("validate", file)
        #expect(validated.status == 0 && validated.errors.contains("warning[unknown-word]"))
        #expect(validated.errors.contains("Did you mean `rr`?"))
        #expect(try node.lvsctl("diff", file).status == 1)
        let applied = try node.lvsctl("apply", file)
        #expect(applied.status == 71)
        #expect(applied.errors.contains("the scheduler rrx (module ip_vs_rrx)"))
        #expect(try node.ipvs() == [])
      }
    }

    @Test func `a sysctl of an interface with a dot is set however it is written`() throws {
      try Network.classic { network in
        let node = network.director1
        try node.ip("link add bond0.209 type dummy", "link set bond0.209 up")
        let paths = ["net/ipv4/conf/bond0.209/arp_filter", "net/ipv4/neigh/bond0.209/gc_stale_time"]
        let before = try paths.map(node.sysctl)
        for (value, names) in [
          (1, ["net.ipv4.conf.bond0.209.arp_filter", "net.ipv4.neigh.bond0.209.gc_stale_time"]),
          (2, ["net.ipv4.conf.bond0/209.arp_filter", "net/ipv4/neigh/bond0.209/gc_stale_time"]),
        ] {
          let wishes = names.map { "\($0): \(value)" }.joined(separator: ", ")
          let file = Clusters.classic + "sysctls: { director: { \(wishes) } }\n"
          #expect(try node.plan("apply", file).changes.contains("update sysctl net.ipv4.conf.bond0/209.arp_filter"))
          #expect(try paths.map(node.sysctl) == ["\(value)", "\(value)"])
          #expect(try node.plan("diff", file).changes == [])
        }
        try node.lvsctl("teardown", Clusters.classic)
        #expect(try paths.map(node.sysctl) == before)
      }
    }

    @Test func `a range of VIPs is held with its labels by the director, and by each real server`() throws {
      let file = Clusters.classic.replacing("192.168.147.100, port", with: "192.168.147.110-112, port")
      try Network.classic { network in
        try network.apply(file)
        let held = try network.director1.addresses()
        for (number, host) in [110, 111, 112].enumerated() {
          #expect(held.contains("192.168.147.\(host)/32 dev ens33 label ens33:\(number)"))
          #expect(try network.web1.addresses().contains("192.168.147.\(host)/32 dev lo label lo:\(number)"))
        }
      }
    }

    @Test func `a label of none, or of the interface's own name, is the one that ip shows for none`() throws {
      let file =
        Clusters.classic
        + "vips: [{ address: 192.168.147.100, label: none }, { address: 192.168.147.101, label: ens33 }]\n"
      try Network.classic { network in
        let node = network.director1
        try node.apply(file)
        let held = try node.addresses()
        #expect(held.contains("192.168.147.100/32 dev ens33 label ens33"))
        #expect(held.contains("192.168.147.101/32 dev ens33 label ens33"))
        #expect(try node.plan("diff", file).changes == [])
      }
    }
  }
}
