import Testing

extension RealKernel {
  /// Which machine this is to a file, and whose file it is: the wrong one changes nothing.
  @Suite struct IdentityTests {
    @Test func `a machine that is another node is not taken for the one that --node names`() throws {
      try Network.classic { network in
        let node = network.director1
        try node.apply(Clusters.classic)
        let before = try node.state()
        for command in ["apply", "teardown", "diff", "status", "snapshot"] {
          let outcome = try node.lvsctl(command, Clusters.classic, "--node", "web1")
          #expect(outcome.status == 65, "\(command)")
          #expect(outcome.output == "")
          for words in ["192.168.147.6", "director1", "web1", "192.168.147.4", "--force-node"] {
            #expect(outcome.errors.contains(words), "\(command)")
          }
        }
        #expect(try node.state() == before)
        #expect(try node.lvsctl("diff", Clusters.classic, "--node", "director1").status == 0)

        // Its own address may come beside the other one.
        let forced = try node.plan("diff", Clusters.classic, "--node", "web1", "--force-node")
        #expect(forced.json["node"] == "web1")
        try node.ip("address add 192.168.147.4/24 dev ens33")
        #expect(try node.plan("diff", Clusters.classic, "--node", "web1").json["node"] == "web1")
      }
    }

    @Test func `a file of another cluster is refused, and replaces it where that is meant`() throws {
      let other = "name: blog\n" + Clusters.classic.replacing(".100", with: ".200")
      try Network.classic { network in
        for name in ["director1", "web1"] {
          let node = network[name]
          _ = try node.ipvs()
          let origin = try node.state()
          try node.apply(Clusters.classic)
          let before = try node.state()
          for options in [[String](), ["--role", "auto"], ["--prune"]] {
            let outcome = try node.lvsctl("apply", other, options)
            #expect(outcome.status == 65)
            #expect(outcome.output == "")
            for words in ["cluster", "blog", "the address 192.168.147.100/32", "--replace", "Nothing was changed"] {
              #expect(outcome.errors.contains(words))
            }
            #expect(outcome.errors.contains("the service tcp 192.168.147.100:80") == (name == "director1"))
          }
          #expect(try node.state() == before)
          let diff = try node.lvsctl("diff", other)
          #expect(diff.status == 1)
          #expect(diff.errors.contains("apply wants --replace"))

          try node.apply(other, "--replace")
          let after = try node.state()
          #expect(!after.ipvs.contains { $0.contains("192.168.147.100") })
          #expect(!after.addresses.contains { $0.hasPrefix("192.168.147.100/") })
          #expect(try node.lvsctl("apply", other).status == 0)
          #expect(try node.lvsctl("apply", Clusters.classic).status == 65)
          #expect(try node.lvsctl("teardown", other).status == 0)
          try node.expectUnchanged(since: origin)
        }
      }
    }

    /// Under a new name, or none: what was put there is known all the same.
    @Test(arguments: ["director1", "director2", "web1"])
    func `what was applied under other names is taken over, and torn down`(machine: String) throws {
      let renamed = "name: shop\n" + Clusters.classic.replacing("name: \(machine)", with: "name: renamed")
      let moved = renamed.replacing("192.168.147.100", with: "192.168.147.101")
      try Network.classic { network in
        let node = network[machine]
        _ = try node.ipvs()
        let before = try node.state()
        try node.apply(Clusters.classic)
        #expect(try node.lvsctl("apply", moved, "--replace").status == 0)
        #expect(try !node.state().ipvs.contains { $0.contains("192.168.147.100") })
        #expect(try node.lvsctl("teardown", moved).status == 0)
        try node.expectUnchanged(since: before)

        try node.apply(Clusters.classic)
        let teardown = try node.lvsctl("teardown", moved)
        #expect(teardown.status == 0)
        #expect(teardown.errors.contains("the file is of another cluster"))
        try node.expectUnchanged(since: before)
      }
    }

    @Test(arguments: ["director1", "director2", "web1"])
    func `a node that left the file, or has another address now, is torn down`(machine: String) throws {
      let address =
        ["director1": "192.168.147.6", "director2": "192.168.147.5", "web1": "192.168.147.4"][machine] ?? ""
      let without = Clusters.classic.replacing(
        "name: \(machine), address: \(address)", with: "name: other, address: 192.168.147.77")
      let moved = Clusters.classic.replacing(address, with: "192.168.147.77")
      try Network.classic { network in
        let node = network[machine]
        _ = try node.ipvs()
        let before = try node.state()
        let nothing = try node.lvsctl("teardown", without)
        #expect(nothing.status == 65)
        #expect(nothing.errors.contains("Nor does lvsctl remember"))
        for (file, options) in [(without, [String]()), (moved, []), (without, ["--node", machine])] {
          try node.apply(Clusters.classic)
          #expect(try node.lvsctl("apply", file).status == 65)
          let strange = try node.lvsctl("teardown", file, "--node", "nobody")
          #expect(strange.status == 65)
          let teardown = try node.plan("teardown", file, options)
          #expect(teardown.status == 0, "\(teardown.errors)")
          #expect(teardown.json["node"].string == machine)
          #expect(teardown.errors.contains("the file names no node that is this machine"))
          try node.expectUnchanged(since: before)
        }
        #expect(try node.lvsctl("teardown", without).status == 65)
      }
    }
  }
}
