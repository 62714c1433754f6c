import Testing

extension RealKernel {
  /// From any state to any file. `LVSCTL_PAIRS=10000` tries so many pairs, `LVSCTL_PAIR=N` the one of that seed alone.
  @Suite struct ConvergenceTests {
    @Test func `from any state to any file, the kernel ends up holding what the file says`() throws {
      let seeds = environment("LVSCTL_PAIR").flatMap(Int.init).map { $0...$0 } ?? 1...pairs
      let address = "192.168.147.6/24"
      let machines = [
        Machine("director1", links: [Link(lan: "one", addresses: [address])]),
        Machine("peer", links: [Link(lan: "two", addresses: [address])]),
      ]
      try Network.with(machines) { network in
        var failures = 0
        var pair = RandomPair(seed: seeds.lowerBound)
        try network.director1.ipvsadm(pair.state.ipvsadm)
        for seed in seeds where failures < 5 {
          let next = RandomPair(seed: seed + 1)
          do {
            try check(pair, network, next: next.state)
          } catch {
            failures += 1
            Issue.record(
              """
              Seed \(seed) fails: \(error)
              Run it alone with LVSCTL_PAIR=\(seed). The state is made by ipvsadm -R of
              \(pair.state.ipvsadm.joined(separator: "\n"))
              and the file is
              \(pair.file.file)
              """)
            for machine in [network.director1, network["peer"]] { try machine.clearIPVS() }
            try network.director1.ipvsadm(next.state.ipvsadm)
          }
          pair = next
        }
      }
    }

    private var pairs: Int { environment("LVSCTL_PAIRS").flatMap(Int.init) ?? 500 }

    /// Brings director1, which holds the pair's state, to its file, and leaves it with the `next` state.
    private func check(_ pair: RandomPair, _ network: Network, next: IPVSModel) throws {
      func node(at machine: Namespace) throws -> InProcessNode {
        try InProcessNode(pair.file.file, node: "director1", role: .standby, prunes: true, at: machine)
      }
      let lvsctl = try node(at: network.director1)

      let plan = try lvsctl.diff()
      let kept = pair.state.ids.intersection(pair.file.ids)
      try demand(plan.allSatisfy { !$0.hasPrefix("delete ") || !kept.contains($0.subject) }, "deletes \(plan)")
      let deleted = Set(plan.filter { $0.hasPrefix("delete ") }.map(\.subject))
      let created = Set(plan.filter { $0.hasPrefix("create ") }.map(\.subject))
      try demand(deleted.isDisjoint(with: created), "deletes and creates \(deleted.intersection(created))")

      try demand(try lvsctl.apply() == plan, "apply does something else than diff says")
      try demand(try lvsctl.diff() == [], "the second plan is not empty")

      let wanted = pair.file.applied(to: pair.state)
      let built = try network["peer"].ipvsadm(["-C"] + wanted.ipvsadm)
      // Sysctls are not ipvsadm's to set.
      let rest = try node(at: network["peer"]).diff().filter { !$0.contains(" sysctl ") }
      try demand(rest == [], "of what ipvsadm built diff finds \(rest)")
      // With a daemon to stop, the next state takes processes of its own: ipvsadm hangs when it stops one after others.
      let applied = try network.director1.ipvsadm(afterwards: wanted.sync == nil ? ["-C"] + next.ipvsadm : [])
      try demand(applied == built, "ipvsadm finds \(applied), and in what it built itself \(built)")
      if wanted.sync != nil {
        for machine in [network.director1, network["peer"]] { try machine.clearIPVS() }
        try network.director1.ipvsadm(next.ipvsadm)
      }
    }
  }
}

private func demand(_ condition: Bool, _ what: @autoclosure () throws -> String) throws {
  if !condition { throw CommandFailure(description: try what()) }
}

extension String {
  /// The `KIND ID` of `ACTION KIND ID`, without the kind: real servers and services never have the same id.
  fileprivate var subject: String {
    var rest = self[...]
    for _ in 0..<2 { rest = rest.drop { $0 != " " }.dropFirst() }
    return String(rest)
  }
}

extension Namespace {
  /// Takes the table away and stops the daemons, of which there may be none.
  fileprivate func clearIPVS() throws {
    for daemon in try ipvsadm(["-C"]).daemons { try succeed("ipvsadm --stop-daemon \(daemon.words[0])") }
  }
}
