import LVSConfig
import LVSModel
import LVSText
import Testing

/// Reads a text that is meant to be a good cluster file, without as much as a warning.
func good(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> ClusterFile {
  let source = Array(text.utf8)
  let reading = ClusterFile.read(source)
  let told = ExcerptRenderer(fileName: "test", source: source, usesColor: false).text(reading.diagnostics)
  #expect(told == "", sourceLocation: sourceLocation)
  return try #require(reading.file, sourceLocation: sourceLocation)
}

/// Reads services over two real servers with both families (web1, web2) and one with IPv6 alone (web3).
func goodServices(_ services: String, top: String = "") throws -> ClusterFile {
  try good(
    """
    directors:
      - { name: director1, address: 192.168.147.6, interface: ens33 }
    real_servers:
      - { name: web1, address: [192.168.147.4, "2001:db8::4"] }
      - { name: web2, address: [192.168.147.3, "2001:db8::3"], weight: 5 }
      - { name: web3, address: "2001:db8::2" }
    pools: { web: [web1, web2] }
    \(top)
    services:
      \(services)

    """)
}

func address(_ text: String) throws -> IPAddress { try #require(IPAddress(text)) }

extension ClusterFile {
  /// The identities of the services, in words.
  var serviceNames: [String] { services.map(\.id.description) }
}

struct ClusterFileReadingTests {
  @Test func `the smallest useful file describes four machines`() throws {
    let file = try good(
      """
      directors:                       # the first is the active one, the others are hot standbys
        - { name: director1, address: 192.168.147.6, interface: ens33 }
        - { name: director2, address: 192.168.147.5, interface: ens33 }

      real_servers:
        - { name: web1, address: 192.168.147.4 }
        - { name: web2, address: 192.168.147.3 }

      services:
        - { vip: 192.168.147.100, port: 80, scheduler: rr }
      """)
    let servers = [("web1", "192.168.147.4"), ("web2", "192.168.147.3")]
    let vip = try address("192.168.147.100")
    #expect(
      file
        == ClusterFile(
          name: "cluster",
          directors: try [("director1", "192.168.147.6"), ("director2", "192.168.147.5")].map {
            ClusterFile.Director(name: $0, addresses: [try address($1)], interface: "ens33")
          },
          realServers: try servers.map { ClusterFile.RealServer(name: $0, addresses: [try address($1)]) },
          vips: [ClusterFile.VIP(address: vip)],
          services: [
            ClusterFile.Service(
              id: .address(.tcp, vip, port: 80), settings: ServiceSettings(scheduler: Scheduler("rr")),
              realServers: try servers.enumerated().map { index, server in
                ClusterFile.Member(
                  server: index, id: RealServerID(address: try address(server.1), port: 80),
                  settings: RealServerSettings())
              })
          ]))
  }

  @Test func `what the file leaves out has its default or is not managed`() throws {
    let file = try goodServices("- { vip: 10.0.0.100, port: 80, real_servers: [web1] }")
    #expect(file.timeouts == Timeouts())
    #expect(file.sync == nil)
    #expect(file.sysctls == SysctlOverrides())
    #expect(file.sysctls.standby == nil)
    let service = try #require(file.services.first)
    #expect(service.settings == ServiceSettings(scheduler: .wlc))
    #expect(service.weights == .fixed)
    #expect(service.realServers.first?.settings == RealServerSettings(forward: .dr, weight: 1))
    #expect(file.realServers.map(\.interface) == [nil, nil, nil])
  }

  @Test func `a file may have directors and no services`() throws {
    let file = try good("directors: [{ name: d1, address: 10.0.0.1, interface: eth0 }]\nservices: []")
    #expect(file.services.isEmpty && file.vips.isEmpty && file.realServers.isEmpty)
  }

  // MARK: Ports and protocols

  @Test func `lists and ranges of ports are one service each, in file order`() throws {
    let file = try goodServices(
      "- { vip: 10.0.0.100, port: [443, 8000-8002, \"80\"], protocol: [tcp, udp], real_servers: [web1] }")
    #expect(
      file.serviceNames == [443, 8000, 8001, 8002, 80].flatMap { ["tcp 10.0.0.100:\($0)", "udp 10.0.0.100:\($0)"] })
    #expect(file.services.map { $0.realServers[0].id.port } == file.services.map(\.id.port))
  }

  @Test func `all ports of an address fit into one entry`() throws {
    let file = try goodServices("- { vip: 10.0.0.100, port: 1-65535, real_servers: [] }")
    #expect(file.services.count == 65535)
  }

  @Test func `port 0 is every port of a persistent service`() throws {
    let file = try goodServices("- { vip: 10.0.0.100, port: 0, persistence: 60, real_servers: [web1] }")
    #expect(file.serviceNames == ["tcp 10.0.0.100:0"])
    #expect(file.services[0].realServers[0].id.port == 0)
  }

  @Test func `firewall marks are apart for each family and have no port`() throws {
    let file = try goodServices(
      """
      - { fwmark: 10, real_servers: [web1] }
        - { fwmark: 10, family: ipv6, real_servers: [web1] }
        - { fwmark: 4294967295, forward: nat, real_servers: [{ server: web1, port: 8080 }] }
      """)
    #expect(file.serviceNames == ["fwmark 10 ipv4", "fwmark 10 ipv6", "fwmark 4294967295 ipv4"])
    #expect(
      file.services.map { $0.realServers[0].id.description }
        == ["192.168.147.4:0", "[2001:db8::4]:0", "192.168.147.4:8080"])
    #expect(file.vips.isEmpty)
  }

  // MARK: Settings

  @Test(arguments: Scheduler.known)
  func `every scheduler is taken by its name`(scheduler: Scheduler) throws {
    let file = try goodServices("- { vip: 10.0.0.100, port: 80, scheduler: \(scheduler), real_servers: [] }")
    #expect(file.services[0].settings.scheduler == scheduler)
  }

  @Test(arguments: [
    ("sh", "[sh-fallback]", 0x08), ("sh", "[sh-port, flag-3]", 0x30), ("mh", "[mh-fallback, mh-port]", 0x18),
    ("rr", "[flag-1, flag-2, flag-3]", 0x38), ("sh", "[]", 0),
  ])
  func `scheduler flags become the kernel's bits`(scheduler: String, flags: String, bits: UInt32) throws {
    let file = try goodServices(
      "- { vip: 10.0.0.100, port: 80, scheduler: \(scheduler), scheduler_flags: \(flags), real_servers: [] }")
    #expect(file.services[0].settings.schedulerFlags.rawValue == bits)
  }

  @Test(arguments: [
    ("10.0.0.100", "300", Persistence(timeout: 300, netmask: .ipv4(.max))),
    ("10.0.0.100", "{ timeout: 60 }", Persistence(timeout: 60, netmask: .ipv4(.max))),
    ("10.0.0.100", "{}", Persistence(timeout: 300, netmask: .ipv4(.max))),
    ("10.0.0.100", "{ netmask: 24 }", Persistence(timeout: 300, netmask: .ipv4(0xffff_ff00))),
    ("10.0.0.100", "{ netmask: 255.255.0.0 }", Persistence(timeout: 300, netmask: .ipv4(0xffff_0000))),
    ("10.0.0.100", "{ netmask: 32 }", Persistence(timeout: 300, netmask: .ipv4(.max))),
    ("10.0.0.100", "{ netmask: 1 }", Persistence(timeout: 300, netmask: .ipv4(0x8000_0000))),
    ("\"2001:db8::1\"", "2678400", Persistence(timeout: 2_678_400, netmask: .ipv6(128))),
    ("\"2001:db8::1\"", "{ netmask: 64 }", Persistence(timeout: 300, netmask: .ipv6(64))),
  ])
  func `persistence is seconds, or a map with the mask of the service's family`(
    vip: String, text: String, persistence: Persistence
  ) throws {
    let file = try goodServices("- { vip: \(vip), port: 80, persistence: \(text), real_servers: [] }")
    #expect(file.services[0].settings.persistence == persistence)
  }

  @Test func `a SIP service over UDP keeps calls together`() throws {
    let file = try goodServices(
      "- { vip: 10.0.0.100, port: 5060, protocol: udp, one_packet: true, persistence: { engine: sip }, real_servers: [] }"
    )
    #expect(file.services[0].settings.persistence?.engine == "sip")
    #expect(file.services[0].settings.onePacket)
  }

  @Test(arguments: [
    ("{ type: ipip }", Tunnel()), ("{}", Tunnel()), ("{ type: gue, port: 6080 }", Tunnel(kind: .gue, port: 6080)),
    ("{ port: 6080, type: gue, checksum: remcsum }", Tunnel(kind: .gue, port: 6080, checksum: .remcsum)),
    ("{ type: gre, checksum: csum }", Tunnel(kind: .gre, checksum: .csum)),
    ("{ type: ipip, checksum: none }", Tunnel()),
  ])
  func `a tunnel has a type, and what that type takes`(text: String, tunnel: Tunnel) throws {
    let file = try goodServices(
      "- { vip: 10.0.0.100, port: 80, forward: tun, tunnel: \(text), real_servers: [web1] }")
    #expect(file.services[0].realServers[0].settings.forward == .tun(tunnel))
  }

  @Test func `weights are a health checker's where the file says so`() throws {
    let file = try goodServices("- { vip: 10.0.0.100, port: 80, weights: external, real_servers: [] }")
    #expect(file.services[0].weights == .external)
  }

  // MARK: Real servers of a service

  @Test func `a service that names no real servers has all, with their own weights`() throws {
    let file = try goodServices("- { vip: \"2001:db8::100\", port: 80 }")
    #expect(
      file.services[0].realServers.map(\.id.description)
        == ["[2001:db8::4]:80", "[2001:db8::3]:80", "[2001:db8::2]:80"])
    #expect(file.services[0].realServers.map(\.settings.weight) == [1, 5, 1])
    #expect(file.services[0].realServers.map(\.server) == [0, 1, 2])
  }

  @Test func `an entry overrides port, weight, forwarding and thresholds`() throws {
    let file = try goodServices(
      """
      - vip: 10.0.0.100
          port: 80
          forward: nat
          real_servers:
            - { server: web1, port: 8080, weight: 0, upper_threshold: 100, lower_threshold: 50 }
            - { server: web1, port: 8081 }
            - { server: web2, forward: dr }
      """)
    let members = file.services[0].realServers
    #expect(members.map(\.id.description) == ["192.168.147.4:8080", "192.168.147.4:8081", "192.168.147.3:80"])
    #expect(
      members.map(\.settings) == [
        RealServerSettings(forward: .nat, weight: 0, upperThreshold: 100, lowerThreshold: 50),
        RealServerSettings(forward: .nat, weight: 1), RealServerSettings(forward: .dr, weight: 5),
      ])
  }

  @Test func `a pool stands for its real servers in its order`() throws {
    let file = try goodServices("- { vip: \"2001:db8::100\", port: 80, real_servers: [web3, web] }")
    #expect(file.services[0].realServers.map(\.server) == [2, 0, 1])
  }

  @Test func `an IPv6 real server serves an IPv4 address through a tunnel`() throws {
    let file = try goodServices(
      """
      - vip: 10.0.0.100
          port: 80
          real_servers: [web1, { server: web3, forward: tun, tunnel: { type: gre } }]
      """)
    #expect(file.services[0].realServers.map(\.id.description) == ["192.168.147.4:80", "[2001:db8::2]:80"])
    #expect(file.services[0].realServers.map(\.settings.forward.word) == ["dr", "tun"])
  }

  @Test func `the tunnel of a service is that of its tunneled real servers`() throws {
    let file = try goodServices(
      """
      - vip: 10.0.0.100
          port: 80
          tunnel: { type: gue, port: 6080 }
          real_servers: [web1, { server: web2, forward: tun }]
      """)
    #expect(file.services[0].realServers.map(\.settings.forward) == [.dr, .tun(Tunnel(kind: .gue, port: 6080))])
  }

  @Test func `a machine may be director and real server`() throws {
    let file = try good(
      """
      directors: [{ name: both, address: 10.0.0.1, interface: eth0 }]
      real_servers: [{ name: both, address: 10.0.0.1 }]
      services: [{ vip: 10.0.0.100, port: 80 }]
      """)
    #expect(file.services[0].realServers.map(\.id.description) == ["10.0.0.1:80"])
  }

  // MARK: Defaults and aliases

  @Test func `a service's own key goes before the default`() throws {
    let file = try goodServices(
      """
      - { vip: 10.0.0.100, port: 80 }
        - { vip: 10.0.0.100, port: 81, scheduler: rr, protocol: udp, forward: nat, real_servers: [web2] }
        - { fwmark: 1 }
      """,
      top:
        "defaults: { scheduler: wrr, protocol: sctp, forward: tun, tunnel: { type: gre }, weights: external, "
        + "persistence: 60, family: ipv6, real_servers: [web1] }")
    #expect(file.serviceNames == ["sctp 10.0.0.100:80", "udp 10.0.0.100:81", "fwmark 1 ipv6"])
    #expect(file.services.map(\.settings.scheduler.name) == ["wrr", "rr", "wrr"])
    #expect(
      file.services.map { $0.realServers.map(\.id.description) }
        == [["192.168.147.4:80"], ["192.168.147.3:81"], ["[2001:db8::4]:0"]])
    let gre = ForwardingMethod.tun(Tunnel(kind: .gre))
    #expect(file.services.map { $0.realServers[0].settings.forward } == [gre, .nat, gre])
    #expect(file.services.allSatisfy { $0.weights == .external })
  }

  @Test func `an alias is the value that it repeats`() throws {
    let file = try goodServices(
      """
      - { vip: &vip 10.0.0.100, port: 80, real_servers: &both [web1, &second { server: web2, weight: 3 }] }
        - { vip: *vip, port: 81, real_servers: *both }
        - { vip: *vip, port: 82, real_servers: [*second] }
      """)
    #expect(file.services[1].realServers.map(\.settings) == file.services[0].realServers.map(\.settings))
    #expect(file.services[2].realServers.map(\.settings.weight) == [3])
    #expect(file.vips.count == 1)
  }

  @Test func `quotes change nothing`() throws {
    let plain = """
      name: prod
      directors: [{ name: d1, address: 10.0.0.1, interface: eth0 }]
      real_servers: [{ name: web1, address: 10.0.0.2, weight: 7 }]
      vips: [{ address: 10.0.0.100, held_by: external }]
      timeouts: { tcp: 900 }
      sysctls: { director: { net.ipv4.ip_forward: 1, net.ipv4.vs.conntrack: keep } }
      services: [{ vip: 10.0.0.100, port: 53, protocol: udp, one_packet: true, real_servers: [web1] }]
      """
    var isKey = false
    let quoted = plain.split(separator: "\n").map { line in
      line.split(separator: " ").map { word -> String in
        // Everything that is no punctuation gets quotes, keys too.
        let core = word.drop { "[{".contains($0) }
        let head = word.prefix(word.count - core.count)
        isKey = core.hasSuffix(":")
        let body = core.prefix { !"]},".contains($0) }
        let tail = core.dropFirst(body.count)
        let text = isKey ? body.dropLast() : body
        return text.isEmpty ? String(word) : "\(head)\"\(text)\"\(isKey ? ":" : "")\(tail)"
      }.joined(separator: " ")
    }.joined(separator: "\n")
    #expect(quoted.contains("\"one_packet\": \"true\""))
    #expect(try good(quoted) == good(plain))
  }

  // MARK: VIPs

  @Test func `VIPs come in the order of their first mention`() throws {
    let listedFirst = try goodServices(
      "- { vip: 10.0.0.102, port: 80, real_servers: [] }\n  - { vip: 10.0.0.101, port: 80, real_servers: [] }",
      top: "vips: [{ address: 10.0.0.103 }, { address: 10.0.0.101, name: b, label: \"eth0:x\", interface: eth1 }]")
    #expect(listedFirst.vips.map(\.address.description) == ["10.0.0.103", "10.0.0.101", "10.0.0.102"])
    #expect(listedFirst.vips.map(\.isNamedByService) == [false, true, true])
    #expect(listedFirst.vips[1].label == "eth0:x")
    #expect(listedFirst.vips[1].interface == "eth1")
    #expect(listedFirst.vips[1].name == "b")

    let listedLast = try good(
      """
      directors: [{ name: d1, address: 10.0.0.1, interface: eth0 }]
      services: [{ vip: 10.0.0.102, port: 80 }, { vip: late, port: 80 }]
      vips: [{ address: 10.0.0.103 }, { name: late, address: 10.0.0.101, held_by: external }]
      """)
    #expect(listedLast.vips.map(\.address.description) == ["10.0.0.102", "10.0.0.101", "10.0.0.103"])
    #expect(listedLast.vips.map(\.isHeldExternally) == [false, true, false])
  }

  // MARK: The director as a whole

  @Test func `timeouts and the sync daemon keep what is not named apart from zero`() throws {
    let file = try goodServices(
      "- { fwmark: 1, real_servers: [] }",
      top: "timeouts: { udp: 2147483 }\nsync: { interface: eth1, group: 224.0.0.82, maxlen: 65507, ttl: 255 }")
    #expect(file.timeouts == Timeouts(udp: 2_147_483))
    #expect(
      file.sync == SyncDaemon(interface: "eth1", id: 0, group: try address("224.0.0.82"), ttl: 255, maxlen: 65507))
  }

  @Test(arguments: [
    ("net.ipv4.ip_forward", "net.ipv4.ip_forward"), ("net/ipv4/ip_forward", "net.ipv4.ip_forward"),
    ("net.ipv4.conf.eth0/100.arp_ignore", "net.ipv4.conf.eth0/100.arp_ignore"),
    ("net/ipv4/conf/eth0.100/arp_ignore", "net.ipv4.conf.eth0/100.arp_ignore"),
  ])
  func `a sysctl's first separator decides what the others mean`(written: String, name: String) throws {
    let file = try goodServices(
      "- { fwmark: 1, real_servers: [] }",
      top: "sysctls: { director: { \(written): \" 4096\t 87380  \" }, standby: {}, real_server: { \(written): keep } }")
    #expect(file.sysctls.director == [name: .value("4096 87380")])
    #expect(file.sysctls.standby == [:])
    #expect(file.sysctls.realServer == [name: .keep])
  }
}
