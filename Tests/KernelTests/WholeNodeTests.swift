import Testing

extension RealKernel {
  /// `snapshot` without a file, and snapshots that were taken with another one than they are compared with.
  @Suite struct WholeNodeTests {
    /// Elsewhere: the client is no node of the file, and needs no privilege.
    private static let nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--bounding-set=-all"]

    private func snapshot(_ node: Namespace) throws -> String {
      let outcome = try node.run(
        [lvsctlPath, "snapshot"], environment: ["LVSCTL_STATE_DIR=\(node.stateDirectory)"])
      #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
      return outcome.output
    }

    /// What a diff against a snapshot says elsewhere.
    private func diff(
      _ cluster: String, against text: String, at network: Network, _ options: String...
    ) throws -> Outcome {
      let file = "/run/whole-\(network.client.name).json"
      try write(text, to: file)
      return try network.client.lvsctl(
        "diff", cluster, ["--against", file, "--format", "json"] + options, prefix: Self.nobody)
    }

    @Test(arguments: ["director1", "director2", "web1"])
    func `a snapshot without a file says of any file what the node says`(machine: String) throws {
      try Network.with(.dualStack()) { network in
        let node = network[machine]
        try node.apply(Clusters.classic)
        _ = try node.run("ipvsadm", "-A", "-t", "10.9.9.9:99", "-s", "rr")
        // A stranger's route, and a device that only one of the files knows.
        try node.ip("link add dummy7 type dummy", "route add 10.7.7.7/32 dev lo")
        let text = try snapshot(node)
        let other =
          Clusters.classic(scheduler: "wrr")
          .replacing("interface: ens33", with: "interface: dummy7")
          .replacing(
            "real_servers:",
            with: """
              sysctls:
                director: { net.core.somaxconn: 777, net.ipv4.neigh.default.gc_thresh1: 99, net.ipv4.vs.conntrack: 1 }
                real_server: { net.ipv6.conf.dummy7.forwarding: 1, net.ipv4.conf.dummy7.rp_filter: 2 }
              real_servers:
              """)
        for cluster in [Clusters.classic, Clusters.dualStack, Clusters.rich, other] {
          let live = try node.lvsctl("diff", cluster, "--format", "json")
          let apart = try diff(cluster, against: text, at: network)
          try expectSamePlan(live, apart)
        }
      }
    }

    @Test func `it names no cluster, and everything is there that a file could speak of`() throws {
      try Network.classic { network in
        let node = network.web1
        try node.apply(Clusters.classic)
        try node.ip("link add name vlan.7 type dummy", "route add 10.7.7.7/32 dev ens33")
        let before = try node.state()
        let text = try snapshot(node)
        try node.expectUnchanged(since: before)
        #expect(try snapshot(node) == text)

        let json = try JSON(text)
        for key in ["cluster", "node", "role"] { #expect(json[key] == .null) }
        let addresses = json["addresses"].elements.compactMap { $0["address"].string }
        for address in ["192.168.147.4", "192.168.147.100", "127.0.0.1"] { #expect(addresses.contains(address)) }
        let routes = json["routes"].elements.compactMap { $0["destination"].string }
        #expect(routes.contains("10.7.7.7") && routes.contains("192.168.147.100"))
        for link in ["lo", "ens33", "vlan.7"] { #expect(json["links"][link]["up"] != .null) }
        let sysctls = json["sysctls"]
        #expect(sysctls["net.ipv4.conf.lo.arp_ignore"] == "1")
        #expect(sysctls["net.ipv4.conf.vlan/7.arp_ignore"] == "0")
        #expect(sysctls["net.ipv6.conf.ens33.accept_dad"].string != nil)
        #expect(sysctls["net.core.somaxconn"].string == (try node.sysctl("net/core/somaxconn")))
      }
    }

    @Test func `a secret is not told, and a file that sets it is told so`() throws {
      try Network.classic { network in
        let node = network.director1
        let key = "00000001-00000002-00000003-00000004"
        try node.succeed("sysctl -q -w net.ipv4.tcp_fastopen_key=\(key)")
        let text = try snapshot(node)
        #expect(!text.contains(key))
        let cluster = Clusters.classic.replacing(
          "real_servers:", with: "sysctls: { director: { net.ipv4.tcp_fastopen_key: \(key) } }\nreal_servers:")
        let apart = try diff(cluster, against: text, at: network)
        #expect(apart.status == 1)
        #expect(!apart.output.contains("fastopen"))
        #expect(apart.errors.contains("does not tell the value of net.ipv4.tcp_fastopen_key"))
      }
    }

    @Test func `a node that was renamed since finds itself by its addresses, and --node has the last word`() throws {
      try Network.classic { network in
        let node = network.web1
        try node.apply(Clusters.classic)
        let named = try node.lvsctl("snapshot", Clusters.classic)
        #expect(try JSON(named.output)["node"] == "web1")
        for text in [named.output, try snapshot(node)] {
          let renamed = try diff(Clusters.classic.replacing("web1", with: "shop1"), against: text, at: network)
          #expect(renamed.status == 0, "\(renamed.errors)")
          #expect(try JSON(renamed.output)["node"] == "shop1")
          let other = try diff(Clusters.classic, against: text, at: network, "--node", "director2")
          #expect(try JSON(other.output)["node"] == "director2")
          let stranger = try diff(
            Clusters.classic.replacing("192.168.147.4", with: "192.168.147.44").replacing("web1", with: "shop1"),
            against: text, at: network)
          #expect(stranger.status == 65)
          #expect(stranger.errors.contains("192.168.147.4,") || stranger.errors.contains("192.168.147.4."))
        }
      }
    }

    @Test(arguments: [["--node", "web1"], ["--role", "standby"]])
    func `what only a file can say is refused without one`(options: [String]) throws {
      let outcome = try run([lvsctlPath, "snapshot"] + options)
      #expect(outcome.status == 64)
      #expect(outcome.errors.contains("name that file too"))
    }
  }
}
