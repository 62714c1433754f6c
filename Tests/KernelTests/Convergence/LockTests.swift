import Testing

extension RealKernel {
  /// One lvsctl at a time changes a network namespace.
  @Suite struct LockTests {
    @Test func `a second apply waits as long as it is told, ends with 75 and names the holder`() throws {
      try Network.classic { network in
        let node = network.director1
        let holder = try node.startUnconfirmed(Clusters.classic, within: 600)
        let before = try node.state()
        for command in ["apply", "teardown"] {
          let outcome = try node.lvsctl(command, Clusters.classic(scheduler: "wlc"), "--lock-timeout", "0.2")
          #expect(outcome.status == 75)
          #expect(outcome.errors.contains("\(holder.pid)"))
          #expect(outcome.errors.contains("Nothing was changed"))
          // What the holder waits for is something the reader can give it.
          #expect(outcome.errors.contains("lvsctl confirm"))
        }
        #expect(try node.state() == before)

        // Another network namespace has a lock of its own.
        #expect(try network.director2.lvsctl("apply", Clusters.classic, "--lock-timeout", "0").status == 0)

        // Where nothing can be remembered the holder's wait is said all the same, and for another cluster's file too.
        let other = "name: other\n" + Clusters.classic
        let stranger = try node.run(
          ["sh", "-c", "cat >/run/other.conf; exec \(lvsctlPath) apply /run/other.conf --lock-timeout 0"], input: other,
          environment: ["LVSCTL_STATE_DIR=/proc/nowhere"])
        #expect(stranger.status == 75)
        #expect(stranger.errors.contains("lvsctl confirm"))
        #expect(try node.state() == before)
      }
    }

    @Test func `the lock ends with a killed holder, and a waiter proceeds when the holder ends`() throws {
      try Network.classic { network in
        let node = network.director1
        let first = try node.startUnconfirmed(Clusters.classic, within: 600)
        #expect(first.stop() == 137)
        try node.apply(Clusters.classic, "--lock-timeout", "0")

        let second = try node.startUnconfirmed(Clusters.classic(scheduler: "wlc"), within: 600)
        let waiter = try node.startLvsctl("apply", Clusters.classic(scheduler: "lc"), "--lock-timeout", "600")
        try eventually("it waits for the lock") { try node.sockets(named: "lvsctl.lock") == 2 }
        #expect(try node.ipvs().contains("-A -t 192.168.147.100:80 -s wlc"))
        #expect(try node.confirm().status == 0)
        #expect(second.wait(limit: 30) == 0)
        #expect(waiter.wait(limit: 30) == 0)
        #expect(try node.ipvs().contains("-A -t 192.168.147.100:80 -s lc"))
      }
    }

    @Test func `a wait is told on a terminal`() throws {
      try Network.classic { network in
        let node = network.director1
        let holder = try node.startUnconfirmed(Clusters.classic, within: 600)
        let file = "/run/waiter-\(node.name).conf"
        try write(Clusters.classic(scheduler: "lc"), to: file)
        let waiter = try PseudoTerminal([lvsctlPath, "apply", file, "--lock-timeout", "600"], in: node)
        try eventually("it says what it waits for") { waiter.output.contains("Waiting for another lvsctl to end.") }
        #expect(try node.confirm().status == 0)
        #expect(holder.wait(limit: 30) == 0)
        #expect(try waiter.wait() == 0)
        #expect(waiter.output.contains("\r\u{1b}[2Kdirector1 (director) of cluster"), "\(waiter.output)")
      }
    }

    @Test func `a waiter proceeds when the holder is killed`() throws {
      try Network.classic { network in
        let node = network.director1
        let holder = try node.startUnconfirmed(Clusters.classic, within: 600)
        let waiter = try node.startLvsctl("apply", Clusters.classic(scheduler: "lc"), "--lock-timeout", "600")
        try eventually("it waits for the lock") { try node.sockets(named: "lvsctl.lock") == 2 }
        #expect(holder.stop() == 137)
        #expect(waiter.wait(limit: 30) == 0)
        #expect(try node.ipvs().contains("-A -t 192.168.147.100:80 -s lc"))
      }
    }
  }
}
