import LVSSystem
import Testing

extension RealKernel {
  /// Two directors between which Debian's keepalived moves the VIP, under traffic: new connections all the time, and one that
  /// lasts as long as the test.
  @Suite struct FailoverTests {
    /// So many connections may fail in a row: the other director waits for three adverts and a bit, which is 3.5 s at one
    /// advert a second, and there are ten attempts a second at most.
    private static let mostFailures = 60

    @Test(arguments: Follower.allCases)
    func
      `whatever takes the active director away, the other one goes on with all connections, and its return takes none`(
        follower: Follower
      ) throws
    {
      try withTraffic(follower) { life in
        let pair = life.pair
        try life.failOver("keepalived is killed", servesMeanwhile: true, { $0.keepalived?.kill() }) {
          try $0.keepalived?.startAgain()
        }
        try life.failOver("the machine is frozen", { try pair.setFrozen(true, $0) }) { try pair.setFrozen(false, $0) }
        try life.failOver(
          "the link is down", isToldAtOnce: true, { try pair.network.setPlugged(false, $0.node.machine) }
        ) {
          try pair.network.setPlugged(true, $0.node.machine)
        }
        try life.failOver("the machine is turned off", { try pair.turnOff($0) }) { try pair.turnOn($0) }
        switch follower {
        case .lvsctld: try life.thawTheFirst()
        case .notifyLine:
          // keepalived takes what it has started along when it ends, and is to leave its last line alone.
          try life.failOver("keepalived is stopped", isToldAtOnce: true, { $0.keepalived?.end() }) {
            try $0.keepalived?.startAgain()
          }
        }
      }
    }

    /// A pair with keepalived on both, and its traffic.
    private func withTraffic(_ follower: Follower, _ body: (Life) throws -> Void) throws {
      try Network.with([Machine].classic.listening(on: 7, 80)) { network in
        let pair = try FailoverPair(network, follower)
        try pair.startKeepalived(on: pair.directors[0])
        try pair.waitForHolder(pair.directors[0], "at first")
        try pair.startKeepalived(on: pair.directors[1])
        try pair.expectRoles(holder: pair.directors[0], "at first")
        let connection = try LongConnection(from: network.client, to: FailoverPair.vip, port: 7)
        let prober = try Prober(at: network.client, to: FailoverPair.vip, port: 7)
        defer { prober.stop() }
        try body(Life(pair: pair, connection: connection, prober: prober))
      }
    }

    /// What such a pair goes through.
    private struct Life {
      let pair: FailoverPair
      let connection: LongConnection
      let prober: Prober

      /// The director that holds the VIP; exactly one does.
      private func active() throws -> FailoverPair.Director {
        try #require(try pair.directors.filter { try $0.holdsVIP() }.count == 1)
        return try pair.directors[0].holdsVIP() ? pair.directors[0] : pair.directors[1]
      }

      /// Lets something happen to the active director: the other one serves; and lets it come back: nothing moves.
      func failOver(
        _ what: String, servesMeanwhile: Bool = false, isToldAtOnce: Bool = false,
        _ fault: (FailoverPair.Director) throws -> Void,
        _ back: (FailoverPair.Director) throws -> Void
      ) throws {
        let failing = try active()
        let heir = pair.other(than: failing)
        try waitForSync(to: heir)
        let served = try connections(by: heir)
        let begin = prober.count
        try fault(failing)
        try eventually("\(heir.node.machine) holds the VIP when \(what): \(pair.story)", within: 40) {
          try heir.holdsVIP()
        }
        try prober.settle(since: begin, "when \(what)")
        // Neighbours that had news of the VIP within the last second believe the next news (neigh/*/locktime).
        try eventually("connections go by way of \(heir.node.machine) when \(what): \(pair.story)") {
          try connections(by: heir) > served
        }
        try expectServed(what)
        #expect(connection.isAlive(), "\(what): \(pair.story)")
        let outage = prober.longestOutage(since: begin)
        #expect(outage.attempts <= Self.most, "\(what)")
        // A director whose keepalived alone is gone answers until the other one is there.
        #expect(outage.attempts > 0 || servesMeanwhile, "\(what) and nothing failed")
        tell("\(what) (\(failing.node.machine))", outage)

        if isToldAtOnce { try pair.waitForRoles(holder: heir, "when \(what)") }
        // What was begun without patience ends before the return begins.
        prober.setPatient(true)
        let beforePatience = prober.count
        try eventually("an attempt passes") { prober.count > beforePatience }
        let beforeReturn = prober.count
        try back(failing)
        try pair.waitForHolder(heir, "after \(what)")
        try pair.expectRoles(holder: heir, "after \(what)")
        // Longer than a director waits for adverts.
        try eventually("some adverts have passed") { prober.count >= beforeReturn + 40 }
        try pair.waitForHolder(heir, "long after \(what)")
        #expect(prober.failures(since: beforeReturn) == 0, "the return after \(what): \(pair.story)")
        prober.setPatient(false)
        #expect(connection.isAlive(), "after the return from \(what)")
        try expectServed("after \(what)")
      }

      /// The one thing that VRRP has no way around: a holder of the higher priority which was frozen, and whose link never
      /// failed, still takes itself for the master, and has the VIP again (vrrp_state_master_rx of vrrp.c).
      func thawTheFirst() throws {
        let (first, second) = (pair.directors[0], pair.directors[1])
        try waitForSync(to: second)
        let begin = prober.count
        try pair.setFrozen(true, first)
        try eventually("director2 holds the VIP", within: 40) { try second.holdsVIP() }
        try prober.settle(since: begin, "when director1 is frozen")
        #expect(connection.isAlive(), "\(pair.story)")
        tell("director1 is frozen", prober.longestOutage(since: begin))
        try pair.waitForRoles(second, besideFrozen: first)
        let meanwhile = try LongConnection(from: pair.network.client, to: FailoverPair.vip, port: 7)
        let beforeReturn = prober.count
        try pair.setFrozen(false, first)
        try pair.waitForHolder(first, "after the thaw")
        try pair.expectRoles(holder: first, "after the thaw")
        try prober.settle(since: beforeReturn, "after the thaw")
        #expect(connection.isAlive(), "after the thaw: \(pair.story)")
        let lost = prober.failures(since: beforeReturn)
        tell("director1 is thawed (\(lost) failed in all)", prober.longestOutage(since: beforeReturn))
        print("failover: a connection made while director1 was frozen lives on: \(meanwhile.isAlive())")
      }

      private static let most = FailoverTests.mostFailures

      private func waitForSync(to heir: FailoverPair.Director) throws {
        try eventually("\(heir.node.machine) knows the long connection", within: 40) {
          try connection.isAlive() && heir.knownConnections() > 0
        }
      }

      private func connections(by director: FailoverPair.Director) throws -> Int {
        try director.node.traffic("--stats")["\(FailoverPair.vip):7"]?[0] ?? 0
      }

      private func expectServed(_ what: String) throws {
        let answers = try pair.network.client.answers(from: FailoverPair.vip, count: 4)
        #expect(answers == ["web1": 2, "web2": 2], "\(what)")
      }

      /// For whoever reads how long it took.
      private func tell(_ what: String, _ outage: Prober.Outage) {
        let tenths = Int((outage.seconds * 10).rounded())
        print(
          "failover: \(what), by \(pair.follower): \(outage.attempts) connections failed, \(tenths / 10).\(tenths % 10) s"
        )
      }
    }
  }
}

extension FailoverPair {
  /// Waits until a director is the active one while the other, which is frozen, cannot be a standby.
  fileprivate func waitForRoles(_ holder: Director, besideFrozen other: Director) throws {
    try eventually("\(holder.node.machine) is active: \(story)") { try holder.daemons() == ["master"] }
  }
}
