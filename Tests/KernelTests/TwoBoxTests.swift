import LVSKernel
import LVSModel
import LVSPlan
import Testing

extension RealKernel {
  /// Directors that are real servers of their own cluster: what one forwards to the other must not be balanced again.
  @Suite struct TwoBoxTests {
    private static let vip = "192.168.147.100"

    private static func file(_ boxes: Int, forward: String = "dr", _ more: String = "") -> String {
      let names = (1...boxes).map { "{ name: director\($0), address: 192.168.147.\(10 + $0)" }
      return """
        directors: [\(names.map { "\($0), interface: ens33 }" }.joined(separator: ", "))]
        real_servers:
          [\(names.map { "\($0) }" }.joined(separator: ", ")), { name: web1, address: 192.168.147.4 }]
        services:
          - vip: 192.168.147.100
            port: 80
            scheduler: rr
            forward: \(forward)
            real_servers: [\((1...boxes).map { "director\($0)" }.joined(separator: ", "))]
          - { vip: 192.168.147.100, port: 81, scheduler: rr, real_servers: [web1] }
        \(more)

        """
    }

    private static let sync = "sync: { interface: ens33, id: 9 }"

    /// The boxes, each with a page that is its name, and a client.
    private func withBoxes(_ boxes: Int, _ body: (Network, [Namespace]) throws -> Void) throws {
      let names = (1...boxes).map { "director\($0)" }
      let machines =
        [Machine("client", "192.168.147.50/24")]
        + names.enumerated().map { Machine($1, "192.168.147.\(11 + $0)/24", page: $1) }
      try Network.with(machines) { network in try body(network, names.map { network[$0] }) }
    }

    private func expectAllAnswered(
      _ network: Network, by boxes: [Namespace], _ when: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
      let answers = try network.client.answers(from: Self.vip, count: 12)
      let share = 12 / boxes.count
      #expect(
        answers == Dictionary(uniqueKeysWithValues: boxes.map { ($0.machine, share) }), "\(when)",
        sourceLocation: sourceLocation)
    }

    @Test(arguments: [(2, "dr", ""), (3, "dr", ""), (2, "tun", ""), (2, "dr", sync), (3, "dr", sync), (2, "tun", sync)])
    func `every request is answered, before and after the roles are swapped`(
      boxes: Int, forward: String, more: String
    ) throws {
      let file = Self.file(boxes, forward: forward, more)
      let own = "-A -t 192.168.147.100:80 -s rr"
      let other = "-A -t 192.168.147.100:81 -s rr"
      try withBoxes(boxes) { network, directors in
        for director in directors.reversed() { try director.apply(file) }
        try expectAllAnswered(network, by: directors, "at first")
        for standby in directors.dropFirst() {
          #expect(try standby.ipvs().contains(own) == !more.isEmpty)
          #expect(try standby.ipvs().contains(other))
        }
        if !more.isEmpty {
          for director in directors { #expect(try director.sysctl("net/ipv4/vs/backup_only") == "1") }
        }

        try directors[0].apply(file, "--role", "standby")
        try directors[1].apply(file, "--role", "director")
        try expectAllAnswered(network, by: directors, "after the swap")
        #expect(try directors[0].ipvs().contains(own) == !more.isEmpty)
        #expect(try directors[0].ipvs().contains(other))
        #expect(try directors[1].ipvs().contains(own))
        #expect(try directors[0].plan("diff", file, "--role", "standby").changes == [])
        #expect(try directors[1].plan("diff", file, "--role", "director").changes == [])
      }
    }

    @Test(arguments: ["", sync])
    func `at every step of a swap the director's packets are balanced once`(more: String) throws {
      let file = Self.file(2, more)
      try withBoxes(2) { network, directors in
        for director in directors.reversed() { try director.apply(file) }
        // Ahead of the promotion the VIP is the other one's still, and its packets come here.
        try stepwise(file, directors[1], .director) { change in
          guard try !directors[1].holdsVIP() else { return }
          try expectAllAnswered(network, by: directors, "director1 is active, director2 has done \(change)")
        }
        try directors[1].apply(file, "--role", "standby")
        _ = try network.client.run("ip", "neigh", "flush", "all")
        try expectAllAnswered(network, by: directors, "after the way back")

        try stepwise(file, directors[0], .standby) { change in
          guard try directors[0].holdsVIP() else { return }
          let answers = try network.client.answers(from: Self.vip, count: 12)
          #expect(answers["none"] == nil, "director1 has the VIP and has done \(change)")
        }
        try stepwise(file, directors[1], .director) { change in
          guard try directors[1].holdsVIP() else { return }
          let answers = try network.client.answers(from: Self.vip, count: 12)
          #expect(answers["none"] == nil, "director2 has the VIP and has done \(change)")
        }
        try expectAllAnswered(network, by: directors, "in the end")
      }
    }

    /// Carries a change of role out step by step, and looks after each.
    private func stepwise(
      _ file: String, _ machine: Namespace, _ role: RoleRequest, _ look: (String) throws -> Void
    ) throws {
      let node = try NodeInProcess(file, node: machine.machine, role: role)
      let changes = try inNamespace(machine.name) { try node.plan(from: try node.observe()).changes }
      #expect(!changes.isEmpty)
      for change in changes {
        let progress = try inNamespace(machine.name) {
          KernelSink(KernelConnection(), announcing: node.target.announced).carryOut([change], shouldStop: { false })
        }
        try #require(progress.failure == nil)
        // A new service and its real servers reach the kernel in one send.
        if case .service = change.subject, change.before == nil { continue }
        try look("\(change.action) \(change.id)")
      }
      let rest = try inNamespace(machine.name) { try node.plan(from: try node.observe()) }
      #expect(rest.isEmpty)
    }
  }
}

extension Namespace {
  fileprivate func holdsVIP() throws -> Bool {
    try addresses().contains { $0.hasPrefix("192.168.147.100/32 dev ens33") }
  }
}
