import Testing

extension RealKernel {
  /// `status` changes nothing, whatever it finds, and says what it cannot show.
  @Suite struct StatusRefusalTests {
    @Test func `a status loads no module and says that none is loaded`() throws {
      try Network.classic { network in
        try unloadIPVS()
        let node = network.director1
        let alone = try node.run(node.statusCommand(nil, []))
        #expect(alone.status == 0)
        #expect(alone.output.contains("IPVS is not loaded"))
        let report = try node.status(Clusters.classic)
        #expect(report.status == 1)
        #expect(report.drift.first == "create module ip_vs")
        #expect(report.json["ipvs"] == nil)
        #expect(report.json["services"] == [])
        #expect(try !loadedModules().contains("ip_vs"))
      }
    }

    @Test func `a kernel without IPVS is told apart for a director and without a file, not for a real server`() throws {
      try Network.classic { network in
        try withoutIPVS {
          try network.web1.apply(Clusters.classic)
          #expect(try network.web1.lvsctl("status", Clusters.classic).status == 0)
          let node = network.director1
          for command in [try node.statusCommand(nil, []), try node.statusCommand(Clusters.classic, [])] {
            let outcome = try node.run(command)
            #expect(outcome.status == 69)
            #expect(outcome.output == "")
            #expect(outcome.errors.contains("modprobe ip_vs"))
          }
        }
      }
    }

    @Test func `without CAP_NET_ADMIN there is no status`() throws {
      try Network.classic { network in
        let node = network.director1
        try node.apply(Clusters.classic)
        let unprivileged = ["setpriv", "--inh-caps=-net_admin", "--bounding-set=-net_admin"]
        for command in [try node.statusCommand(nil, []), try node.statusCommand(Clusters.classic, [])] {
          let outcome = try node.run(unprivileged + command)
          #expect(outcome.status == 77)
          #expect(outcome.output == "")
          #expect(outcome.errors.contains("CAP_NET_ADMIN"))
        }
        // A real server needs nothing of IPVS.
        try network.web1.apply(Clusters.classic)
        let outcome = try network.web1.run(unprivileged + network.web1.statusCommand(Clusters.classic, []))
        #expect(outcome.status == 0)
        #expect(outcome.errors == "")
        #expect(
          outcome.lines.dropFirst() == [
            "This process may not read IPVS (CAP_NET_ADMIN), so its table is not shown",
            "VIPs      1 of 1 held, mute", "Ports     1 of 1 listened on",
            "Way back  from 192.168.147.100 none: replies to clients on other networks are lost",
            "Drift     none, this node is what the file says", "Findings  none",
          ])
        #expect(outcome.lines.first?.hasPrefix("web1 (realserver) of cluster, 20") == true)
      }
    }

    @Test func `a status changes nothing`() throws {
      try Network.classic { network in
        try succeed(["modprobe", "ip_vs"])
        for node in [network.director1, network.web1] {
          let before = try node.state()
          #expect(try node.lvsctl("status", Clusters.classic).status == 1)
          #expect(try node.state() == before)
        }
      }
    }

    @Test(arguments: [
      ["--node", "web1"], ["--role", "standby"], ["--server", "web1"], ["--watch", "--format", "prometheus"],
      ["--watch", "0"], ["--watch=-1"], ["--watch=inf"], ["--output", "/dev"], ["--output", ""],
      ["--sort", "size"],
    ])
    func `options that mean nothing are refused`(options: [String]) throws {
      try Network.with([Machine("director1", "192.168.147.6/24")]) { network in
        let node = network["director1"]
        let outcome = try node.run(node.statusCommand(nil, options))
        #expect(outcome.status == 64)
        #expect(outcome.output == "")
        #expect(!outcome.errors.isEmpty)
      }
    }
  }
}
