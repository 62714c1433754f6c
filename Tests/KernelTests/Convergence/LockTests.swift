import Glibc
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

        // The lock is the machine's: another cluster's file meets it too.
        let other = "name: other\n" + Clusters.classic
        #expect(try node.lvsctl("apply", other, "--lock-timeout", "0").status == 75)
        #expect(try node.state() == before)
      }
    }

    @Test func `the lock ends with a killed holder, and a waiter proceeds when the holder ends`() throws {
      try Network.classic { network in
        let node = network.director1
        let first = try node.startUnconfirmed(Clusters.classic, within: 600)
        #expect(first.stop() == 137)
        #expect(try node.confirm().status == 0)
        try node.apply(Clusters.classic, "--lock-timeout", "0")

        let second = try node.startUnconfirmed(Clusters.classic(scheduler: "wlc"), within: 600)
        let waiter = try node.startLvsctl("apply", Clusters.classic(scheduler: "lc"), "--lock-timeout", "600")
        try eventually("it waits for the lock") { try node.lock().waiters == 1 }
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

    @Test func `where the lock cannot be had nothing is changed`() throws {
      try Network.classic { network in
        let node = network.web1
        let before = try node.state()
        try write(Clusters.classic, to: "/run/nowhere.conf")
        // As root's first run leaves it.
        try node.succeed("mkdir -m 755 /run/state-\(node.name)")
        for command in ["apply", "teardown"] {
          let outcome = try node.run(
            lvsctlPath, command, "/run/nowhere.conf", environment: ["LVSCTL_STATE_DIR=/proc/nowhere"])
          #expect(outcome.status == 71)
          #expect(outcome.errors.contains("/proc/nowhere") && outcome.errors.contains("LVSCTL_STATE_DIR"))
          let nobody = try node.lvsctl(command, Clusters.classic, prefix: Self.nobody)
          #expect(nobody.status == 77)
          #expect(nobody.errors.contains("root"))
        }
        #expect(try node.state() == before)
      }
    }

    private static let nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--bounding-set=-all"]

    /// Holds the names that any process may take, as whoever it is started by.
    private static let squatter = """
      use Socket; for ("lvsctl.lock", "lvsctl.confirm") { socket(my $s, AF_UNIX, SOCK_STREAM, 0) or die;
      bind($s, pack("S a*", AF_UNIX, "\\0$_")) or die; listen($s, 9) or die; push @s, $s } print "held\\n"; $| = 1;
      print "\\n"; sleep 600
      """

    @Test func `an unprivileged process has no hold on the lock, nor on a confirmation`() throws {
      try Network.classic { network in
        let node = network.web1
        try node.apply(Clusters.classic)
        let squatter = try RunningCommand(Self.nobody + ["perl", "-e", Self.squatter], in: node.name)
        try eventually("it holds the names: \(squatter.errors)") { squatter.output.contains("held") }
        let file = try node.lockPath()
        let locked = try node.run(Self.nobody + ["flock", "--nonblock", file, "true"])
        #expect(locked.status != 0)
        #expect(try node.run(Self.nobody + ["rm", "-f", file]).status != 0)
        #expect(try node.run(Self.nobody + ["touch", "\(file).confirm"]).status != 0)

        let before = try node.state()
        #expect(try node.lvsctl("teardown", Clusters.classic, "--lock-timeout", "0").status == 0)
        let apply = try node.startUnconfirmed(Clusters.classic, within: 600)
        #expect(try node.confirm(prefix: Self.nobody).status == 77)
        #expect(try node.confirm().status == 0)
        #expect(apply.wait(limit: 30) == 0)
        try node.expectUnchanged(since: before)
      }
    }

    @Test func `no program that a holder starts has its lock`() throws {
      try Network.classic { network in
        let node = network.web1
        let holder = try node.startUnconfirmed(Clusters.classic, within: 600)
        let file = try node.lockPath()
        let descriptors = try names(in: "/proc/\(holder.pid)/fd").filter { descriptor in
          var path = [CChar](repeating: 0, count: 256)
          let count = readlink("/proc/\(holder.pid)/fd/\(descriptor)", &path, path.count)
          return path.prefix(max(0, count)).map { UInt8(bitPattern: $0) } == Array(file.utf8)
        }
        #expect(descriptors.count == 1)
        for descriptor in descriptors {
          let flags = try read("/proc/\(holder.pid)/fdinfo/\(descriptor)").lines.first { $0.hasPrefix("flags:") }
          // O_CLOEXEC, 02000000 in the kernel's octal.
          let number = flags?.words.last.flatMap { Int($0, radix: 8) } ?? 0
          #expect(number & 0o2000000 != 0)
        }
        #expect(try node.lock().holders == 1)
      }
    }

    @Test func `a waiter proceeds when the holder is killed`() throws {
      try Network.classic { network in
        let node = network.director1
        let holder = try node.startUnconfirmed(Clusters.classic, within: 600)
        let waiter = try node.startLvsctl("apply", Clusters.classic(scheduler: "lc"), "--lock-timeout", "600")
        try eventually("it waits for the lock") { try node.lock().waiters == 1 }
        #expect(holder.stop() == 137)
        // It has the lock, and finds what nobody confirmed.
        #expect(waiter.wait(limit: 30) == 75)
        #expect(waiter.errors.contains("lvsctl apply --take-back"))
      }
    }
  }
}
