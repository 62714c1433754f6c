import Testing

extension RealKernel {
  /// `diff --format commands`: a shell that runs the lines brings a node to what the file says.
  @Suite struct CommandsTests {
    /// Every machine's lines, run by bash, leave nothing to change.
    private func expectConverges(
      _ node: Namespace, _ cluster: String, sourceLocation: SourceLocation = #_sourceLocation
    )
      throws
    {
      let diff = try node.lvsctl("diff", cluster, "--format", "commands")
      #expect(diff.status == 1 && !diff.output.isEmpty, "\(diff.errors)", sourceLocation: sourceLocation)
      let shell = try node.run("bash", "-eu", input: diff.output)
      #expect(shell.status == 0, "\(shell.errors)\n\(diff.output)", sourceLocation: sourceLocation)
      let rest = try node.lvsctl("diff", cluster)
      #expect(rest.status == 0, "\(rest.output)\(rest.errors)", sourceLocation: sourceLocation)
    }

    @Test func `the classic cluster answers when every node was made by a shell`() throws {
      try Network.classic { network in
        for node in [network.web1, network.web2, network.director2, network.director1] {
          try expectConverges(node, Clusters.classic)
        }
        #expect(try network.client.answers(from: "192.168.147.100", count: 10) == ["web1": 5, "web2": 5])
      }
    }

    @Test(arguments: ["director1", "director2", "web1"])
    func `the lines of a file that uses every feature`(machine: String) throws {
      try Network.with(.dualStack()) { network in try expectConverges(network[machine], Clusters.rich) }
    }

    @Test(arguments: [(Clusters.rich, Clusters.dualStack), (Clusters.otherRich, Clusters.rich)])
    func `the lines from one state to another edit and remove`(old: String, new: String) throws {
      try Network.with(.dualStack()) { network in
        for node in [network.director1, network.web1, network.web2] {
          try node.apply(old)
          try expectConverges(node, new)
        }
      }
    }

    @Test func `the lines that promote a standby and demote a director`() throws {
      try Network.with(.dualStack()) { network in
        for (node, role) in [(network.director1, "standby"), (network.director2, "director")] {
          try node.apply(Clusters.rich)
          let lines = try node.lvsctl("diff", Clusters.rich, "--role", role, "--format", "commands").output
          let shell = try node.run("bash", "-eu", input: lines)
          #expect(shell.status == 0, "\(shell.errors)")
          #expect(try node.lvsctl("diff", Clusters.rich, "--role", role).status == 0)
        }
      }
    }

    @Test func `an interface with a dot in its name`() throws {
      try Network.with(.dualStack(ipv6: false, interface: "ens33.100")) { network in
        try expectConverges(network.director1, Clusters.classic(interface: "ens33.100"))
      }
    }
  }

  /// A snapshot stands for its node in `diff`.
  @Suite struct SnapshotTests {
    private func snapshot(_ node: Namespace, _ cluster: String, _ options: String...) throws -> String {
      let outcome = try node.lvsctl("snapshot", cluster, options)
      #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
      return outcome.output
    }

    @Test(arguments: ["director1", "web1"])
    func `a diff against a snapshot is the diff against the node`(machine: String) throws {
      try Network.with(.dualStack()) { network in
        let node = network[machine]
        try node.apply(Clusters.rich)
        _ = try node.run("ipvsadm", "-A", "-t", "10.9.9.9:99", "-s", "rr")
        for cluster in [Clusters.rich, Clusters.dualStack, Clusters.otherRich] {
          let text = try snapshot(node, cluster)
          let file = "/run/snapshot-\(node.name).json"
          try write(text, to: file)
          let live = try node.lvsctl("diff", cluster, "--format", "json")
          // Elsewhere: the client is no node of the file, and no machine has privileges for this.
          let nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--bounding-set=-all"]
          let apart = try network.client.lvsctl(
            "diff", cluster, "--against", file, "--format", "json", prefix: nobody)
          try expectSamePlan(live, apart)
        }
      }
    }

    @Test(arguments: ["director1", "web1"])
    func `two snapshots of one state are the same bytes, and taking one changes nothing`(machine: String) throws {
      try Network.with(.dualStack()) { network in
        let node = network[machine]
        try node.apply(Clusters.rich)
        let before = try node.state()
        let first = try snapshot(node, Clusters.rich)
        #expect(try node.state() == before)
        #expect(try snapshot(node, Clusters.rich) == first)
        #expect(try JSON(first)["services"].elements.isEmpty == (machine == "web1"))
      }
    }

    @Test func `over ssh, a node is asked as the user and in the role that is wanted`() throws {
      try Network.classic { network in
        try network.web1.apply(Clusters.classic)
        try network.director2.apply(Clusters.classic, "--role", "director")
        let folder = "/run/ssh-\(network.client.name)"
        try succeed(["mkdir", folder])
        // In the place of ssh(1): it says what it was given, and runs the command in the machine's namespace.
        try write(
          """
          #!/bin/bash
          printf '%s\\n' "$@" >>\(folder)/words
          while [[ $1 != -- ]]; do shift; done
          exec env PATH=\(folder):$PATH ip netns exec "${2#*@}" sh -c "$3"

          """, to: "\(folder)/ssh")
        try write("#!/bin/sh\nexec \(lvsctlPath) \"$@\"\n", to: "\(folder)/lvsctl")
        try succeed(["chmod", "+x", "\(folder)/ssh", "\(folder)/lvsctl"])
        let path = ["env", "PATH=\(folder):\(environment("PATH") ?? "")"]

        let web = try network.client.lvsctl(
          "diff", Clusters.classic, "--against", "ssh://root@\(network.web1.name):2222", prefix: path)
        #expect(web.status == 0, "\(web.output)\(web.errors)")
        #expect(web.output.contains("web1 is what the file says"))
        #expect(
          try read("\(folder)/words").lines
            == ["-p", "2222", "--", "root@\(network.web1.name)", "lvsctl snapshot -"])

        let director = "ssh://\(network.director2.name)"
        let promoted = try network.client.lvsctl(
          "diff", Clusters.classic, "--against", director, "--role", "director", prefix: path)
        #expect(promoted.status == 0, "\(promoted.output)\(promoted.errors)")
        #expect(try network.client.lvsctl("diff", Clusters.classic, "--against", director, prefix: path).status == 1)

        let stranger = try network.client.lvsctl(
          "diff", Clusters.classic, "--against", "ssh://\(network.client.name)", prefix: path)
        #expect(stranger.status == 65 && stranger.output.isEmpty)
        let nowhere = try network.client.lvsctl("diff", Clusters.classic, "--against", "ssh://nowhere", prefix: path)
        #expect(nowhere.status == 66 && nowhere.output.isEmpty, "\(nowhere.status)")
      }
    }
  }
}
