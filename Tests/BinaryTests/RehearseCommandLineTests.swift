import Glibc
import LVSText
import Testing

/// `lvsctl rehearse` on a user-mode Linux kernel that it starts itself.
struct RehearseCommandLineTests {
  private static let example = "\(projectFolder)/Examples/cluster.conf"

  private func lvsctl(_ words: String...) throws -> Ending {
    try shell("\(([lvsctlPath] + words).map { "'\($0)'" }.joined(separator: " ")) </dev/null")
  }

  @Test func `JSON has every check of the example, and none fails`() throws {
    let ending = try lvsctl("rehearse", Self.example, "--kernel", "uml", "--format", "json")
    #expect(ending.status == 0, "\(ending.output)")
    let document = try #require(JSONText.value(of: Array(ending.output.utf8)))
    #expect(document["passed"] == .boolean(true) && document["format_version"] == .integer(1))
    let checks = try #require(document["checks"]?.elements)
    let made = checks.map { "\($0["name"]?.text ?? "?") \($0["node"]?.text ?? "-") \($0["result"]?.text ?? "?")" }
    let nodes = ["web1", "web2", "director2", "director1"]
    #expect(
      made == nodes.map { "apply \($0) pass" } + nodes.map { "second-apply \($0) pass" } + [
        "shares - pass", "answers web1 pass", "answers web2 pass", "direct-return web1 pass", "direct-return web2 pass",
        "server-down web1 pass", "drain web1 pass", "failover director2 pass", "vip-owner - pass",
      ])
    #expect(checks.contains { $0["evidence"]?.text == "0 of 20 replies crossed director1" })
  }

  @Test func `a node that is broken on the way fails a check, and the status says so`() throws {
    try withTemporaryFolder { folder in
      try writeProgram(
        """
        #!/bin/sh
        [ "$1" != web2 ] || exec ip address delete 192.168.147.100/32 dev lo

        """, to: "\(folder)/break")
      let ending = try lvsctl(
        "rehearse", Self.example, "--kernel", "uml", "--only", "answers", "--after-apply", "\(folder)/break",
        "--requests",
        "10", "--color", "never")
      #expect(ending.status == 1, "\(ending.output)")
      let lines = ending.output.split(separator: "\n")
      let failure = try #require(lines.first { $0.hasPrefix("FAIL") })
      #expect(failure.contains("answers") && failure.contains("web2  0 of 5 requests answered"), "\(failure)")
      #expect(
        failure.contains("web2 is not what the file says: create address 192.168.147.100/32 dev lo"), "\(failure)")
      #expect(lines.contains { $0.hasPrefix("ok    answers") && $0.contains("web1  5 of 5 requests answered") })
      #expect(lines.last == "cluster does not work: 1 check passed, 1 failed, 0 skipped.")
      #expect(!lines.contains { $0.contains("failover") })
    }
  }

  @Test func `more machines than there is memory for are refused, and a warning is given once`() throws {
    try withTemporaryFolder { folder in
      let servers = (0..<60_000).map {
        "  - { name: web\($0), address: 10.\($0 / 65536 + 1).\($0 / 250 % 250).\($0 % 250 + 1) }"
      }
      let text = """
        directors: [{ name: director1, address: 10.0.0.1, interface: ens33 }]
        real_servers:
        \(servers.joined(separator: "\n"))
        services: [{ vip: 10.0.0.100, port: 80, forward: tun, real_servers: [web1] }]

        """
      try write(text, to: "\(folder)/many.conf")
      let many = try lvsctl("rehearse", "\(folder)/many.conf", "--kernel", "uml")
      #expect(many.status == 69 && many.output.contains("MiB free for the memory of a kernel"), "\(many.output)")
      let odd = try read(Self.example).replacing("web2", with: "web 2")
      try write(odd, to: "\(folder)/odd.conf")
      let ending = try lvsctl("rehearse", "\(folder)/odd.conf", "--kernel", "uml", "--only", "answers")
      #expect(ending.status == 0 && ending.output.contains("web 2  20 of 20"), "\(ending.output)")
      #expect(ending.output.split(separator: "\n").count { $0.hasPrefix("warning[") } == 1, "\(ending.output)")
    }
  }

  @Test func `a change is made under traffic, and captures are written`() throws {
    try withTemporaryFolder { folder in
      let text = try read(Self.example)
      try write(text.replacing("scheduler: rr", with: "scheduler: wlc"), to: "\(folder)/old.conf")
      mkdir("\(folder)/captures", 0o755)
      let ending = try lvsctl(
        "rehearse", Self.example, "--from", "\(folder)/old.conf", "--kernel", "uml", "--only", "change", "--pcap",
        "\(folder)/captures", "--format", "json")
      #expect(ending.status == 0, "\(ending.output)")
      let checks = try #require(JSONText.value(of: Array(ending.output.utf8))?["checks"]?.elements)
      #expect(checks.count == 1 && checks[0]["evidence"]?.text?.hasPrefix("0 of ") == true, "\(ending.output)")
      let files = try names(in: "\(folder)/captures")
      #expect(files == ["client", "director1", "director2", "web1", "web2"].map { "\($0).pcap" })
      let packets = try shell("tcpdump -n -r '\(folder)/captures/web1.pcap' 'tcp port 80' 2>/dev/null | head -n 5")
      #expect(packets.output.contains("192.168.147.100.80"), "\(packets.output)")
    }
  }

  @Test func `what cannot be rehearsed is said before a kernel is started`() throws {
    try withTemporaryFolder { folder in
      try write("directors: []\n", to: "\(folder)/faulty.conf")
      #expect(try lvsctl("rehearse", "\(folder)/faulty.conf").status == 65)
      #expect(try lvsctl("rehearse", "\(folder)/none.conf").status == 66)
      #expect(try lvsctl("rehearse", Self.example, "--only", "everything").status == 64)
      #expect(try lvsctl("rehearse", Self.example, "--keep", "--format", "json").status == 64)
      let overlapping = try lvsctl(
        "rehearse", Self.example, "--network", "192.168.0.0/16", "--network", "192.168.147.0/24")
      let captures = try lvsctl("rehearse", Self.example, "--pcap", "\(folder)/none")
      #expect(captures.status == 66 && captures.output.contains("Make it first."), "\(captures.output)")
      #expect(overlapping.status == 65 && overlapping.output.contains("overlap"), "\(overlapping.output)")
    }
  }

  private func results(_ words: String...) throws -> [String] {
    let ending = try shell(
      "\(([lvsctlPath, "rehearse"] + words + ["--kernel", "uml", "--format", "json"]).joined(separator: " ")) </dev/null"
    )
    let checks = try #require(JSONText.value(of: Array(ending.output.utf8))?["checks"]?.elements, "\(ending.output)")
    return checks.filter { $0["name"]?.text != "apply" || $0["result"]?.text != "pass" }.map { check in
      "\(check["name"]?.text ?? "?") \(check["result"]?.text ?? "?"): \(check["evidence"]?.text ?? "?")"
    }
  }

  @Test func `keepalived fails over, and a connection lives on`() throws {
    let file = "\(projectFolder)/Examples/failover.conf"
    let found = try results(file, "--only", "apply", "--only", "failover")
    #expect(
      found == [
        "failover pass: director1 died, keepalived made director2 active, and 16 of 16 requests were answered. "
          + "A connection from before lives on."
      ])
  }

  @Test func `lvsctld takes a real server out that dies, and the fallback serves when all do`() throws {
    let file = "\(projectFolder)/Examples/health.conf"
    let found = try results(file, "--only", "health", "--only", "all-down")
    let service = "tcp 192.168.147.100:80"
    #expect(
      found == [
        "health pass: web1 died and was taken out of \(service); 8 of 8 requests were answered by the others, and it was "
          + "given some when it was back.",
        "all-down pass: With all real servers of \(service) dead 8 of 8 requests were answered, all by the fallback, director1.",
      ])
  }
}
