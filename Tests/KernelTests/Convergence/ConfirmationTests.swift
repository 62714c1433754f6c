import Testing

extension RealKernel {
  /// `--confirm-within` takes everything back unless somebody who may says that it shall stay.
  @Suite struct ConfirmationTests {
    @Test func `nobody confirms, and everything is taken back`() throws {
      try Network.classic { network in
        for node in [network.director1, network.web1] {
          _ = try node.ipvs()  // loads IPVS, which stays
          let before = try node.state()
          let outcome = try node.lvsctl("apply", Clusters.classic, "--confirm-within", "0.5")
          #expect(outcome.status == 1)
          #expect(outcome.errors.contains("Nobody confirmed in time"))
          #expect(outcome.errors.contains("All of it was taken back"))
          #expect(!outcome.output.contains("Done"))
          try node.expectUnchanged(since: before)
        }
        // As if it had never been: there is nothing that teardown would have to know.
        let teardown = try network.director1.lvsctl("teardown", Clusters.classic)
        #expect(teardown.status == 0)
        #expect(teardown.output.contains("Nothing to take away"))
      }
    }

    @Test func `what is confirmed stays, and only root confirms`() throws {
      try Network.classic { network in
        let node = network.director1
        let none = try node.confirm()
        #expect(none.status == 1)
        #expect(none.errors.contains("No apply waits"))

        let apply = try node.startUnconfirmed(Clusters.classic, within: 600)
        let stranger = try node.confirm(prefix: ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"])
        #expect(stranger.status == 77)
        #expect(stranger.errors.contains("root"))
        #expect(try network.director2.confirm().status == 1)
        #expect(try node.lock().holders == 1)

        let confirmed = try node.confirm()
        #expect(confirmed.status == 0)
        #expect(confirmed.output.contains("kept"))
        #expect(apply.wait(limit: 30) == 0)
        #expect(apply.output.contains("Done"))
        #expect(try node.plan("diff", Clusters.classic).changes == [])
        #expect(try node.confirm().status == 1)
      }
    }

    /// `script` gives the command a terminal; its death takes the terminal away.
    @Test func `an apply whose terminal is gone still waits, and still takes everything back`() throws {
      try Network.classic { network in
        let node = network.director1
        _ = try node.ipvs()
        let before = try node.state()
        func startOnTerminal(seconds: Int) throws -> RunningCommand {
          let file = "/run/terminal.conf"
          try write(Clusters.classic, to: file)
          let line = "exec \(lvsctlPath) apply \(file) --confirm-within \(seconds)"
          let script = try RunningCommand(
            ["script", "--quiet", "--command", line, "/dev/null"], in: node.name,
            environment: ["LVSCTL_STATE_DIR=\(node.stateDirectory)"])
          try eventually("apply waits for a confirmation") {
            let lock = try node.lock()
            return lock.holders == 1 && lock.text.hasSuffix("awaits confirmation")
          }
          try succeed(["kill", "-KILL", "\(script.pid)"])
          #expect(script.wait(limit: 30) == 137)
          return script
        }
        _ = try startOnTerminal(seconds: 2)
        try eventually("everything is taken back") { try node.lock().holders == 0 }
        try node.expectUnchanged(since: before)

        _ = try startOnTerminal(seconds: 600)
        #expect(try node.confirm().status == 0)
        try eventually("apply has ended") { try node.lock().holders == 0 }
        #expect(try node.plan("diff", Clusters.classic).changes == [])
      }
    }

    @Test func `where nobody could confirm nothing is changed, and what a killed apply left is no hindrance`() throws {
      try Network.classic { network in
        let node = network.web1
        let before = try node.state()
        try succeed(["mkdir", "-p", "\(node.stateDirectory)/\(try node.number()).confirm"])
        let refused = try node.lvsctl("apply", Clusters.classic, "--confirm-within", "600")
        #expect(refused.status == 71)
        #expect(refused.errors.contains("Nobody could confirm") && refused.errors.contains("Nothing was changed"))
        try node.expectUnchanged(since: before)
        try succeed(["rmdir", "\(node.stateDirectory)/\(try node.number()).confirm"])

        let killed = try node.startUnconfirmed(Clusters.classic, within: 600)
        #expect(killed.stop() == 137)
        #expect(try node.confirm().status == 0)
        let next = try node.startUnconfirmed(Clusters.classic.replacing(".100", with: ".101"), within: 600)
        #expect(try node.confirm().status == 0)
        #expect(next.wait(limit: 30) == 0)
      }
    }

    @Test func `a hangup does not end the wait, and an interrupt takes everything back`() throws {
      try Network.classic { network in
        let node = network.web1
        let before = try node.state()
        let apply = try node.startUnconfirmed(Clusters.classic, within: 600)
        try succeed(["kill", "-HUP", "\(apply.pid)"])
        try succeed(["kill", "-PIPE", "\(apply.pid)"])
        try succeed(["kill", "-INT", "\(apply.pid)"])
        #expect(apply.wait(limit: 30) == 1)
        #expect(apply.errors.contains("Ended on request"))
        try node.expectUnchanged(since: before)
      }
    }
  }
}
