import Testing

extension RealKernel {
  /// With --format json a run that failed is a document too: the plan, and what became of its steps.
  @Suite struct FailedDocumentTests {
    private static let good = Clusters.classic + "  - { vip: 192.168.147.101, port: 443, persistence: 60 }\n"
    private static let refused = "create service tcp 192.168.147.103:80"
    /// No kernel of the tests has that scheduler.
    private static let impossible =
      Clusters.classic(scheduler: "wlc") + """
          - { vip: 192.168.147.102, port: 80 }
          - { vip: 192.168.147.103, port: 80, scheduler: twos }

        """

    @Test func `a refused step is named with its errno, and with what was done and undone`() throws {
      try Network.classic { network in
        let node = network.director1
        try node.apply(Self.good)
        let before = try node.state()
        let plan = try node.plan("diff", Self.impossible).json

        let failed = try node.plan("apply", Self.impossible)
        #expect(failed.status == 71)
        for key in ["cluster", "node", "role", "changes", "unmanaged", "summary", "findings"] {
          #expect(failed.json[key] == plan[key], "\(key)")
        }
        let error = failed.json["error"]
        #expect(error["step"].step == Self.refused)
        #expect(error["errno"] == 2)
        #expect(failed.errors == "\(error["message"].string ?? "")\n")
        let done = error["done"].elements.map(\.step)
        #expect(done.contains("delete address 192.168.147.101/32 dev ens33"))
        #expect(!done.contains(Self.refused))
        #expect(error["uncertain"] == [])
        #expect(error["undone"].elements.map(\.step).contains("create address 192.168.147.101/32 dev ens33"))
        #expect(error["undone"].elements.count >= done.count)
        #expect(error["taken_back"] == true)
        #expect(error["remains"] == [])
        try node.expectUnchanged(since: before)
      }
    }

    @Test func `what --keep-partial leaves is what was done`() throws {
      try Network.classic { network in
        let node = network.director1
        try node.apply(Self.good)
        let failed = try node.plan("apply", Self.impossible, "--keep-partial")
        #expect(failed.status == 71)
        let error = failed.json["error"]
        #expect(error["step"].step == Self.refused)
        #expect(error["undone"] == [])
        #expect(error["taken_back"] == nil)
        let done = error["done"].elements.map(\.step)
        // What it did not come to is what is left to do.
        let rest = try node.plan("diff", Self.impossible).changes
        #expect(!done.isEmpty && Set(done).isDisjoint(with: rest))
        #expect(Set(done + rest) == Set(failed.changes))
      }
    }

    /// The kernel reads the number, and tells it without the zero.
    @Test func `a proof that breaks names what the kernel holds otherwise`() throws {
      try Network.classic { network in
        let file = Clusters.classic + "sysctls: { director: { net.ipv4.conf.ens33.arp_ignore: \"02\" } }\n"
        let failed = try network.director1.plan("apply", file)
        #expect(failed.status == 71)
        #expect(failed.errors.contains("yet it does not hold what the file says"))
        let error = failed.json["error"]
        #expect(error["step"] == nil)
        #expect(error["errno"] == nil)
        #expect(Set(error["done"].elements.map(\.step)).isSuperset(of: failed.changes))
        #expect(error["taken_back"] == nil)
        #expect(error["remains"] == ["sysctl net.ipv4.conf.ens33.arp_ignore"])
      }
    }

    @Test func `what nobody confirms is told with the steps that took it back`() throws {
      try Network.classic { network in
        let failed = try network.web1.plan("apply", Clusters.classic, "--confirm-within", "0")
        #expect(failed.status == 1)
        let error = failed.json["error"]
        #expect(error["message"].string?.hasPrefix("Nobody confirmed in time.") == true)
        #expect(error["done"].elements.map(\.step) == failed.changes)
        #expect(error["undone"].elements.count == failed.changes.count)
        #expect(error["taken_back"] == true)
      }
    }

    @Test func `a run that ends before there is a plan has none, and says of the node what is known`() throws {
      try Network.classic { network in
        let node = network.director1
        let holder = try node.startUnconfirmed(Clusters.classic, within: 600)
        defer { _ = holder.stop() }
        for command in ["apply", "teardown"] {
          let locked = try node.plan(command, Clusters.classic, "--lock-timeout", "0")
          #expect(locked.status == 75)
          try expectNoPlan(locked, cluster: "cluster", node: nil)
        }
        let takenBack = try network.web1.run(
          [lvsctlPath, "apply", "--take-back", "--format", "json"],
          environment: ["LVSCTL_STATE_DIR=\(network.web1.stateDirectory)"])
        #expect(takenBack.status == 1)
        let document = PlanReport(status: 1, errors: takenBack.errors, json: try JSON(takenBack.output))
        try expectNoPlan(document, cluster: nil, node: nil)

        let privileged = try network.web1.lvsctl(
          "apply", Clusters.classic, ["--format", "json"],
          prefix: ["setpriv", "--inh-caps=-net_admin", "--bounding-set=-net_admin"])
        #expect(privileged.status == 77)
        let unprivileged = try JSON(privileged.output)
        #expect(unprivileged["node"] == "web1")
        #expect(!unprivileged["changes"].elements.isEmpty)
        #expect(unprivileged["error"]["done"] == [])
      }
    }

    private func expectNoPlan(_ report: PlanReport, cluster: JSON, node: JSON) throws {
      #expect(report.json["cluster"] == cluster)
      #expect(report.json["node"] == node)
      #expect(report.json["role"] == nil)
      #expect(report.changes == [])
      #expect(report.json["summary"]["create"] == 0)
      #expect(report.errors == "\(report.json["error"]["message"].string ?? "")\n")
      #expect(report.json["error"]["step"] == nil)
      #expect(report.json["error"]["done"] == [])
    }
  }
}

extension JSON {
  /// `ACTION KIND ID` of a step.
  fileprivate var step: String {
    "\(self["action"].string ?? "?") \(self["kind"].string ?? "?") \(self["id"].string ?? "?")"
  }
}
