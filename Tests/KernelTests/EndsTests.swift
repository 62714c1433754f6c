import Glibc
import Testing

extension RealKernel {
  /// Ends of commands that look at a kernel or change it, where they cannot go on.
  @Suite struct EndsTests {
    /// An empty folder over /proc, as in a chroot.
    private static let withoutProc = [
      "unshare", "--mount", "sh", "-c", "mount -t tmpfs tmpfs /proc && exec \"$@\"", "sh",
    ]

    @Test func `without a mounted proc nothing is taken for what it is not`() throws {
      try Network.classic { network in
        let node = network.director1
        try node.apply(Clusters.classic)
        let before = try node.state()
        let memory = try read(node.memoryPath())
        let file = "/run/cluster-\(node.name).conf"
        let directory = ["LVSCTL_STATE_DIR=\(node.stateDirectory)"]
        let looking = [
          ["diff", file], ["diff", file, "--format", "json"], ["apply", file],
          ["apply", file, "--confirm-within", "9"],
          ["apply", "--take-back"], ["teardown", file], ["status", "--live"], ["status", file, "--format", "json"],
          ["snapshot"],
          ["snapshot", file], ["confirm"],
        ]
        for words in looking {
          let outcome = try node.run(Self.withoutProc + [lvsctlPath] + words, environment: directory)
          #expect(outcome.status == 71, "\(words): \(outcome)")
          #expect(outcome.errors.contains("/proc is not mounted here") && outcome.output == "", "\(words): \(outcome)")
        }
        for words in [["validate", file], ["diff", file, "--against", file], ["--help"], ["--version"]] {
          let outcome = try node.run(Self.withoutProc + [lvsctlPath] + words, environment: directory)
          #expect(outcome.status == 0 && outcome.errors == "", "\(words): \(outcome)")
        }
        try node.expectUnchanged(since: before)
        #expect(try read(node.memoryPath()) == memory)
      }
    }

    @Test(arguments: [("-f 0", "File too large"), ("-n 4", "Too many open files")])
    func `a limit that an apply meets before its first step changes nothing`(limit: String, reason: String) throws {
      try Network.classic { network in
        let node = network.web1
        // What is there already needs no room.
        try succeed(["mkdir", "-m", "755", node.stateDirectory])
        let before = try node.state()
        let outcome = try node.lvsctl(
          "apply", Clusters.classic,
          prefix: [
            "bash", "-c", "(ulimit \(limit); exec \"$@\") 2>&1 | cat; exit ${PIPESTATUS[0]}", "bash",
          ])
        #expect(outcome.status == 71, "\(outcome)")
        #expect(outcome.output.contains(reason), "\(outcome)")
        try node.expectUnchanged(since: before)
      }
    }

    /// One connection is open to the real server that leaves, so that the apply is in the middle of its steps.
    @Test func `a trap in the middle of the steps says what it leaves`() throws {
      try Network.classic { network in
        try network.apply(Clusters.classic)
        let node = network.director1
        let connection = try LongConnection(from: network.client, to: "192.168.147.100", port: 80)
        let staying = connection.server == "web1" ? "web2" : "web1"
        let file = Clusters.classic.replacing("scheduler: rr", with: "scheduler: rr, real_servers: [\(staying)]")
        let apply = try node.startLvsctl("apply", file, "--graceful", "600")
        try eventually("it waits for the connection") { apply.errors.contains("connection") }
        kill(apply.pid, SIGSEGV)
        #expect(apply.wait(limit: 30) == 70)
        #expect(
          apply.errors.contains("This is a bug in lvsctl") && apply.errors.contains("in the middle of its steps"))
        try node.apply(file)
        #expect(try node.plan("diff", file).changes == [])
      }
    }

    @Test(arguments: [SIGSEGV, SIGABRT])
    func `a trap of a watch gives the terminal back`(signal: Int32) throws {
      try Network.classic { network in
        try network.apply(Clusters.classic)
        let command = try network.director1.statusCommand(Clusters.classic, ["--watch", "0.2"])
        let terminal = try PseudoTerminal(command, in: network.director1)
        try eventually("the first screen is drawn") { terminal.frames.count > 1 }
        kill(terminal.pid, signal)
        #expect(try terminal.wait() == 70)
        #expect(!terminal.isRaw)
        #expect(terminal.output.contains("\u{1b}[?25h\u{1b}[?1049lThis is a bug in lvsctl"), "\(terminal.output)")
      }
    }
  }
}
