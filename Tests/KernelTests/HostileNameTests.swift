import Testing

extension RealKernel {
  /// Interfaces whose names a terminal would act upon: the kernel takes every byte but blanks, `/` and `:`.
  @Suite struct HostileNameTests {
    /// What a terminal acts upon, and a shell: an escape, a turned direction of writing, a C1 control, a DEL, quotes, a
    /// command; a line separator.
    private static let names = ["\u{1b}[m\u{202e}\u{9b}\u{7f}'$x", "y\u{2028}`z\""]
    /// The machines that a test needs.
    private static let machines = [Machine].classic.filter { $0.name == "director1" || $0.name == "web1" }

    /// Expects that nothing of what was written means anything to a terminal.
    private func expectPrintable(_ outcome: Outcome, sourceLocation: SourceLocation = #_sourceLocation) {
      let categories: [Unicode.GeneralCategory] = [
        .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned,
      ]
      for text in [outcome.output, outcome.errors] {
        let found = text.unicodeScalars.filter { $0 != "\n" && categories.contains($0.properties.generalCategory) }
        #expect(found.isEmpty, "\(text.debugDescription)", sourceLocation: sourceLocation)
      }
    }

    private func add(_ names: [String], to node: Namespace) throws {
      for name in names { try #require(node.run("ip", "link", "add", name, "type", "dummy").status == 0) }
    }

    /// Whether ip(8), whose JSON is none where a name holds an escape, shows the VIP on an interface.
    private func hasVIP(_ node: Namespace, _ interface: String) throws -> Bool {
      try node.run("ip", "-4", "-oneline", "address", "show", "dev", interface).output.contains("192.168.147.100/32")
    }

    @Test(arguments: ["diff", "apply", "status"])
    func `the interfaces that there are are named as they can be shown`(command: String) throws {
      try Network.with(Self.machines) { network in
        let node = network.director1
        try add(Self.names, to: node)
        let outcome = try node.lvsctl(command, Clusters.classic(interface: "nic9"))
        #expect(outcome.status == (command == "status" ? 1 : 65))
        expectPrintable(outcome)
        for word in ["␛[m<U+202E><U+009B>␡'$x", "y<U+2028>`z\""] {
          #expect((outcome.output + outcome.errors).contains(word))
        }
      }
    }

    @Test(arguments: names)
    func `a VIP that somebody put on one is refused with a command that takes it away`(name: String) throws {
      try Network.with(Self.machines) { network in
        let node = network.director1
        try add([name], to: node)
        try #require(node.run("ip", "address", "add", "192.168.147.100/32", "dev", name).status == 0)
        let snapshot = try node.lvsctl("snapshot", Clusters.classic)
        let addresses = try JSON(snapshot.output)["addresses"].elements
        #expect(addresses.contains { $0["interface"].string == name })
        try write(snapshot.output, to: "/run/hostile.json")
        let drift = try JSON(try node.lvsctl("status", Clusters.classic, "--format", "json").output)
        let conflict = try #require(drift["conflicts"].elements.first?.string)
        for outcome in [try node.lvsctl("diff", Clusters.classic), try node.lvsctl("apply", Clusters.classic)] {
          #expect(outcome.status == 65)
          #expect(outcome.errors.contains(conflict))
          expectPrintable(outcome)
        }
        let apart = try node.lvsctl("diff", Clusters.classic, "--against", "/run/hostile.json")
        #expect(apart.status == 65)
        expectPrintable(apart)
        let status = try node.lvsctl("status", Clusters.classic)
        #expect(status.status == 1 && status.output.contains(conflict))
        expectPrintable(status)
        let command = try #require(conflict.firstMatch(of: #/Remove it \((ip addr del .*)\), or give/#)?.output.1)
        #expect(try node.run("dash", "-c", String(command)).status == 0)
        #expect(try !hasVIP(node, name))
        #expect(try node.lvsctl("diff", Clusters.classic).status == 1)
      }
    }

    /// A real server whose VIP is on a device that was given such a name afterwards.
    private func withRenamed(_ name: String, _ body: (Namespace) throws -> Void) throws {
      try Network.with(Self.machines) { network in
        let node = network.web1
        try node.ip("link add dum1 type dummy", "link set dum1 up")
        try node.apply(Clusters.classic.replacing("192.168.147.4 }", with: "192.168.147.4, interface: dum1 }"))
        try node.ip("link set dum1 down")
        try #require(node.run("ip", "link", "set", "dum1", "name", name).status == 0)
        #expect(try hasVIP(node, name))
        try body(node)
      }
    }

    @Test(arguments: names)
    func `an address of lvsctl's own leaves it, and every report of that can be shown`(name: String) throws {
      try withRenamed(name) { node in
        for options in [[], ["--verbose"], ["--format", "markdown"], ["--format", "commands"]] {
          let outcome = try node.lvsctl("diff", Clusters.classic, options)
          #expect(outcome.status == 1, "\(outcome.errors)")
          expectPrintable(outcome)
        }
        #expect(try node.plan("diff", Clusters.classic).change(of: "192.168.147.100/32 dev \(name)") != .null)
        let status = try node.lvsctl("status", Clusters.classic)
        #expect(status.status == 1)
        expectPrintable(status)
        let outcome = try node.lvsctl("apply", Clusters.classic)
        #expect(outcome.status == 0, "\(outcome.errors)")
        expectPrintable(outcome)
        #expect(try !hasVIP(node, name))
        expectPrintable(try node.lvsctl("teardown", Clusters.classic))
      }
    }

    @Test(arguments: ["dash", "bash", "busybox sh", "zsh"])
    func `the lines for a shell name it exactly`(shell: String) throws {
      let words = shell.split(separator: " ").map(String.init)
      guard try run(["sh", "-c", "command -v \(words[0])"]).status == 0 else { return }
      try withRenamed(Self.names[0]) { node in
        let lines = try node.lvsctl("diff", Clusters.classic, "--format", "commands")
        let ending = try node.run(words + ["-eu"], input: lines.output)
        #expect(ending.status == 0, "\(ending.errors)\(lines.output)")
        #expect(try node.lvsctl("diff", Clusters.classic).status == 0)
      }
    }

    @Test func `a name that is no text disturbs nobody`() throws {
      try Network.with(Self.machines) { network in
        for node in [network.director1, network.web1] {
          for bytes in [#"\377\033"#, #"\376"#, #"\375"#] {
            try #require(node.run("sh", "-c", "ip link add \"$(printf '\(bytes)')\" type dummy").status == 0)
          }
          for command in ["diff", "apply", "status"] {
            let outcome = try node.lvsctl(command, Clusters.classic)
            #expect(outcome.status <= 1, "\(outcome.errors)")
            expectPrintable(outcome)
          }
          #expect(try node.lvsctl("diff", Clusters.classic).status == 0)
          let snapshot = try node.lvsctl("snapshot", Clusters.classic)
          #expect(snapshot.status == 0, "\(snapshot.errors)")
          #expect(try JSON(snapshot.output)["links"].keys.contains { $0.hasSuffix("\u{1b}") })
        }
      }
    }

    @Test func `what a memory file says of another cluster can be shown`() throws {
      try Network.with(Self.machines) { network in
        let node = network.web1
        try node.apply("name: \"former\"\n" + Clusters.classic)
        try succeed(["sh", "-c", #"sed -i 's/"former"/"a\\u001b[31m\\nb\\u202e"/' \#(node.stateDirectory)/*.json"#])
        for command in ["diff", "apply", "teardown"] {
          let outcome = try node.lvsctl(command, Clusters.classic)
          #expect(outcome.errors.contains("the cluster a␛[31m␊b<U+202E>"), "\(outcome.errors)")
          expectPrintable(outcome)
        }
      }
    }
  }
}
