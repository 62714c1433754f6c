import Testing

extension RealKernel {
  /// A VIP that was there already with another prefix length than the file's, as scripts and habit add it.
  @Suite struct ForeignPrefixTests {
    private static let several = Clusters.classic + "  - { vip: 192.168.147.101, port: 80, scheduler: rr }\n"

    /// The line that a refusal gives, as it stands there.
    private func line(in errors: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> String {
      let parts = errors.split(separator: "without its leaving: ").dropFirst()
      let line = try #require(parts.first?.split(separator: "\n").first, "\(errors)", sourceLocation: sourceLocation)
      return String(line)
    }

    @Test func `the line of the refusal gives a real server's VIP its prefix length, and the address never leaves`()
      throws
    {
      try Network.classic { network in
        let node = network.web1
        try node.ip("address add 192.168.147.100/24 dev lo")
        let refused = try node.lvsctl("apply", Clusters.classic)
        #expect(refused.status == 65)
        let monitor = try node.start("ip", "-oneline", "monitor", "address")
        defer { monitor.stop() }
        try eventually("the monitor listens") {
          try node.ip("address add 192.0.2.1/32 dev lo", "address delete 192.0.2.1/32 dev lo")
          return monitor.output.contains("192.0.2.1")
        }
        #expect(try node.run("sh", "-c", line(in: refused.errors)).status == 0)
        try eventually("the monitor has told all") {
          monitor.output.lines.contains { $0.hasPrefix("Deleted") && $0.contains("192.168.147.100/24") }
        }
        // The new one was there before the old one went.
        let steps = monitor.output.lines.filter { $0.contains("192.168.147.100/") }
        #expect(
          steps.count == 2 && !steps[0].hasPrefix("Deleted") && steps[0].contains("192.168.147.100/32"), "\(steps)")
        #expect(
          try node.addresses().filter { $0.contains("192.168.147.100") } == ["192.168.147.100/32 dev lo label lo:0"])
        try node.apply(Clusters.classic, "--adopt")
        #expect(try node.plan("diff", Clusters.classic).changes == [])
      }
    }

    private func vips(of node: Namespace) throws -> Set<String> {
      try node.addresses().filter { $0.contains("dev lo") && $0.hasPrefix("192.168.147.") }
    }

    @Test func `of several VIPs in one network none is lost with the first`() throws {
      try Network.classic { network in
        let node = network.web1
        try node.ip("address add 192.168.147.101/24 dev lo", "address add 192.168.147.100/24 dev lo")
        let refused = try node.lvsctl("apply", Self.several)
        #expect(refused.status == 65)
        #expect(try node.run("sh", "-c", line(in: refused.errors)).status == 0)
        // Without more the other one would have left with the first.
        #expect(try vips(of: node) == ["192.168.147.100/32 dev lo label lo:0", "192.168.147.101/24 dev lo label lo"])
        let second = try node.lvsctl("apply", Self.several)
        #expect(try node.run("sh", "-c", line(in: second.errors)).status == 0)
        #expect(try vips(of: node) == ["192.168.147.100/32 dev lo label lo:0", "192.168.147.101/32 dev lo label lo:1"])
        try node.apply(Self.several, "--adopt")
        #expect(try node.plan("diff", Self.several).changes == [])
      }
    }

    @Test func `a director's VIP keeps its prefix length once the file says so`() throws {
      try Network.classic { network in
        let node = network.director1
        try node.ip("address add 192.168.147.100/24 dev ens33")
        let refused = try node.lvsctl("apply", Clusters.classic)
        #expect(refused.status == 65)
        let words = try #require(refused.errors.split(separator: "stays as it is: ").dropFirst().first)
        let entry = try #require(words.split(separator: "\n").first)
        let file = Clusters.classic + "\(entry)\n"
        let before = try node.addresses()
        try node.apply(file)
        #expect(try node.addresses() == before)
        #expect(try node.plan("diff", file).changes == [])

        // Signed in its place, behind the machine's own address of that network, which stays as it is.
        let routes = try node.succeed("ip route show dev ens33").output
        try node.apply(file, "--adopt")
        #expect(try node.addressMarks()["192.168.147.100/24"] == 76)
        #expect(try node.addresses() == before)
        #expect(try node.succeed("ip route show dev ens33").output == routes)
        #expect(try node.plan("diff", file).changes == [])
        #expect(try node.lvsctl("teardown", file).status == 0)
        #expect(try node.addresses() == before.filter { !$0.hasPrefix("192.168.147.100/") })
      }
    }

    @Test func `a VIP that is the first of its network takes none with it, signed or not`() throws {
      try Network.classic { network in
        let node = network.director1
        try node.ip(
          "address delete 192.168.147.6/24 dev ens33", "address add 192.168.147.100/24 dev ens33",
          "address add 192.168.147.6/24 dev ens33")
        let file = Clusters.classic + "vips: [{ address: 192.168.147.100, prefix: 24 }]\n"
        let before = try node.addresses()
        // Linux 6.1 has no way to sign it in its place, and newer ones have.
        #expect(try [0, 71].contains(node.lvsctl("apply", file, "--adopt").status))
        #expect(try node.addresses() == before)
        try node.apply(file)
        #expect(try node.addresses() == before)
      }
    }
  }
}
