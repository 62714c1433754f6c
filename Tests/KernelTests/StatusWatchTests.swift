import Glibc
import Testing

extension RealKernel {
  /// `status --watch` on a terminal, and where there is none.
  @Suite struct StatusWatchTests {
    /// A director with the classic file applied, and a watch of it on a terminal that has drawn its first screen.
    private func watched(
      columns: UInt16 = 80, rows: UInt16 = 24, _ body: (Network, PseudoTerminal) throws -> Void
    ) throws {
      try Network.classic { network in
        try network.apply(Clusters.classic)
        let command = try network.director1.statusCommand(Clusters.classic, ["--watch", "0.2"])
        let terminal = try PseudoTerminal(command, in: network.director1, columns: columns, rows: rows)
        try eventually("the first screen is drawn") { terminal.frames.count > 1 }
        try body(network, terminal)
      }
    }

    @Test func `the screen is drawn anew in place, and shows what happens`() throws {
      try watched { network, terminal in
        #expect(terminal.output.hasPrefix("\u{1b}[?1049h\u{1b}[?25l\u{1b}[H"))
        let head = terminal.frames[0].first ?? ""
        #expect(head.hasPrefix("director1 (director) of cluster, 20") && head.hasSuffix("Z, every 0.2 s"))
        #expect(
          terminal.frames[0].contains { $0.words.starts(with: ["web1", "192.168.147.4:80", "1", "0", "0"]) })
        _ = try network.client.answers(from: "192.168.147.100", count: 10)
        try network.director1.succeed("ipvsadm -e -t 192.168.147.100:80 -r 192.168.147.3:80 -g -w 0")
        try eventually("the traffic and the drift are on the screen") {
          let screen = terminal.frames.dropLast().last ?? []
          return screen.contains { $0.words.starts(with: ["web1", "192.168.147.4:80", "1", "0", "5"]) }
            && screen.contains { $0.words.starts(with: ["~", "web2"]) && $0.contains(" weight 0 → 1") }
            && screen.contains { $0.contains("Drift     1 difference from the file") }
        }
        try terminal.type("q")
        #expect(try terminal.wait() == 0)
      }
    }

    @Test(arguments: [("q", 0), ("\u{3}", 0), ("xyz Q", 0)])
    func `a key ends it, and the terminal is as it was`(keys: String, status: Int) throws {
      try watched { _, terminal in
        #expect(terminal.isRaw)
        try terminal.type(keys)
        let ended = try terminal.wait()
        #expect(ended == status)
        #expect(terminal.isRestored)
      }
    }

    @Test(arguments: [SIGTERM, SIGHUP, SIGQUIT])
    func `a signal ends it, and the terminal is as it was`(signal: Int32) throws {
      try watched { _, terminal in
        kill(terminal.pid, signal)
        let ended = try terminal.wait()
        #expect(ended == 128 + Int(signal))
        #expect(terminal.isRestored)
      }
    }

    @Test func `it can be suspended and taken up again`() throws {
      try watched { _, terminal in
        try terminal.type("\u{1a}")
        try eventually("it is stopped") { terminal.isStopped }
        #expect(terminal.isRestored)
        let drawn = terminal.frames.count
        kill(terminal.pid, SIGCONT)
        try eventually("it draws again") { terminal.frames.count > drawn + 1 }
        #expect(terminal.isRaw)
        try terminal.type("q")
        #expect(try terminal.wait() == 0)
        #expect(terminal.isRestored)
      }
    }

    @Test func `it fits the terminal, also when that changes`() throws {
      try watched(columns: 50, rows: 7) { _, terminal in
        let first = terminal.frames[0]
        #expect(first.count == 7)
        #expect(first.allSatisfy { $0.unicodeScalars.count <= 50 })
        #expect(first.last?.hasPrefix("1-3 of 3  Enter") == true)
        terminal.resize(columns: 100, rows: 30)
        try eventually("the larger screen is in use") {
          let screen = terminal.frames.dropLast().last ?? []
          return screen.contains { $0.hasSuffix("share state") } && screen.last?.hasSuffix("q quit") == true
        }
        terminal.resize(columns: 20, rows: 3)
        try eventually("the smaller screen is in use") {
          let screen = terminal.frames.dropLast().last ?? []
          return screen.count == 3 && screen.allSatisfy { $0.unicodeScalars.count <= 20 }
        }
        try terminal.type("q")
        #expect(try terminal.wait() == 0)
      }
    }

    @Test func `a bare watch takes the file for a file`() throws {
      try Network.classic { network in
        let node = network.director1
        try node.apply(Clusters.classic)
        let file = try #require(try node.statusCommand(Clusters.classic, []).last)
        let terminal = try PseudoTerminal([lvsctlPath, "status", "--watch", file], in: node)
        try eventually("the screen is drawn") { terminal.output.contains("Z, every 2 s") }
        #expect(terminal.output.contains("director1 (director) of cluster"))
        try terminal.type("q")
        #expect(try terminal.wait() == 0)
      }
    }

    @Test func `without a terminal there is one report after the other`() throws {
      try Network.classic { network in
        let node = network.director1
        try node.apply(Clusters.classic)
        let text = try RunningCommand(node.statusCommand(Clusters.classic, ["--watch=0.1"]), in: node.name)
        let json = try RunningCommand(
          node.statusCommand(nil, ["--format", "json", "--watch", "0.1"]), in: node.name)
        try eventually("each has reported three times") {
          text.output.pieces(between: "director1 (director) of cluster").count > 3 && json.output.lines.count > 3
        }
        for command in [text, json] {
          kill(command.pid, SIGINT)
          #expect(command.wait(limit: 10) == 0)
          #expect(!command.output.contains("\u{1b}"))
        }
        for line in json.output.lines { #expect(try JSON(line)["format_version"] == 1) }
      }
    }

    @Test func `a file is written anew each time`() throws {
      try Network.classic { network in
        let node = network.director1
        try network.apply(Clusters.classic)
        let file = "/run/watch-\(node.name).prom"
        let watch = try RunningCommand(
          ["env", "LVSCTL_STATE_DIR=\(node.stateDirectory)"]
            + node.statusCommand(Clusters.classic, ["--format", "prometheus", "--watch", "0.1", "--output", file]),
          in: node.name)
        func connections(_ count: Int) -> Bool {
          let text = (try? read(file)) ?? ""
          return text.lines.contains { $0.hasPrefix("lvs_service_connections_total{") && $0.hasSuffix(" \(count)") }
        }
        try eventually("the file is there") { connections(0) }
        _ = try network.client.answers(from: "192.168.147.100", count: 10)
        try eventually("the file says ten") { connections(10) }

        // What others find out and ask for meanwhile is seen too: by right the weight is 0, and that is no drift.
        let cluster = "/run/watch-\(node.name).conf"
        try write(Clusters.classic, to: cluster)
        let drain = try node.run(
          [lvsctlPath, "drain", "web1", cluster], environment: ["LVSCTL_STATE_DIR=\(node.stateDirectory)"])
        #expect(drain.status == 0, "\(drain)")
        try eventually("the file says drained") {
          let lines = try read(file).lines
          return lines.contains { $0.hasSuffix(#"name="web1",state="drained"} 1"#) }
            && lines.contains { $0.hasPrefix("lvs_drift_differences{") && $0.hasSuffix("} 0") }
        }
        kill(watch.pid, SIGTERM)
        #expect(watch.wait(limit: 10) == 143)
      }
    }

    @Test func `a key and a signal end it where a look takes longer than the interval`() throws {
      try Network.with([Machine("director1", "192.168.147.6/24")]) { network in
        let node = network["director1"]
        let table = (1...1500).map { port in
          let service = "-t 192.168.147.100:\(port)"
          return "-A \(service) -s rr\n-a \(service) -r 192.168.147.4:\(port) -g -w 1\n"
        }
        try node.succeed("ipvsadm -R", input: table.joined())
        for end in [{ try $0.type("q") }, { kill($0.pid, SIGTERM) }] as [(PseudoTerminal) throws -> Void] {
          let terminal = try PseudoTerminal(node.statusCommand(nil, ["--watch", "0.1"]), in: node)
          try eventually("it has looked twice") { terminal.frames.count > 2 }
          try end(terminal)
          #expect(try [0, 128 + Int(SIGTERM)].contains(terminal.wait()))
          #expect(terminal.isRestored)
        }
      }
    }

    @Test func `it ends when nobody reads any more`() throws {
      try Network.classic { network in
        let node = network.director1
        try node.apply(Clusters.classic)
        let words = try node.statusCommand(nil, ["--watch", "0.1"]).joined(separator: " ")
        let outcome = try node.run("bash", "-c", "trap '' PIPE; \(words) | head -n 1")
        #expect(outcome.status == 0)
        #expect(outcome.output.hasPrefix("IPVS 1.2.1"))
      }
    }
  }
}
