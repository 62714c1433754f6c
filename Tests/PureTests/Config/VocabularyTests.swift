import LVSConfig
import LVSModel
import Testing

/// What a file may say beyond the classic words, and what it means.
struct VocabularyTests {
  // MARK: Lists and ranges

  @Test(arguments: [
    ("192.168.147.110-192.168.147.112", ["192.168.147.110", "192.168.147.111", "192.168.147.112"]),
    ("192.168.147.110-112", ["192.168.147.110", "192.168.147.111", "192.168.147.112"]),
    ("192.168.147.255-192.168.148.1", ["192.168.147.255", "192.168.148.0", "192.168.148.1"]),
    ("\"2001:db8::9-b\"", ["2001:db8::9", "2001:db8::a", "2001:db8::b"]),
    ("2001:db8::ffff-2001:db8::1:0", ["2001:db8::ffff", "2001:db8::1:0"]),
    ("\"2001:db8:0:0:ffff:ffff:ffff:ffff-2001:db8:0:1::\"", ["2001:db8::ffff:ffff:ffff:ffff", "2001:db8:0:1::"]),
    ("[10.0.0.9, public, 10.0.0.1-2]", ["10.0.0.9", "10.0.0.200", "10.0.0.1", "10.0.0.2"]),
    ("192.168.147.110-110", ["192.168.147.110"]),
  ])
  func `a list or range of VIPs is one service each, in file order`(vip: String, addresses: [String]) throws {
    let file = try goodServices(
      "- { vip: \(vip), port: [80, 443], real_servers: [] }",
      top: vip.contains("public") ? "vips: [{ name: public, address: 10.0.0.200 }]" : "")
    #expect(file.services.compactMap(\.id.vip?.description) == addresses.flatMap { [$0, $0] })
    #expect(file.services.map(\.id.port) == addresses.flatMap { _ in [80, 443] })
    #expect(file.vips.map(\.address.description).sorted() == addresses.sorted())
    #expect(file.vips.allSatisfy { $0.isNamedByService })
  }

  @Test func `a list of both families gives each its own addresses and masks`() throws {
    let file = try goodServices(
      "- { vip: [10.0.0.100, \"2001:db8::100\"], port: 80, persistence: { netmask: 24 }, real_servers: [web1] }")
    #expect(file.services.map { $0.realServers[0].id.description } == ["192.168.147.4:80", "[2001:db8::4]:80"])
    #expect(file.services.map(\.settings.persistence?.netmask) == [.ipv4(0xffff_ff00), .ipv6(24)])
  }

  @Test func `a list or range of firewall marks is one service each`() throws {
    let file = try goodServices(
      "- { fwmark: [7-9, 4294967295, 1], family: ipv6, real_servers: [web1] }\n  - { fwmark: 2-3, real_servers: [] }")
    #expect(
      file.serviceNames
        == ["7 ipv6", "8 ipv6", "9 ipv6", "4294967295 ipv6", "1 ipv6", "2 ipv4", "3 ipv4"].map { "fwmark \($0)" })
  }

  // MARK: none

  @Test func `none switches off what defaults say, key by key`() throws {
    let file = try goodServices(
      """
      - { vip: 10.0.0.100, port: 53, persistence: none, scheduler_flags: none, one_packet: none, weights: none }
        - { vip: 10.0.0.100, port: 54, held_by: none, real_servers: none, scheduler: none, scheduler_flags: none }
        - { vip: 10.0.0.100, port: 55, protocol: none, one_packet: none, forward: none, tunnel: none }
        - { vip: 10.0.0.100, port: 56, tunnel: "none" }
        - { vip: 10.0.0.100, port: 57, real_servers: [{ server: web1, tunnel: none }, { server: web2, forward: none }] }
        - { fwmark: 1, family: none, one_packet: none, real_servers: [web1] }
      """,
      top: """
        defaults:
          { protocol: udp, family: ipv6, scheduler: sh, scheduler_flags: [sh-port], forward: tun, tunnel: { type: gre },
            persistence: 60, one_packet: true, weights: external, held_by: external, real_servers: [web2] }
        """)
    let services = file.services
    #expect(services[0].settings == ServiceSettings(scheduler: Scheduler("sh")))
    #expect(services[0].weights == .fixed && services[1].weights == .external)
    #expect(services.map(\.isHeldExternally) == [true, false, true, true, true, true])
    #expect(services[1].realServers.isEmpty)
    #expect(services[1].settings.scheduler == .wlc)
    #expect(file.serviceNames[2] == "tcp 10.0.0.100:55" && file.serviceNames[5] == "fwmark 1 ipv4")
    #expect(services[2].realServers.map(\.settings.forward) == [.dr])
    #expect(services[3].realServers.map(\.settings.forward) == [.tun(Tunnel())])
    #expect(services[4].realServers.map(\.settings.forward) == [.tun(Tunnel()), .dr])
  }

  @Test func `none is as good as a key that is left out, where nothing else could say it`() throws {
    let plain = try goodServices(
      "- { vip: 10.0.0.100, port: 80, forward: tun, persistence: {}, real_servers: [{ server: web1, forward: tun }] }",
      top: "vips: [{ address: 10.0.0.100 }]\ntimeouts: { udp: 9 }")
    let none = try goodServices(
      """
      - vip: 10.0.0.100
          port: 80
          forward: tun
          fwmark: none
          family: none
          held_by: none
          tunnel: { type: none, port: none, checksum: none }
          persistence: { timeout: none, netmask: none, engine: none }
          real_servers:
            - { server: web1, port: none, weight: none, forward: tun, upper_threshold: none, lower_threshold: none }
      """,
      top: """
        name: none
        ignore: none
        defaults: none
        vips: [{ address: 10.0.0.100, name: none, interface: none, prefix: none, held_by: none }]
        timeouts: { tcp: none, tcp_fin: none, udp: 9 }
        sync: none
        sysctls: { director: none }
        """)
    #expect(none == plain)
  }

  @Test func `no sysctls for a standby are not those of a director, and no label is not the implied one`() throws {
    let file = try goodServices(
      "- { vip: 10.0.0.100, port: 80, real_servers: [] }",
      top: """
        vips: [{ address: 10.0.0.100, label: none }, { address: "2001:db8::100", label: none }]
        sysctls: { director: { net.ipv4.vs.conntrack: 1 }, standby: none }
        """)
    #expect(file.sysctls.standby == [:])
    let vip = try #require(file.vips.first)
    #expect(vip.label(on: "ens33", implied: "ens33:0") == nil)
    #expect(file.vips.last?.label == nil)
  }

  @Test(arguments: [("ens33", nil), ("ens33:web", "ens33:web")] as [(String, String?)])
  func `a label that is the interface's own name is none`(label: String, expected: String?) {
    let vip = ClusterFile.VIP(address: IPAddress(ipv4: 0x0a00_0064), label: label)
    #expect(vip.label(on: "ens33", implied: "ens33:0") == expected)
    #expect(ClusterFile.VIP(address: vip.address).label(on: "ens33", implied: "ens33:0") == "ens33:0")
  }

  // MARK: Persistence

  @Test(arguments: [("0.0.0.0", 0), ("0", 0), ("128.0.0.0", 0x8000_0000)] as [(String, UInt32)])
  func `every IPv4 netmask that the kernel takes is one`(netmask: String, bits: UInt32) throws {
    let file = try goodServices(
      "- { vip: 10.0.0.100, port: 80, persistence: { netmask: \(netmask) }, real_servers: [] }")
    #expect(file.services[0].settings.persistence?.netmask == .ipv4(bits))
  }

  // MARK: VIPs

  @Test func `a VIP has a prefix length and a holder`() throws {
    let file = try good(
      """
      directors:
        - { name: d1, address: 10.0.0.1, interface: eth0 }
        - { name: d2, address: 10.0.0.2, interface: eth0 }
      vips:
        - { name: own, address: 10.0.0.1, held_by: external }
        - { address: 10.0.0.100, prefix: 24, held_by: d2 }
        - { address: "2001:db8::100", prefix: 64, held_by: lvsctl }
      services: [{ vip: 10.0.0.1, port: 80 }, { vip: [own, 10.0.0.100-101], port: 81 }]
      """)
    #expect(file.vips.map(\.holder) == [.external, .director(1), .activeDirector, .activeDirector])
    #expect(file.vips.map(\.prefixLength) == [32, 24, 64, 32])
    #expect(file.serviceNames.prefix(2) == ["tcp 10.0.0.1:80", "tcp 10.0.0.1:81"])
  }

  @Test func `a service is another program's where the file says so`() throws {
    let file = try goodServices(
      "- { vip: 10.0.0.100, port: 80, held_by: external }\n  - { vip: 10.0.0.100, port: 81, held_by: lvsctl }",
      top: "defaults: { real_servers: [web1] }")
    #expect(file.services.map(\.isHeldExternally) == [true, false])
  }

  // MARK: ignore

  @Test func `what is ignored is told by address, network and mark`() throws {
    let file = try goodServices(
      "- { vip: 10.0.0.100, port: 80, real_servers: [] }\n  - { vip: 10.96.0.1, port: 80, held_by: external, real_servers: [] }",
      top: "ignore: [10.96.0.0/12, 10.0.0.9, \"2001:db8:1::/48\", { fwmark: 7 }, 127.0.0.0/8]")
    let ignored = IgnoredServices.Lookup(file.ignored)
    for (text, isIgnored) in [
      ("10.96.0.0", true), ("10.111.255.255", true), ("10.112.0.0", false), ("10.0.0.9", true), ("10.0.0.8", false),
      ("2001:db8:1:ffff::9", true), ("2001:db8:2::", false), ("::a60:0", false),
    ] {
      let id = ServiceID.address(.udp, try address(text), port: 53)
      #expect(ignored.contains(id) == isIgnored, "\(text)")
    }
    #expect(ignored.contains(.fwmark(7, .ipv6)) && !ignored.contains(.fwmark(8, .ipv4)))
    let nothing = IgnoredServices.Lookup(IgnoredServices())
    #expect(try !nothing.contains(address("10.0.0.9")))
  }

  @Test(arguments: ["0.0.0.0/0", "\"::/0\""])
  func `a network of everything is one`(network: String) throws {
    let file = try good(
      "directors: [{ name: d1, address: 10.0.0.1, interface: eth0 }]\nignore: [\(network)]\nservices: []")
    let ignored = IgnoredServices.Lookup(file.ignored)
    #expect(try ignored.contains(address("10.0.0.9")) == (network == "0.0.0.0/0"))
    #expect(try ignored.contains(address("2001:db8::1")) != (network == "0.0.0.0/0"))
  }

  // MARK: The director itself

  @Test func `a loopback address is the director that forwards, in each service by dr`() throws {
    let file = try good(
      """
      directors:
        - { name: d1, address: 10.0.0.1, interface: eth0 }
        - { name: d2, address: 10.0.0.2, interface: eth0 }
      real_servers:
        - { name: d1, address: 10.0.0.1 }
        - { name: local, address: [127.0.0.1, "::1"], weight: 0 }
        - { name: other, address: 127.0.0.2 }
      services:
        - { vip: [10.0.0.100, "2001:db8::1"], port: 80, real_servers: [local] }
        - { vip: 10.0.0.100, port: 81, forward: nat, real_servers: [d1, { server: local, forward: dr }] }
      """)
    #expect(file.realServers.map(\.isForwardingDirector) == [false, true, true])
    #expect(
      file.services.map { $0.realServers.map(\.id.description) } == [
        ["127.0.0.1:80"], ["[::1]:80"], ["10.0.0.1:81", "127.0.0.1:81"],
      ])
    #expect(file.machines.map(\.name) == ["d1", "d2"])
    #expect(file.services[0].realServers.map(\.settings) == [RealServerSettings(forward: .dr, weight: 0)])
  }

  // MARK: Sysctls

  @Test(arguments: [
    ("net.ipv4.conf.bond0.209.arp_filter", "net.ipv4.conf.bond0/209.arp_filter"),
    ("net.ipv6.conf.bond0.209.forwarding", "net.ipv6.conf.bond0/209.forwarding"),
    ("net.ipv4.neigh.a.b.c.gc_stale_time", "net.ipv4.neigh.a/b/c.gc_stale_time"),
    ("net.ipv6.neigh.eth0.1.gc_stale_time", "net.ipv6.neigh.eth0/1.gc_stale_time"),
    ("net.ipv4.conf.bond0/209.arp_filter", "net.ipv4.conf.bond0/209.arp_filter"),
    ("net/ipv4/conf/bond0.209/arp_filter", "net.ipv4.conf.bond0/209.arp_filter"),
    ("net.ipv4.conf.all.arp_filter", "net.ipv4.conf.all.arp_filter"),
    ("net.netfilter.nf_log.a.b", "net.netfilter.nf_log.a.b"),
  ])
  func `the dots of an interface are written as they are, or as slashes`(written: String, name: String) throws {
    let file = try goodServices(
      "- { fwmark: 1, real_servers: [] }", top: "sysctls: { director: { \(written): 1 } }")
    #expect(file.sysctls.director == [name: .value("1")])
  }
}
