import Testing

@testable import LVSConfig
@testable import LVSText

struct RobustnessTests {
  /// A file that uses every key, to cut and bend.
  static let rich = Array(
    """
    name: prod
    directors:
      - { name: d1, address: [10.0.0.1, "2001:db8::1"], interface: eth0 }
      - { name: d2, address: 10.0.0.2, interface: eth0 }
    real_servers:
      - { name: web1, address: [10.0.0.4, "2001:db8::4"], weight: 2, interface: dummy0 }
      - { name: web2, address: 10.0.0.3 }
    pools: { web: &web [web1, web2] }
    vips:
      - { name: public, address: 10.0.0.100, interface: eth1, label: "eth1:a", held_by: external, prefix: 24 }
      - { address: "2001:db8::99", held_by: d2 }
    ignore: [10.1.0.0/16, 10.0.0.9, { fwmark: 77 }]
    defaults: { scheduler: sh, scheduler_flags: [sh-port], weights: external }
    timeouts: { tcp: 900, tcp_fin: 120, udp: 300 }
    sync: { interface: eth1, id: 7, group: 224.0.0.82, port: 8848, ttl: 2, maxlen: 1400 }
    sysctls: { director: { net.ipv4.vs.conntrack: 1 }, standby: {}, real_server: { net/ipv4/ip_forward: keep } }
    services:
      - { vip: public, port: [80, 443, 8000-8009], protocol: [tcp, sctp], real_servers: *web }
      - vip: 10.0.0.100
        port: 53
        protocol: udp
        one_packet: true
        forward: nat
        persistence: { timeout: 60, netmask: 24, engine: sip }
        real_servers:
          - { server: web1, port: 5353, weight: 3, upper_threshold: 9, lower_threshold: 3 }
      - { fwmark: 9, family: ipv6, forward: tun, tunnel: { type: gue, port: 6080, checksum: csum }, real_servers: [web1] }
      - vip: 10.0.0.104
        port: 80
        weights: none
        check: [&check { type: http, path: /up, host: www.example.com, status: [200-299, 401], body: ok, interval: 9 }, tcp]
        on_failure: remove
        quorum: 1
        fallback: { server: web2, weight: 2 }
        real_servers: [{ server: web1, check: [*check, { type: udp, port: 53, send: "\\0\\x01", expect: "\\e" }] }]
      - { vip: 10.0.0.104, port: 81, weights: none, scheduler_flags: none, fallback: web2, real_servers: [web1],
          check: [{ type: https, verify: true, host: a.example, timeout: 1, fall: 1, rise: 1 },
            { type: exec, command: [/bin/true, "a b"], address: 10.0.0.9 }] }
      - { fwmark: [11-12, 20], held_by: external, weights: none, real_servers: none }
      - { vip: [10.0.0.101-103, "2001:db8::20-2f"], port: 80, scheduler: rr, scheduler_flags: none, real_servers: [web1] }

    """.utf8)

  /// Whatever the bytes are, there is a file or an error, and its rendering is safe for a terminal.
  private func check(_ bytes: [UInt8], sourceLocation: SourceLocation = #_sourceLocation) {
    let reading = ClusterFile.read(bytes)
    let hasError = reading.diagnostics.contains { $0.severity == .error }
    #expect((reading.file == nil) == hasError, sourceLocation: sourceLocation)
    #expect(reading.diagnostics.count <= 101, sourceLocation: sourceLocation)
    let text = ExcerptRenderer(fileName: "f", source: bytes, usesColor: false).text(reading.diagnostics)
    let isSafe = text.unicodeScalars.allSatisfy { $0 == "\n" || $0.properties.generalCategory != .control }
    #expect(isSafe, sourceLocation: sourceLocation)
  }

  @Test func `the rich file is good`() throws {
    #expect(ClusterFile.read(Self.rich).diagnostics.isEmpty)
    #expect(try #require(ClusterFile.read(Self.rich).file).services.count == 50)
  }

  @Test(arguments: 0..<8)
  func `random bytes give diagnostics and never a crash`(seed: UInt64) {
    var numbers = SeededNumbers(seed: seed + 1)
    for length in 0..<200 {
      check((0..<length).map { _ in UInt8.random(in: 0...255, using: &numbers) })
    }
  }

  @Test(arguments: 0..<8)
  func `a bent file gives diagnostics and never a crash`(seed: UInt64) throws {
    var numbers = SeededNumbers(seed: seed + 100)
    let pieces = [
      "{", "}", "[", "]", ":", ",", "- ", "\n", "  ", "\"", "'", "&a ", "*a", "*web", "!!int ", "~", "0", "-1", "65536",
      "#", "<<", "|\n", "\0", "\t", "é", "日", "\u{202e}",
    ]
    .map { Array($0.utf8) }
    for _ in 0..<150 {
      var bytes = Self.rich
      for _ in 0..<Int.random(in: 1...4, using: &numbers) {
        let place = Int.random(in: 0..<bytes.count, using: &numbers)
        switch Int.random(in: 0..<5, using: &numbers) {
        case 0: bytes.remove(at: place)
        case 1: bytes.removeSubrange(place..<min(bytes.count, place + 9))
        case 2: bytes[place] = UInt8.random(in: 0...255, using: &numbers)
        case 3: bytes.insert(contentsOf: try #require(pieces.randomElement(using: &numbers)), at: place)
        default:
          let from = Int.random(in: 0..<bytes.count, using: &numbers)
          bytes.insert(contentsOf: bytes[from..<min(bytes.count, from + 30)], at: place)
        }
      }
      check(bytes)
    }
  }

  @Test func `a file cut off anywhere gives diagnostics or a file`() {
    for length in stride(from: 0, to: Self.rich.count, by: 7) { check(Array(Self.rich[..<length])) }
  }

  // MARK: Bounds

  @Test func `aliases that double on every line are refused without unfolding them`() throws {
    let lines = (1...60).map { "  a\($0): &a\($0) [*a\($0 - 1), *a\($0 - 1)]" }
    let text = "pools:\n  a0: &a0 [x]\n" + lines.joined(separator: "\n") + "\n"
    let diagnostics = ClusterFile.read(Array(text.utf8)).diagnostics
    #expect(diagnostics.map(\.code) == [.aliasExpansion])
  }

  @Test func `a count of unfolded nodes that passes 64 bits stays refused`() {
    let lines = (1...200).map { "  a\($0): &a\($0) [*a\($0 - 1), *a\($0 - 1)]" }
    let text = "pools:\n  a0: &a0 [x]\n" + lines.joined(separator: "\n") + "\n"
    #expect(ClusterFile.read(Array(text.utf8)).diagnostics.map(\.code) == [.aliasExpansion])
  }

  @Test(arguments: [("[", "]"), ("{a: ", "}"), ("- ", ""), ("? ", "")])
  func `deep nesting is refused`(open: String, close: String) {
    let text = String(repeating: open, count: 5000) + String(repeating: close, count: 5000)
    #expect(ClusterFile.read(Array(text.utf8)).diagnostics.map(\.code) == [.tooDeep])
  }

  @Test func `more values than any cluster has are refused`() {
    let reading = YAMLReading(SourceText(Array("[a, b, c]".utf8)), nodeLimit: 3)
    #expect(!reading.isComplete)
    #expect(reading.faults.diagnostics().map(\.code) == [.tooLarge])
    #expect(YAMLReading(SourceText(Array("[a, b]".utf8)), nodeLimit: 3).isComplete)
  }

  @Test func `32 MiB of noise are refused`() {
    var numbers = SeededNumbers(seed: 7)
    let block = (0..<4096).map { _ in UInt8.random(in: 0...255, using: &numbers) }
    var noise: [UInt8] = []
    for _ in 0..<8192 { noise.append(contentsOf: block) }
    let reading = ClusterFile.read(noise)
    #expect(reading.file == nil)
    #expect(reading.diagnostics.count == 1)
  }

  @Test(arguments: [UInt8(ascii: "a"), UInt8(ascii: "["), UInt8(ascii: "#"), UInt8(ascii: "\n"), 0xff, 0x00])
  func `a megabyte of one byte is refused`(byte: UInt8) {
    let reading = ClusterFile.read([UInt8](repeating: byte, count: 1 << 20))
    #expect(reading.file == nil)
    #expect(reading.diagnostics.count == 1)
  }

  @Test func `services beyond the bound are refused before they are unfolded`() {
    let text = """
      directors: [{ name: d1, address: 10.0.0.1, interface: eth0 }]
      real_servers: [{ name: a, address: 10.0.0.2 }, { name: b, address: 10.0.0.3 }]
      services:
      """ + (100..<200).map { "\n- { vip: 10.0.1.\($0), port: 1-65535, protocol: [tcp, udp, sctp] }" }.joined()
    #expect(ClusterFile.read(Array(text.utf8)).diagnostics.map(\.code) == [.tooManyEntries])
  }

  @Test(arguments: [
    "{ vip: 10.0.0.0-10.255.255.255, port: 80 }", "{ vip: 10.0.0.0-10.255.255.255, port: nonsense }",
    "{ vip: \"2001:db8::-2001:db9::\", port: 80 }", "{ fwmark: 1-4294967295 }",
    "{ vip: [10.0.0.0-10.15.255.255, 11.0.0.0-11.15.255.255, \"::2-ffff::\"], port: 1-65535, protocol: [tcp, udp] }",
  ])
  func `ranges beyond the bound are refused before they are unfolded`(service: String) {
    let text = """
      directors: [{ name: d1, address: 192.168.0.1, interface: eth0 }]
      services: [\(service)]
      """
    #expect(ClusterFile.read(Array(text.utf8)).diagnostics.contains { $0.code == .tooManyEntries })
  }

  @Test func `thousands of faults are counted, not printed`() throws {
    let text = "services:\n" + String(repeating: "- { prot: 80 }\n", count: 5000)
    let diagnostics = ClusterFile.read(Array(text.utf8)).diagnostics
    #expect(diagnostics.count == 101)
    let last = try #require(diagnostics.last)
    #expect(last.code == .tooManyFaults)
    // Two for each service (an unknown key, no VIP), and no directors.
    #expect(last.message == "There are 9901 more faults that are not shown.")
  }
}
