import LVSConfig
import LVSModel
import LVSPlan
import LVSText
import Testing

/// What is found on directors, and when nothing is.
struct DirectorFindingTests {
  private static func file(_ services: String, servers: String = "[{ name: web1, address: 10.9.9.9 }]") -> String {
    """
    directors:
      - { name: d1, address: [192.168.147.6, "2001:db8:147::6"], interface: ens33 }
      - { name: d2, address: 192.168.147.5, interface: ens33 }
    real_servers: \(servers)
    services: [\(services)]

    """
  }

  private static let direct = file("{ vip: 192.168.147.100, port: 80 }")

  private func machine(_ answer: RouteAnswer?) -> MadeUpMachine {
    var machine = MadeUpMachine("127.0.0.1/8 dev lo", "192.168.147.6/24", "2001:db8:147::6/64")
    machine.surroundings.routes[RouteQuestion(ip("10.9.9.9"))] = answer
    return machine
  }

  @Test func `a real server behind a gateway cannot be reached by direct routing`() throws {
    let machine = machine(.gateway(ip("192.168.147.50"), interface: "ens33"))
    let findings = try machine.findings("d1", of: Self.direct)
    #expect(findings.map(\.code) == [.drGateway])
    #expect(findings.first?.severity == .error)
    #expect(findings.first?.subject == "10.9.9.9")
    #expect(findings.first?.facts.first == Finding.Fact("via", "192.168.147.50"))
    // A standby takes over one day.
    #expect(try machine.codes("d1", of: Self.direct, role: .standby) == ["dr-gateway 10.9.9.9"])
  }

  @Test(arguments: [RouteAnswer.onLink(interface: "ens33"), .local, nil])
  func `one that is on a link, is this machine, or of which nothing is known, is no finding`(
    answer: RouteAnswer?
  ) throws {
    #expect(try machine(answer).codes("d1", of: Self.direct) == [])
  }

  @Test(arguments: ["nat", "tun"])
  func `other methods pass gateways, but need a route`(method: String) throws {
    let file = Self.file("{ vip: 192.168.147.100, port: 80, forward: \(method) }")
    #expect(try machine(.gateway(ip("192.168.147.50"), interface: "ens33")).codes("d1", of: file) == [])
    #expect(try machine(.unreachable).codes("d1", of: file) == ["no-route 10.9.9.9"])
  }

  @Test func `the kernel is asked only about real servers on no network of the machine, and only on directors`() throws
  {
    let servers = """
      [{ name: web1, address: 192.168.147.4 }, { name: d2, address: 192.168.147.5 },
       { name: far, address: 10.9.9.9 }, { name: unused, address: 10.8.8.8 }]
      """
    let file = Self.file("{ vip: 192.168.147.100, port: 80, real_servers: [web1, d2, far] }", servers: servers)
    let machine = machine(nil)
    #expect(try machine.query("d1", of: file).routes == [RouteQuestion(ip("10.9.9.9"))])
    #expect(try MadeUpMachine("192.168.147.4/24").query("web1", of: file) == SurroundingsQuery())
  }

  @Test func `a plain cluster asks nothing and finds nothing`() throws {
    let file = Self.file("{ vip: 192.168.147.100, port: 80 }", servers: "[{ name: web1, address: 192.168.147.4 }]")
    for (name, machine) in [
      ("d1", machine(nil)), ("d2", MadeUpMachine("192.168.147.5/24")), ("web1", MadeUpMachine("192.168.147.4/24")),
    ] {
      #expect(try machine.query(name, of: file) == SurroundingsQuery())
      #expect(try machine.codes(name, of: file) == [])
    }
  }

  @Test func `a network on a loopback interface, or a prefix of one address, is no network to reach others by`() throws
  {
    var machine = machine(.unreachable)
    machine.addresses += [("10.0.0.1/8", "lo"), ("10.9.9.8/32", "ens34")]
    #expect(try machine.codes("d1", of: Self.direct) == ["no-route 10.9.9.9"])
  }

  @Test func `a real server at a director's own or at a loopback address is served there`() throws {
    let servers = "[{ name: d1, address: 192.168.147.6 }]"
    let file = Self.file("{ vip: 192.168.147.100, port: 80 }", servers: servers)
    #expect(try machine(nil).query("d1", of: file).routes == [])
  }

  @Test func `an interface that is down, and one without carrier, are told wherever the file needs them`() throws {
    let near = Self.file("{ vip: 192.168.147.100, port: 80 }", servers: "[{ name: web1, address: 192.168.147.4 }]")
    var machine = machine(nil)
    machine.links[1].isUp = false
    #expect(try machine.codes("d1", of: near) == ["link-down ens33"])
    machine.links[1].isUp = true
    machine.links[1].hasCarrier = false
    #expect(try machine.codes("d1", of: near) == ["no-carrier ens33"])
    // One that the file does not need may be as it likes.
    machine.links[1].hasCarrier = true
    machine.links[2].isUp = false
    #expect(try machine.codes("d1", of: near) == [])
    // On the way to a real server it is needed.
    machine.addresses.append(("10.9.9.1/24", "ens34"))
    #expect(try machine.codes("d1", of: Self.direct) == ["link-down ens34"])
  }

  @Test func `an own address that is gone is told, and so is the route that went with it`() throws {
    let six = Self.file(
      "{ vip: \"2001:db8:147::100\", port: 80 }", servers: "[{ name: web1, address: \"2001:db8:147::4\" }]")
    var machine = MadeUpMachine("192.168.147.6/24")
    machine.surroundings.routes[RouteQuestion(ip("2001:db8:147::4"))] = .unreachable
    #expect(try machine.codes("d1", of: six) == ["missing-address 2001:db8:147::6", "no-route 2001:db8:147::4"])
  }

  @Test func `an own address that another program moves between directors may be elsewhere`() throws {
    var file = try good(
      Self.file("{ vip: 192.168.147.100, port: 80 }", servers: "[{ name: web1, address: 192.168.147.4 }]"))
    file.vips.append(ClusterFile.VIP(address: ip("2001:db8:147::6"), holder: .external))
    let node = try file.node(named: "d1", role: .auto)
    var observed = HostState()
    observed.addresses[AddressID(ip("192.168.147.6"), prefixLength: 24, interface: "ens33")] = AddressSettings(mark: 0)
    let examination = Examination(
      file, node, file.target(for: node), observed: observed, links: [NetworkLink("ens33")])
    #expect(examination.findings(Surroundings()) == [])
  }

  @Test func `a service whose real servers all have weight 0 serves nobody`() throws {
    let servers = "[{ name: a, address: 192.168.147.3, weight: 0 }, { name: b, address: 192.168.147.4 }]"
    let none = "{ vip: 192.168.147.100, port: 80, real_servers: [a] }"
    let one = "{ vip: 192.168.147.100, port: 81 }"
    let machine = machine(nil)
    #expect(
      try machine.codes("d1", of: Self.file("\(none), \(one)", servers: servers)) == [
        "no-weight tcp 192.168.147.100:80"
      ])
    #expect(try MadeUpMachine("192.168.147.3/24").codes("a", of: Self.file(none, servers: servers)) == [])
  }

  @Test func `external weights are what they are in the kernel`() throws {
    let file = Self.file(
      "{ vip: 192.168.147.100, port: 80, weights: external }",
      servers: "[{ name: a, address: 192.168.147.3, weight: 0 }, { name: b, address: 192.168.147.4, weight: 0 }]")
    var machine = machine(nil)
    #expect(try machine.codes("d1", of: file) == [])
    let id = ServiceID.address(.tcp, Classic.vip, port: 80)
    let server = RealServerID(address: Classic.web2, port: 80)
    machine.observed.services[id] = VirtualService(
      settings: ServiceSettings(), realServers: [server: RealServerSettings(weight: 0)])
    #expect(try machine.codes("d1", of: file) == ["no-weight tcp 192.168.147.100:80"])
    machine.observed.services[id]?.realServers[server]?.weight = 3
    #expect(try machine.codes("d1", of: file) == [])
  }

  @Test func `a mark by direct routing needs a VIP of its family`() throws {
    let servers = "[{ name: web1, address: 192.168.147.4 }]"
    let mark = Self.file("{ fwmark: 7 }", servers: servers)
    #expect(try machine(nil).codes("d1", of: mark) == ["fwmark-without-vip fwmark 7 ipv4"])
    #expect(try MadeUpMachine("192.168.147.4/24").codes("web1", of: mark) == ["fwmark-without-vip fwmark 7 ipv4"])
    #expect(try machine(nil).codes("d1", of: mark + "vips: [{ address: 192.168.147.100 }]\n") == [])
    #expect(try machine(nil).codes("d1", of: mark + "vips: [{ address: \"2001:db8:147::100\" }]\n").count == 1)
    #expect(try machine(nil).codes("d1", of: Self.file("{ fwmark: 7, forward: nat }", servers: servers)) == [])
  }

  @Test func `clients on the network of NAT real servers get replies past the director`() throws {
    let servers = "[{ name: web1, address: 192.168.147.4 }]"
    let file = Self.file("{ vip: 192.168.147.100, port: 80, forward: nat }", servers: servers)
    let findings = try machine(nil).findings("d1", of: file)
    #expect(findings.map(\.code) == [.natSameNetwork])
    #expect(findings.first?.severity == .warning)
    #expect(findings.first?.subject == "192.168.147.0/24")
    // On two networks all is well, and so it is where the one lies within the other.
    var two = machine(nil)
    two.addresses.append(("192.168.147.1/28", "ens34"))
    #expect(try two.codes("d1", of: file) == [])
  }
}
