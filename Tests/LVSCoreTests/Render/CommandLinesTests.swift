import Testing

@testable import LVSModel
@testable import LVSText

struct CommandLinesTests {
  /// A file with every feature that a command has to say.
  static let rich = """
    name: rich
    directors:
      - { name: director1, address: 192.168.147.6, interface: ens33 }
      - { name: director2, address: 192.168.147.5, interface: ens33 }
    real_servers:
      - { name: web1, address: [192.168.147.4, "2001:db8:147::4"] }
      - { name: web2, address: [192.168.147.3, "2001:db8:147::3"], weight: 3 }
    vips:
      - { address: 192.168.147.101, label: "ens33:shop" }
      - { address: "2001:db8:147::101" }
    sync: { interface: ens33, id: 7, group: 224.0.0.82, port: 8849, ttl: 2, maxlen: 1400 }
    timeouts: { tcp: 1000, udp: 200 }
    sysctls: { director: { net.ipv4.vs.sync_threshold: 3 50 } }
    services:
      - { vip: 192.168.147.100, port: 80, scheduler: sh, scheduler_flags: [sh-port, sh-fallback] }
      - vip: 192.168.147.100
        port: 53
        protocol: udp
        forward: nat
        one_packet: true
        real_servers: [{ server: web1, port: 5353, weight: 9, upper_threshold: 100, lower_threshold: 50 }]
      - vip: 192.168.147.100
        port: 443
        forward: tun
        persistence: { timeout: 600, netmask: 24 }
        real_servers:
          - web1
          - { server: web2, tunnel: { type: gue, port: 6080, checksum: remcsum } }
      - { vip: "2001:db8:147::100", port: 80, persistence: { timeout: 60, netmask: 64 }, real_servers: [web1] }
      - { vip: 192.168.147.100, port: 5060, protocol: udp, persistence: { timeout: 60, engine: sip }, real_servers: [web1] }
      - { vip: 192.168.147.100, port: 9000, protocol: sctp, real_servers: [{ server: web2, forward: tun, tunnel: { type: gre } }] }
      - { fwmark: 10, scheduler: fo, real_servers: [web1] }
      - { fwmark: 10, family: ipv6, real_servers: [web2] }

    """

  @Test(arguments: ["director1", "director2", "web1"])
  func `each step is a line of the tool that does it`(name: String) throws {
    let plan = try Plans.plan(name, from: HostState(), file: good(Self.rich))
    try expectGolden(plan.plan.commandLines.map { $0 + "\n" }.joined(), "commands-\(name).txt")
  }

  @Test func `updates are edits, and deletions name what goes`() throws {
    try expectGolden(try Plans.drift().plan.commandLines.map { $0 + "\n" }.joined(), "commands-drift.txt")
    var observed = HostState()
    observed.syncDaemons[.master] = SyncDaemon(interface: "eth9")
    observed.addresses[AddressID(IPAddress(ipv4: 0x0a00_0001), interface: "it's")] = AddressSettings()
    let plan = try Plans.plan("director1", from: observed, file: good(Self.rich))
    let lines = plan.plan.commandLines
    #expect(lines.contains(#"ip addr del 10.0.0.1/32 dev 'it'\''s'"#))
    let stop = try #require(lines.firstIndex(of: "ipvsadm --stop-daemon master"))
    #expect(lines[stop + 1].hasPrefix("ipvsadm --start-daemon master --mcast-interface ens33 --syncid 7"))
  }

  @Test(arguments: [
    ("plain-1.2_3/4:5=6,7@8+9%", "plain-1.2_3/4:5=6,7@8+9%"), ("", "''"), ("a b", "'a b'"), ("it's", #"'it'\''s'"#),
    ("$(reboot)", "'$(reboot)'"), ("`x`;&|<>*?!~#\"\\", "'`x`;&|<>*?!~#\"\\'"), ("ü", "'ü'"),
    ("a\u{1b}[1mb", #""$(printf 'a\033\1331mb')""#), ("a\nb", #""$(printf 'a\012b')""#),
    ("b\n\n", "\"$(printf 'b')\"'\n\n'"),
    ("\n", "\"$(printf '')\"'\n'"), ("a\u{202e}ü", #""$(printf 'a\342\200\256ü')""#),
    ("-e\u{7f}", #""$(printf '\055e\177')""#),
    ("%s\\n'$(x)`y`\"\u{9b}!*", #""$(printf '\045s\134n\047\044\050x\051\140y\140\042\302\233\041\052')""#),
    ("a\tb\r\n", "\"$(printf 'a\\011b\\015')\"'\n'"), ("\u{2028}1", #""$(printf '\342\200\2501')""#),
  ])
  func `a word is quoted so that every shell reads it back, and a reader sees what is in it`(
    word: String, quoted: String
  ) throws {
    #expect(shellQuoted(word) == quoted)
    for name in ["dash", "bash", "bash --posix", "busybox sh", "zsh"] {
      let program = name.split(separator: " ")[0]
      // The tests need sh alone.
      guard try shell("command -v \(program)").status == 0 else { continue }
      let ending = try withTemporaryFolder { folder in
        try write("printf %s \(shellQuoted(word))", to: "\(folder)/line")
        return try shell("\(name) \(folder)/line")
      }
      #expect(ending.output == word, "\(name)")
    }
  }

  @Test func `several nodes have a comment each`() throws {
    let plans = [try Plans.weights(), try Plans.plan("web1", from: Classic.target("web1").state)]
    #expect(plans.commandLines.first == "# director1")
    #expect(!plans.commandLines.contains("# web1"))
  }
}
