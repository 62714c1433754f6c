import LVSKernel
import LVSNode
import LVSPlan
import Testing

extension RealKernel {
  /// Another program adds two hundred services of its own and takes them away, over and over, while lvsctl looks and works.
  @Suite struct ConcurrentTableTests {
    /// How often each is tried while the other one writes.
    private static let times = 30

    private static let head = """
      directors:
        - { name: director1, address: 192.168.147.6, interface: ens33 }
      real_servers:
        - { name: web1, address: 192.168.147.4 }
        - { name: web2, address: 192.168.147.3 }

      """

    /// A file with so many services, two real servers each.
    private static func cluster(_ count: Int, weight: Int = 1) -> String {
      head + """
        services:
          - vip: 192.168.147.100
            port: "8000-\(8000 + count - 1)"
            scheduler: rr
            real_servers: [{ server: web1, weight: \(weight) }, { server: web2, weight: \(weight) }]

        """
    }

    /// Runs `body` on a director that was brought to `file`, while two hundred other services come and go.
    private func whileOthersWrite(
      from file: String, _ body: (Namespace, NodeInProcess) throws -> Void,
      afterwards: (Namespace) throws -> Void = { _ in }
    ) throws {
      try Network.with([Machine("director1", "192.168.147.6/24")]) { network in
        let machine = network["director1"]
        try inNamespace(machine.name) {
          let node = try NodeInProcess(file, node: "director1")
          try node.apply()
          let services = (0..<200).map { "-t 10.9.\($0 / 100).\($0 % 100 + 1):80" }
          let servers = services.map { "-a \($0) -r 192.168.147.4:80 -g -w 1\n" }
          try write(zip(services, servers).map { "-A \($0) -s rr\n\($1)" }.joined(), to: "/run/others-there")
          try write(services.map { "-D \($0)\n" }.joined(), to: "/run/others-gone")
          let writer = try machine.start(
            "sh", "-c",
            """
            while :; do ipvsadm -R </run/others-there; echo there >>/run/others-rounds; ipvsadm -R </run/others-gone; done
            """)
          defer {
            writer.stop()
            _ = try? machine.run("ipvsadm", "-C")
          }
          try write("", to: "/run/others-rounds")
          try eventually("the other program writes") { try !read("/run/others-rounds").isEmpty }
          try body(machine, node)
          #expect(try read("/run/others-rounds").lines.count > 1)
          // ipvsadm is to judge, and its own list is as long.
          writer.stop()
          try afterwards(machine)
        }
      }
    }

    @Test func `a diff shows nothing that is not due`() throws {
      let file = Self.cluster(600)
      try whileOthersWrite(from: file) { machine, node in
        for time in 0..<Self.times {
          let plan = try Planner.plan(node.target, observed: try node.observe())
          #expect(plan.changes == [], "time \(time)")
        }
        #expect(try machine.plan("diff", file).changes == [])
      }
    }

    @Test func `a status shows no drift and every service`() throws {
      let file = Self.cluster(600)
      try whileOthersWrite(from: file) { machine, node in
        for time in 0..<Self.times {
          var query = ObservationQuery(node.target)
          query.readsCounters = true
          let live = try KernelConnection().observe(query)
          #expect(try Planner.plan(node.target, observed: live.state).changes == [], "time \(time)")
          #expect(live.activity?.counters.count == live.state.services.count)
          var bareQuery = ObservationQuery()
          bareQuery.readsCounters = true
          let bare = try KernelConnection().observe(bareQuery)
          let missing = node.target.state.services.keys.filter { bare.state.services[$0] == nil }
          #expect(missing == [], "time \(time)")
        }
        let status = try machine.status(file)
        #expect(status.drift == [])
        #expect(status.status == 0)
      }
    }

    @Test func `an apply of a thousand edits arrives`() throws {
      let light = Self.cluster(500)
      let heavy = Self.cluster(500, weight: 7)
      try whileOthersWrite(from: light) { machine, first in
        let second = try NodeInProcess(heavy, node: "director1")
        for time in 0..<Self.times {
          let node = time.isMultiple(of: 2) ? second : first
          let kernel = KernelConnection()
          let before = try node.observe(kernel)
          let applier = Applier(
            sink: KernelSink(kernel), observe: { try node.observe(kernel) },
            replan: { try Planner.plan(node.target, observed: $0) })
          let plan = try Planner.plan(node.target, observed: before)
          #expect(plan.changes.count == 1000, "time \(time)")
          try applier.apply(plan.changes, before: before, keepsPartial: false)
        }
        let outcome = try machine.lvsctl("apply", heavy)
        #expect(outcome.status == 0, "\(outcome.errors)")
      } afterwards: { machine in
        let weights = try machine.ipvs().filter { $0.contains("192.168.147.100:") && $0.hasSuffix("-w 7") }
        #expect(weights.count == 1000)
      }
    }
  }
}
