import LVSConfig
import LVSModel
import Testing

/// What a file says of the health of real servers, and what it means.
struct HealthReadingTests {
  /// The policy of one service on web1 and web2.
  private func policy(_ words: String, top: String = "") throws -> ClusterFile.HealthPolicy {
    try #require(
      try goodServices("- { vip: 10.0.0.100, port: 80, real_servers: [web], \(words) }", top: top).services.first
    ).health
  }

  private func check(_ text: String) throws -> Check { try #require(try policy("check: \(text)").checks.first) }

  @Test func `a service that says nothing of health has none`() throws {
    let service = try #require(try goodServices("- { vip: 10.0.0.100, port: 80, real_servers: [web] }").services.first)
    #expect(service.health == ClusterFile.HealthPolicy())
    #expect(service.realServers.allSatisfy { $0.checks == nil })
  }

  // MARK: Checks

  @Test(arguments: [
    ("tcp", Check(.tcp)), ("http", Check(.http(HTTPCheck()))), ("https", Check(.http(HTTPCheck(isSecure: true)))),
    ("udp", Check(.udp(UDPCheck()))), ("{ type: tcp }", Check(.tcp)),
    ("{ type: exec, command: [/bin/true] }", Check(.exec(["/bin/true"]))),
    (
      "{ type: tcp, port: 8080, address: 10.0.0.9, interval: 1, timeout: 2, fall: 4, rise: 5 }",
      Check(.tcp, address: IPAddress(ipv4: 0x0a00_0009), port: 8080, interval: 1, timeout: 2, fall: 4, rise: 5)
    ),
    ("{ type: http, path: \"/a?b=%20;\", body: \" ok\" }", Check(.http(HTTPCheck(path: "/a?b=%20;", body: " ok")))),
    (
      "{ type: https, host: WWW.example_1.com, verify: true }",
      Check(.http(HTTPCheck(isSecure: true, verifies: true, host: "WWW.example_1.com")))
    ),
    ("{ type: http, status: 200 }", Check(.http(HTTPCheck(status: [200...200])))),
    (
      "{ type: http, status: [401, 100-199, \"599\"] }",
      Check(.http(HTTPCheck(status: [401...401, 100...199, 599...599])))
    ),
    ("{ type: udp, send: a, expect: b }", Check(.udp(UDPCheck(send: "a", expect: "b")))),
    (
      #"{ type: udp, send: "\0\x01\r\n\x7f", expect: "\e\u0085" }"#,
      Check(.udp(UDPCheck(send: "\0\u{1}\r\n\u{7f}", expect: "\u{1b}\u{85}")))
    ),
    (
      "{ type: http, path: none, host: none, status: none, body: none, port: none, interval: none, verify: none }",
      Check(.http(HTTPCheck()))
    ),
    ("{ type: exec, command: [/x, \"\", 1, true, \"a b\"] }", Check(.exec(["/x", "", "1", "true", "a b"]))),
  ])
  func `a check is a word or a map`(text: String, expected: Check) throws {
    #expect(try check(text) == expected)
  }

  @Test func `several checks are a list in their order`() throws {
    let checks = try policy("check: [http, tcp, { type: tcp, port: 81 }]").checks
    #expect(checks == [Check(.http(HTTPCheck())), Check(.tcp), Check(.tcp, port: 81)])
  }

  @Test func `texts and commands are taken up to their bounds and no further`() throws {
    func codes(_ check: String) -> [String] {
      let text = """
        directors: [{ name: d, address: 10.0.0.1, interface: eth0 }]
        services: [{ vip: 10.0.0.100, port: 80, check: \(check) }]
        """
      return ClusterFile.read(Array(text.utf8)).diagnostics.map(\.code.rawValue)
    }
    func run(_ count: Int) -> String { String(repeating: "x", count: count) }
    for (within, beyond, code) in [
      ("{ type: http, body: \(run(1024)) }", "{ type: http, body: \(run(1025)) }", "bad-text"),
      ("{ type: udp, send: \(run(1024)) }", "{ type: udp, send: \(run(1025)) }", "bad-text"),
      ("{ type: udp, expect: \(run(1024)) }", "{ type: udp, expect: é\(run(1023)) }", "bad-text"),
      ("{ type: http, path: /\(run(1023)) }", "{ type: http, path: /\(run(1024)) }", "bad-path"),
      ("{ type: http, path: /a }", "{ type: http, path: \"/a#b\" }", "bad-path"),
      (
        "[\((1...16).map { "{ type: tcp, port: \($0) }" }.joined(separator: ", "))]",
        "[\((1...17).map { "{ type: tcp, port: \($0) }" }.joined(separator: ", "))]", "too-many-entries"
      ),
      ("{ type: http, host: \(run(63)) }", "{ type: http, host: \(run(64)) }", "bad-host"),
      (
        "{ type: exec, command: [/x, \(run(4096))] }", "{ type: exec, command: [/x, \(run(4097))] }", "bad-command"
      ),
      (
        "{ type: exec, command: [/x\(String(repeating: ", y", count: 63))] }",
        "{ type: exec, command: [/x\(String(repeating: ", y", count: 64))] }", "bad-command"
      ),
    ] {
      #expect(codes(within) == [], "\(within.prefix(40))")
      #expect(codes(beyond) == [code], "\(beyond.prefix(40))")
    }
  }

  @Test(arguments: ["-a.example", "a-.example", "a..b", ".a", "a.", "a b", "é.example", "a:80", "a/b", "*.example", ""])
  func `what is no name of a host is refused`(host: String) {
    let text = """
      directors: [{ name: d, address: 10.0.0.1, interface: eth0 }]
      services: [{ vip: 10.0.0.100, port: 80, check: { type: http, host: '\(host)' } }]
      """
    #expect(ClusterFile.read(Array(text.utf8)).diagnostics.map(\.code) == [.badHost])
  }

  // MARK: Where it is said

  @Test func `what a service says of health goes before what defaults say, key by key`() throws {
    let top = "defaults: { check: [tcp, http], on_failure: remove, quorum: 2 }"
    let defaults = try policy("scheduler: rr", top: top)
    #expect(
      defaults
        == ClusterFile.HealthPolicy(
          checks: [Check(.tcp), Check(.http(HTTPCheck()))], onFailure: .remove, quorum: 2))
    #expect(
      try policy("check: udp, quorum: 1", top: top)
        == ClusterFile.HealthPolicy(checks: [Check(.udp(UDPCheck()))], onFailure: .remove, quorum: 1))
    #expect(
      try policy("check: none, on_failure: none, quorum: none", top: top) == ClusterFile.HealthPolicy())
  }

  @Test func `a real server has the checks of its service, its own, or none`() throws {
    let service = try goodServices(
      """
      - { vip: 10.0.0.100, port: 80, check: tcp, real_servers: [web1, { server: web2, check: [http, udp] }] }
        - { vip: 10.0.0.100, port: 81, check: tcp, real_servers: [{ server: web1, check: none }, web2] }
      """
    ).services
    #expect(service[0].realServers.map(\.checks) == [nil, [Check(.http(HTTPCheck())), Check(.udp(UDPCheck()))]])
    #expect(service[1].realServers.map(\.checks) == [[], nil])
  }

  @Test func `what defaults say of health is not about a service that is another program's`() throws {
    let file = try goodServices(
      """
      - { vip: 10.0.0.100, port: 80, weights: external }
        - { vip: 10.0.0.100, port: 81, held_by: external }
        - { vip: 10.0.0.100, port: 82 }
      """,
      top: """
        defaults:
          { check: tcp, quorum: 1, on_failure: remove, fallback: { server: web2, weight: 9 },
            real_servers: [{ server: web1, check: http }] }
        """)
    for service in file.services.prefix(2) {
      #expect(service.health == ClusterFile.HealthPolicy())
      #expect(service.realServers.map(\.server) == [0] && service.realServers.map(\.checks) == [nil])
    }
    #expect(file.services[2].health.hasFallback)
    #expect(file.services[2].realServers.map(\.checks) == [[Check(.http(HTTPCheck()))], []])
  }

  @Test func `equal checks of a file are one array, however often they are written`() throws {
    let services = (1...50).map { "- { vip: 10.0.1.\($0), port: 80, check: [tcp, http] }" }
    let defaults = (51...99).map { "- { vip: 10.0.1.\($0), port: 80 }" }
    let file = try good(
      """
      directors: [{ name: d, address: 10.0.0.1, interface: eth0 }]
      defaults: { check: [{ type: tcp }, { type: http, path: / }] }
      services:
      \((services + defaults).joined(separator: "\n"))
      """)
    let places = Set(file.services.map { $0.health.checks.withUnsafeBufferPointer { Int(bitPattern: $0.baseAddress) } })
    #expect(file.services.count == 99 && places.count == 1)
  }

  @Test func `a port that a check has to ask is the check's, the real server's or the service's`() throws {
    let file = try goodServices(
      """
      - { fwmark: 1, check: [{ type: tcp, port: 80 }, { type: exec, command: [/x] }], real_servers: [web1] }
        - { fwmark: 2, check: tcp, forward: nat, real_servers: [{ server: web1, port: 80 }] }
        - { fwmark: 3, check: tcp, real_servers: [{ server: web1, check: { type: http, port: 80 } }] }
        - { fwmark: 4, check: tcp, real_servers: [] }
        - { vip: 10.0.0.100, port: 0, persistence: 9, check: { type: udp, port: 53 }, real_servers: [web1] }
      """)
    #expect(file.services.map(\.health.checks.count) == [2, 1, 1, 1, 1])
  }

  // MARK: Fallback

  @Test func `a fallback is the last real server, and none of the others`() throws {
    let file = try goodServices(
      """
      - { vip: 10.0.0.100, port: 80, real_servers: [web1], fallback: web2 }
        - { vip: 10.0.0.100, port: 81, forward: nat, real_servers: [web1], fallback: { server: web2, port: 8080, weight: 7 } }
        - { vip: "2001:db8::100", port: 82, fallback: web1 }
        - { vip: "2001:db8::100", port: 83, real_servers: none, fallback: web1 }
        - { vip: 10.0.0.100, port: 84, forward: nat, real_servers: [web1], fallback: { server: web1, port: 8080 } }
        - { vip: "2001:db8::100", port: [85, 86], check: tcp, fallback: web3 }
      """)
    let services = file.services
    #expect(services.allSatisfy { $0.health.hasFallback })
    #expect(
      services.map { $0.realServers.map(\.server) } == [
        [0, 1], [0, 1], [1, 2, 0], [0], [0, 0], [0, 1, 2], [0, 1, 2],
      ])
    #expect(services[0].realServers[1].settings == RealServerSettings(forward: .dr, weight: 5))
    #expect(services[1].realServers[1].settings == RealServerSettings(forward: .nat, weight: 7))
    #expect(services[1].realServers[1].id.port == 8080 && services[4].realServers.map(\.id.port) == [84, 8080])
    #expect(services.allSatisfy { $0.realServers.last?.checks == [] })
    #expect(services[6].realServers.map(\.id.port) == [86, 86, 86] && services[6].realServers[0].checks == nil)
  }

  @Test func `a fallback of the defaults is that of each service that has none`() throws {
    let file = try goodServices(
      """
      - { vip: "2001:db8::100", port: 80 }
        - { vip: 10.0.0.100, port: 81, real_servers: [web1] }
        - { vip: 10.0.0.100, port: 82, real_servers: [web], fallback: none }
        - { vip: 10.0.0.100, port: 83, real_servers: [web2], fallback: web1 }
      """, top: "defaults: { fallback: web2 }")
    #expect(file.services.map { $0.realServers.map(\.server) } == [[0, 2, 1], [0, 1], [0, 1], [1, 0]])
    #expect(file.services.map(\.health.hasFallback) == [true, true, false, true])
  }

  @Test func `a fallback in both families has an address of each`() throws {
    let file = try goodServices(
      "- { vip: [10.0.0.100, \"2001:db8::100\"], port: 80, check: tcp, real_servers: [web1], fallback: web2 }")
    #expect(
      file.services.map { $0.realServers.map(\.id.description) } == [
        ["192.168.147.4:80", "192.168.147.3:80"], ["[2001:db8::4]:80", "[2001:db8::3]:80"],
      ])
    #expect(file.services.allSatisfy { $0.health.hasFallback })
  }
}
