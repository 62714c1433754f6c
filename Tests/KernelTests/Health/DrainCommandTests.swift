import Glibc
import Testing

extension RealKernel {
  /// `lvsctl drain` and `undrain`.
  @Suite struct DrainCommandTests {
    private static let vip = "192.168.147.100"

    /// The classic cluster with weights of its own.
    private static func file(_ service: String = "", servers: String = "web1, web2") -> String {
      """
      directors:
        - { name: director1, address: 192.168.147.6, interface: ens33 }
        - { name: director2, address: 192.168.147.5, interface: ens33 }
      real_servers:
        - { name: web1, address: 192.168.147.4, weight: 3 }
        - { name: web2, address: 192.168.147.3, weight: 5 }
      services:
        - { vip: \(vip), port: 80, scheduler: wrr, real_servers: [\(servers)]\(service) }

      """
    }

    private static func entry(_ host: Int, weight: Int) -> String {
      "-a -t \(vip):80 -r 192.168.147.\(host):80 -g -w \(weight)"
    }

    private static let both: Set = ["-A -t \(vip):80 -s wrr", entry(4, weight: 3), entry(3, weight: 5)]
    private static let drained: Set = ["-A -t \(vip):80 -s wrr", entry(4, weight: 0), entry(3, weight: 5)]

    @Test func `a drain holds over every apply, is no difference, and ends by undrain`() throws {
      try Network.classic { network in
        for node in [network.director1, network.director2] {
          let file = Self.file()
          try node.apply(file)
          #expect(try node.ipvs() == Self.both)
          let drain = try node.drain("web1", file)
          #expect(drain.status == 0, "\(drain)")
          #expect(drain.output.contains("1 change: 0 to create, 1 to update, 0 to delete."))
          #expect(try node.ipvs() == Self.drained)

          for _ in 1...2 {
            try node.apply(file)
            #expect(try node.ipvs() == Self.drained)
          }
          let diff = try node.plan("diff", file)
          #expect(diff.status == 0 && diff.changes == [])
          let status = try node.lvsctl("status", file, "--format", "json")
          #expect(status.status == 0, "\(status)")
          let report = StatusReport(status: status.status, json: try JSON(status.output))
          let health = report.realServer("192.168.147.4:80", of: "tcp \(Self.vip):80")["health"]
          #expect(health["state"] == "drained" && health["reason"] == .null)
          let since = try #require(health["since"].string)
          #expect(since.wholeMatch(of: #/20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ/#) != nil)
          #expect(report.realServer("192.168.147.3:80", of: "tcp \(Self.vip):80")["health"] == .null)
          #expect(try node.lvsctl("status", file).output.contains(" drained "))
          let metrics = try node.lvsctl("status", file, "--format", "prometheus").output
          #expect(metrics.contains(#"name="web1",state="drained"} 1"#))
          #expect(try run(["promtool", "check", "metrics"], input: metrics).status == 0)

          let again = try node.drain("web1", file)
          #expect(again.status == 0 && again.output == "web1 is drained on \(node.machine) already, since \(since).\n")
          let path = try node.drainsPath()
          #expect(try succeed(["stat", "--format=%a %u", path]).output.trimmed == "600 0")

          let undrain = try node.drain("web1", file, command: "undrain")
          #expect(undrain.status == 0, "\(undrain)")
          #expect(try node.ipvs() == Self.both)
          #expect(access(path, F_OK) != 0)
          #expect(try node.plan("diff", file).changes == [])
          let nothing = try node.drain("web1", file, command: "undrain")
          #expect(nothing.status == 0 && nothing.output == "web1 was not drained on \(node.machine).\n")
        }
      }
    }

    @Test func `a drain and its end touch nothing else that differs from the file`() throws {
      try Network.classic { network in
        let node = network.director1
        try node.apply(Self.file())
        try node.succeed("ipvsadm -E -t \(Self.vip):80 -s rr")
        try node.succeed("ipvsadm -e -t \(Self.vip):80 -r 192.168.147.3 -g -w 50")
        try node.succeed("ip address del \(Self.vip)/32 dev ens33")
        let (table, addresses) = (try node.ipvs(), try node.addresses())
        let drain = try node.drain("web1", Self.file(), "--format", "json")
        let report = PlanReport(status: drain.status, errors: drain.errors, json: try JSON(drain.output))
        #expect(report.status == 0)
        #expect(report.changes == ["update real_server tcp \(Self.vip):80 -> 192.168.147.4:80"])
        #expect(
          try node.ipvs() == table.subtracting([Self.entry(4, weight: 3)]).union([Self.entry(4, weight: 0)]))
        #expect(try node.drain("web1", Self.file(), command: "undrain").status == 0)
        #expect(try node.ipvs() == table)
        #expect(try node.addresses() == addresses)
      }
    }

    @Test func `a snapshot knows what is drained`() throws {
      try Network.classic { network in
        let node = network.director1
        try node.apply(Self.file())
        #expect(try node.drain("web1", Self.file()).status == 0)
        let snapshot = try node.lvsctl("snapshot", Self.file()).output
        try write(snapshot, to: "/run/drained-snapshot.json")
        let apart = try node.lvsctl(
          "diff", Self.file(), "--format", "json", "--against", "/run/drained-snapshot.json")
        try expectSamePlan(try node.lvsctl("diff", Self.file(), "--format", "json"), apart)
        #expect(apart.status == 0)
      }
    }

    @Test func `names are those of the file, and a machine that balances nothing drains nothing`() throws {
      try Network.classic { network in
        let node = network.director1
        try node.apply(Self.file())
        let unknown = try node.drain("wbe1", Self.file())
        #expect(unknown.status == 65 && unknown.errors.contains("Did you mean web1?"))
        try network.web1.apply(Self.file())
        let server = try network.web1.drain("web1", Self.file())
        #expect(server.status == 65 && server.errors.contains("director1, director2"))
        #expect(access(try network.web1.drainsPath(), F_OK) != 0)

        // One that has left the file since is kept, harms nobody, and can be undrained.
        #expect(try node.drain("web1", Self.file()).status == 0)
        let without = Self.file(servers: "web2").replacing(
          "  - { name: web1, address: 192.168.147.4, weight: 3 }\n", with: "")
        try node.apply(without)
        #expect(try node.plan("diff", without).changes == [])
        #expect(try node.drain("web1", without).status == 65)
        #expect(try node.drain("web1", without, command: "undrain").status == 0)
        #expect(access(try node.drainsPath(), F_OK) != 0)
        #expect(try node.drain("web1", without, command: "undrain").status == 65)
      }
    }

    @Test func `a list of drains that cannot be read ends an apply, and a look goes on`() throws {
      try Network.classic { network in
        let node = network.director1
        try node.apply(Self.file())
        #expect(try node.drain("web1", Self.file()).status == 0)
        let path = try node.drainsPath()
        let whole = try read(path)
        for damaged in [String(whole.dropLast(6)), "", whole.replacing("\"web1\"", with: "3")] {
          try write(damaged, to: path)
          let outcomes = [
            try node.lvsctl("apply", Self.file()), try node.drain("web2", Self.file()),
            try node.drain("web1", Self.file(), command: "undrain"),
          ]
          for outcome in outcomes {
            #expect(outcome.status == 71, "\(outcome)")
            #expect(outcome.errors.contains(path) && outcome.errors.contains("Nothing was changed"))
          }
          #expect(try node.ipvs() == Self.drained)
          #expect(try read(path) == damaged)
          for command in ["diff", "status"] {
            let look = try node.lvsctl(command, Self.file())
            #expect(look.status == 1, "\(look)")
            #expect(look.errors.contains(path) && look.errors.contains("Going on without it"))
          }
          #expect(try node.lvsctl("teardown", Self.file(), "--help").status == 0)
        }
        // A namespace beside the machine's ends with its start, and so does what is kept of it.
        let boot = try #require(whole.lines.first { $0.contains("\"boot\"") })
        try write(whole.replacing(boot, with: "\"boot\": \"another\","), to: path)
        #expect(try node.plan("diff", Self.file()).changes.count == 1)
      }
    }

    @Test func `a change that nobody confirmed keeps a drain from beginning`() throws {
      try Network.classic { network in
        let node = network.director1
        let apply = try node.startUnconfirmed(Self.file(), within: 600)
        #expect(apply.stop() == 137)
        let drain = try node.drain("web1", Self.file())
        #expect(drain.status == 75 && drain.errors.contains("never confirmed"))
        #expect(try node.ipvs() == Self.both)
        #expect(try node.confirm().status == 0)
      }
    }

    @Test func `a drain holds where another program owns the weights, and its end gives the file's once`() throws {
      try Network.classic { network in
        let node = network.director1
        let file = Self.file(", weights: external")
        try node.apply(file)
        try node.succeed("ipvsadm -e -t \(Self.vip):80 -r 192.168.147.4 -g -w 40")
        try node.succeed("ipvsadm -e -t \(Self.vip):80 -r 192.168.147.3 -g -w 0")
        #expect(try node.drain("web1", file).status == 0)
        try node.apply(file)
        let table = try node.ipvs()
        #expect(table.isSuperset(of: [Self.entry(4, weight: 0), Self.entry(3, weight: 0)]))
        #expect(try node.drain("web1", file, command: "undrain").status == 0)
        #expect(try node.ipvs().isSuperset(of: [Self.entry(4, weight: 3), Self.entry(3, weight: 0)]))
        try node.succeed("ipvsadm -e -t \(Self.vip):80 -r 192.168.147.4 -g -w 0")
        try node.apply(file)
        #expect(try node.drain("web1", file, command: "undrain").status == 0)
        #expect(try node.ipvs().contains(Self.entry(4, weight: 0)))
      }
    }

    // MARK: Traffic

    /// The cluster, applied.
    private func withTraffic(_ service: String = "", _ body: (Network, String) throws -> Void) throws {
      try Network.classic { network in
        for node in [network.web1, network.web2, network.director1] { try node.apply(Self.file(service)) }
        try body(network, Self.file(service))
      }
    }

    @Test func `a wait ends with 1 when connections are left, and with 0 when the last one is closed`() throws {
      try withTraffic { network, file in
        let node = network.director1
        let connection = try LongConnection(from: network.client, to: Self.vip, port: 80)
        let late = try node.drain(connection.server, file, "--wait", "1")
        #expect(late.status == 1, "\(late)")
        #expect(late.errors.contains("(\(connection.server)) of tcp \(Self.vip):80: 1 connection, 0 s left"))
        #expect(late.output.contains("and has connections left"))
        #expect(connection.isAlive())

        let waiting = try node.startDrain(connection.server, file, "--wait", "600")
        try eventually("the drain waits") { waiting.errors.contains("1 connection") }
        // Nobody has to wait for it.
        #expect(try node.lvsctl("apply", file, "--lock-timeout", "0").status == 0)
        #expect(connection.isAlive())
        connection.close()
        #expect(waiting.wait(limit: 30) == 0)
        #expect(waiting.errors.contains("no connection is left"))
        #expect(waiting.output.contains("already") && waiting.output.contains("and has no connections left"))
      }
    }

    @Test func `clients that persistence binds connect elsewhere while a drain waits`() throws {
      try withTraffic(", persistence: 300") { network, file in
        let node = network.director1
        let connection = try LongConnection(from: network.client, to: Self.vip, port: 80)
        let bound = try LongConnection(from: network.client, to: Self.vip, port: 80)
        #expect(bound.server == connection.server)
        bound.close()
        let waiting = try node.startDrain(connection.server, file, "--wait", "600")
        try eventually("the drain waits") { waiting.errors.contains("connection") }
        let next = try LongConnection(from: network.client, to: Self.vip, port: 80)
        #expect(next.server != connection.server)
        #expect(try node.succeed("sysctl -n net.ipv4.vs.expire_quiescent_template").output.trimmed == "1")
        connection.close()
        #expect(waiting.wait(limit: 60) == 0)
        #expect(try node.succeed("sysctl -n net.ipv4.vs.expire_quiescent_template").output.trimmed == "0")
        next.close()
      }
    }

    @Test func `under load no connection is lost by a drain or its end`() throws {
      try withTraffic { network, file in
        let node = network.director1
        let visitors = try Visitors(at: network.client, to: Self.vip, port: 80)
        defer { visitors.stop() }
        try eventually("both answer") { visitors.answeredBy.count == 2 }
        for server in ["web1", "web2", "web1"] {
          #expect(try node.drain(server, file).status == 0)
          // Connections that were under way may still end there.
          try eventually("\(server) answers no more") {
            let before = visitors.answeredBy
            try eventually("others answer") { visitors.answered >= before.values.reduce(20, +) }
            return visitors.answeredBy[server] == before[server]
          }
          #expect(try node.drain(server, file, command: "undrain").status == 0)
          let before = visitors.answeredBy[server] ?? 0
          try eventually("\(server) answers again") { (visitors.answeredBy[server] ?? 0) > before }
        }
        visitors.stop()
        #expect(visitors.failures == [])
      }
    }
  }
}

extension Namespace {
  /// Runs `lvsctl drain SERVER FILE OPTIONS…` on this machine, with a file that has this text, or another command with the
  /// same words.
  fileprivate func drain(
    _ server: String, _ cluster: String, _ options: String..., command: String = "drain"
  ) throws -> Outcome {
    let file = "/run/drain-\(name).conf"
    try write(cluster, to: file)
    return try run(
      [lvsctlPath, command, server, file] + options, environment: ["LVSCTL_STATE_DIR=\(stateDirectory)"])
  }

  /// Starts `lvsctl drain SERVER FILE OPTIONS…` beside the test.
  fileprivate func startDrain(_ server: String, _ cluster: String, _ options: String...) throws -> RunningCommand {
    let file = "/run/drain-\(name).conf"
    try write(cluster, to: file)
    return try RunningCommand(
      [lvsctlPath, "drain", server, file] + options, in: name, environment: ["LVSCTL_STATE_DIR=\(stateDirectory)"])
  }

  /// The file that says what is drained on this machine.
  fileprivate func drainsPath() throws -> String { "\(stateDirectory)/netns-\(try number()).drains" }
}
