import Testing

extension RealKernel {
  /// An apply that cannot reach its end puts everything back, or says what it left.
  @Suite struct FailureTests {
    /// A director's state with much to change, and a file whose last but one step no kernel of the tests can do.
    private static let good = Clusters.classic + "  - { vip: 192.168.147.101, port: 443, persistence: 60 }\n"
    private static let impossible =
      Clusters.classic(scheduler: "wlc") + """
          - { vip: 192.168.147.102, port: 80 }
          - { vip: 192.168.147.103, port: 80, scheduler: twos }
        timeouts: { tcp: 700 }

        """

    @Test func `a refused step is named, and the state before comes back`() throws {
      try Network.classic { network in
        let node = network.director1
        try node.apply(Self.good)
        let before = try node.state()
        let timeouts = try node.succeed("ipvsadm -L --timeout").output

        let outcome = try node.lvsctl("apply", Self.impossible)
        #expect(outcome.status == 71)
        for words in [
          "create service tcp 192.168.147.103:80", "errno 2", "No such file or directory", "twos",
          "delete address 192.168.147.101/32 dev ens33", "update service tcp 192.168.147.100:80",
          "All of it was taken back",
        ] {
          #expect(outcome.errors.contains(words), "\(words)")
        }
        #expect(!outcome.output.contains("Done"))
        try node.expectUnchanged(since: before)
        #expect(try node.succeed("ipvsadm -L --timeout").output == timeouts)
        #expect(try node.plan("diff", Self.good).changes == [])

        let partial = try node.lvsctl("apply", Self.impossible, "--keep-partial")
        #expect(partial.status == 71)
        #expect(partial.errors.contains("They were left in place"))
        #expect(try node.ipvs().contains("-A -t 192.168.147.102:80 -s wlc"))
        #expect(try !node.addresses().contains { $0.hasPrefix("192.168.147.101/") })
        #expect(try node.succeed("ipvsadm -L --timeout").output.contains("700"))
        // And from there the way goes on.
        try node.apply(Self.good)
        try node.expectUnchanged(since: before)
      }
    }

    @Test func `the first apply of a machine is taken back to nothing`() throws {
      try Network.classic { network in
        let node = network.director1
        try unloadIPVS()
        let addresses = try node.addresses()
        let sysctls = try node.sysctls()
        let outcome = try node.lvsctl("apply", Self.impossible)
        #expect(outcome.status == 71)
        #expect(outcome.errors.contains("All of it was taken back"))
        #expect(try node.ipvs() == [])
        #expect(try node.addresses() == addresses)
        #expect(try node.sysctls() == sysctls)
        #expect(try node.succeed("ipvsadm -L --timeout").output.contains("900 120 300"))

        let real = network.web1
        let before = try real.state()
        try real.ip("link set lo down")
        let down = try real.lvsctl("apply", Clusters.classic)
        #expect(down.status == 71)
        #expect(down.errors.contains("create route 192.168.147.100/32 dev lo"))
        #expect(down.errors.contains("All of it was taken back"))
        try real.ip("link set lo up")
        try real.expectUnchanged(since: before)
      }
    }

    /// The signal is there before the process is, and held back by it: the first boundary is where it is seen.
    @Test(arguments: ["INT", "TERM"])
    func `a signal before the first step changes nothing`(signal: String) throws {
      try Network.classic { network in
        let node = network.web1
        let before = try node.state()
        let outcome = try node.lvsctl(
          "apply", Clusters.classic,
          prefix: ["env", "--block-signal=\(signal)", "sh", "-c", "kill -\(signal) $$; exec \"$@\"", "sh"])
        #expect(outcome.status == 71)
        #expect(outcome.errors.contains("Ended on request"))
        #expect(outcome.errors.contains("nothing was changed"))
        try node.expectUnchanged(since: before)
      }
    }

    /// All readers of its output are gone before the first byte.
    @Test func `an apply that nobody reads any more arrives all the same`() throws {
      try Network.classic { network in
        for (node, command) in [(network.director1, "apply"), (network.web1, "apply"), (network.web1, "teardown")] {
          let outcome = try node.lvsctl(
            command, Clusters.classic,
            prefix: [
              "sh", "-c",
              "rm -f /run/unread; mkfifo /run/unread; exec 3<>/run/unread; exec >/run/unread 2>&1 3<&-; exec \"$@\"",
              "sh",
            ])
          #expect(outcome.status == 0)
          #expect(try node.plan("diff", Clusters.classic).changes.isEmpty == (command == "apply"))
        }
      }
    }
  }
}
