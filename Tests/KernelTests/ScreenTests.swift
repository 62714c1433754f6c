import Glibc
import Testing

extension RealKernel {
  /// Whole screens of `status --watch` as tmux, a terminal that lvsctl did not write, shows them.
  @Suite struct ScreenTests {
    private static let sizes = [(80, 24), (120, 40), (200, 50)]

    /// So many services, each with four of a dozen real servers.
    private func cluster(_ count: Int) -> String {
      var text = "directors:\n  - { name: director1, address: 192.168.147.6, interface: ens33 }\nreal_servers:\n"
      for number in 1...12 { text += "  - { name: web-\(number), address: 192.168.147.\(100 + number) }\n" }
      text += "services:\n"
      for number in 0..<count {
        let servers = (0..<4).map { "web-\((number + $0 * 3) % 12 + 1)" }.joined(separator: ", ")
        text += "  - { vip: 192.168.147.\(number / 10 + 150), port: \(80 + number % 10), scheduler: wlc, "
        text += "real_servers: [\(servers)] }\n"
      }
      return text
    }

    /// A director of so many services on which somebody was at work: one real server is drained, one has another weight, one
    /// is gone and one is new.
    private func withDirector(_ count: Int, _ body: (Namespace, String) throws -> Void) throws {
      try Network.with([Machine("director1", "192.168.147.6/24")]) { network in
        let node = network["director1"]
        try node.apply(cluster(count))
        let file = "/run/screen-\(node.name).conf"
        try write(cluster(count), to: file)
        let drain = try node.run(
          [lvsctlPath, "drain", "web-1", file], environment: ["LVSCTL_STATE_DIR=\(node.stateDirectory)"])
        try #require(drain.status == 0, "\(drain)")
        try node.succeed("ipvsadm -e -t 192.168.147.150:81 -r 192.168.147.102:81 -g -w 5")
        try node.succeed("ipvsadm -d -t 192.168.147.150:81 -r 192.168.147.105:81")
        try node.succeed("ipvsadm -a -t 192.168.147.150:81 -r 192.168.147.99:81 -g -w 1")
        try body(node, file)
      }
    }

    @Test(arguments: [2, 40, 300])
    func `a screen of so many services is this one`(count: Int) throws {
      try withDirector(count) { node, file in
        for (columns, rows) in Self.sizes {
          let shown = try screen(of: node, file, columns, rows)
          #expect(shown.lines.count <= rows)
          try expectScreen(shown, "\(count)-\(columns)x\(rows).txt")
        }
      }
    }

    /// What tmux shows once it stays the same, the time aside.
    private func screen(of node: Namespace, _ file: String, _ columns: Int, _ rows: Int) throws -> String {
      let socket = "/run/tmux-\(node.name)-\(columns)"
      let tmux = ["tmux", "-u", "-f", "/dev/null", "-S", socket]
      let environment = ["LVSCTL_STATE_DIR=\(node.stateDirectory)", "NO_COLOR=1"]
      let words = ["env"] + environment + [lvsctlPath, "status", file, "--watch", "30"]
      try succeed(
        ["ip", "netns", "exec", node.name] + tmux
          + ["new-session", "-d", "-x", "\(columns)", "-y", "\(rows)", words.joined(separator: " ")])
      defer { _ = try? run(tmux + ["kill-server"]) }
      var shown = ""
      try eventually("the screen is drawn to its last line") {
        shown = try succeed(tmux + ["capture-pane", "-p"]).output
        return shown.lines.last?.hasSuffix("q quit") == true
      }
      return shown.replacing(#/20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ/#, with: "2026-11-26T05:05:00Z")
        .replacing(#/drained \d+[smh]/#, with: "drained 9s")
    }

    /// Compares a screen with its golden file; `LVSCTL_RECORD=1` leaves it in the folder for results, and fails.
    private func expectScreen(_ text: String, _ name: String) throws {
      if getenv("LVSCTL_RECORD") != nil {
        try write(text, to: "/run/out/screen-\(name)")
        Issue.record("left screen-\(name) in the folder for results")
        return
      }
      let folder = #filePath.dropLast("ScreenTests.swift".count) + "Screens"
      #expect(text == (try read("\(folder)/\(name)")), "\(name)")
    }

    @Test func `keys of a terminal move, open, filter, sort and turn the pages`() throws {
      try withDirector(40) { node, file in
        let terminal = try PseudoTerminal([lvsctlPath, "status", file, "-w"], in: node)
        /// Presses keys, and waits for a screen on which this holds.
        func press(_ keys: String, _ what: String, _ holds: @escaping ([String]) -> Bool) throws {
          try terminal.type(keys)
          try eventually("after `\(keys.unicodeScalars.map { $0.escaped(asASCII: true) }.joined())` \(what)") {
            holds(terminal.screen)
          }
        }
        func mark(_ lines: [String]) -> String { lines.first { $0.dropFirst().hasPrefix("►") } ?? "" }
        try press("", "what is wrong comes first") {
          mark($0).hasPrefix("+►tcp 192.168.147.150:81 ") && $0.last?.contains(" of 40 ") == true
        }
        try press("\u{1b}[B\u{1b}[B", "the mark is two rows further") { $0.firstIndex(of: mark($0)) == 9 }
        try press("\u{1b}[H", "it is back") { $0.firstIndex(of: mark($0)) == 7 }
        try press("\u{1b}[6~", "it is a page further") { $0.last?.hasPrefix("1-") == false }
        try press("\u{1b}[F", "it is on the last one") { $0.last?.contains("-40 of 40 ") == true }
        try press("g\r", "the first one shows its real servers") { $0.count { $0.contains("web-") } == 4 }
        try press("\r", "no longer") { !$0.contains { $0.contains("web-") } }
        try press("/192.168.147.152", "the filter is on its way") { $0.last?.hasPrefix("/192.168.147.152_") == true }
        try press("\r", "ten are left") { $0.last?.contains(" of 10 ") == true }
        try press("\u{1b}", "all are back") { $0.last?.contains(" of 40 ") == true }
        try press("s", "they are sorted by name") {
          $0.last?.contains("sort:name") == true && mark($0).contains("192.168.147.150:80")
        }
        try press("t", "there is a row a real server") { $0.last?.contains(" of 13 ") == true }
        try press("d", "the drift is told") { $0.contains("Drift, live → file:") }
        try press("\u{1b}", "the services are back") { $0.last?.contains(" of 40 ") == true }
        try terminal.type("q")
        #expect(try terminal.wait() == 0)
        #expect(terminal.isRestored)
      }
    }

    @Test func `a key is answered at once, however seldom it is looked`() throws {
      try withDirector(2) { node, file in
        let terminal = try PseudoTerminal([lvsctlPath, "status", file, "--watch", "1h"], in: node)
        try eventually("it is drawn") { terminal.screen.last?.hasSuffix("q quit") == true }
        try terminal.type("d")
        try eventually("the page is turned") { terminal.screen.contains("Drift, live → file:") }
        try terminal.type("q")
        #expect(try terminal.wait() == 0)
      }
    }
  }
}

extension PseudoTerminal {
  /// The last screen that was drawn to its end.
  fileprivate var screen: [String] {
    let drawn = frames
    // A frame whose last line has begun may still be on its way; each is written at once, and read in pieces.
    return drawn.last { $0.last?.hasSuffix("q quit") == true || $0.last?.hasSuffix("drops it") == true } ?? []
  }
}
