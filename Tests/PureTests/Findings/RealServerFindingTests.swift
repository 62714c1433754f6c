import LVSModel
import LVSText
import Testing

/// What is found on real servers, and when nothing is.
struct RealServerFindingTests {
  private static func file(_ service: String, more: String = "") -> String {
    """
    directors:
      - { name: d1, address: 192.168.147.6, interface: ens33 }
      - { name: d2, address: 192.168.147.5, interface: ens33 }
    real_servers:
      - { name: web1, address: 192.168.147.4 }
      - { name: d2, address: 192.168.147.5 }
    services: [{ vip: 192.168.147.100, port: 80, \(service) }]
    \(more)
    """
  }

  // MARK: NAT

  private static let nat = file("forward: nat")

  private func machine(
    _ own: String = "192.168.147.4", gateways: [String], way: RouteAnswer
  ) -> MadeUpMachine {
    var machine = MadeUpMachine("\(own)/24")
    machine.surroundings.gateways[.ipv4] = Set(gateways.map(ip))
    machine.surroundings.routes[RouteQuestion(ip("192.0.2.1"), from: ip(own))] = way
    return machine
  }

  @Test(arguments: ["192.168.147.6", "192.168.147.5", "192.168.147.100"])
  func `a NAT real server whose gateway is a director or a VIP is right`(gateway: String) throws {
    let machine = machine(gateways: [gateway], way: .gateway(ip(gateway), interface: "ens33"))
    #expect(try machine.codes("web1", of: Self.nat) == [])
  }

  @Test func `any other gateway is named, also at a standby that is a real server`() throws {
    for (name, own) in [("web1", "192.168.147.4"), ("d2", "192.168.147.5")] {
      let machine = machine(
        own, gateways: ["192.168.147.1"], way: .gateway(ip("192.168.147.1"), interface: "ens33"))
      let findings = try machine.findings(name, of: Self.nat).filter { $0.code != .natSameNetwork }
      #expect(findings.map(\.code) == [.natReturnPath])
      #expect(findings.first?.facts == [Finding.Fact("via", "192.168.147.1")])
      #expect(findings.first?.message.contains("192.168.147.1") == true)
    }
  }

  @Test func `having no gateway is told too`() throws {
    let machine = machine(gateways: [], way: .unreachable)
    #expect(try machine.codes("web1", of: Self.nat) == ["nat-return-path 192.168.147.4"])
  }

  @Test func `a route of its own through a director, or a rule that leads there, is enough`() throws {
    let other = RouteAnswer.gateway(ip("192.168.147.1"), interface: "ens33")
    #expect(try machine(gateways: ["192.168.147.1", "192.168.147.6"], way: other).codes("web1", of: Self.nat) == [])
    let rule = RouteAnswer.gateway(ip("192.168.147.6"), interface: "ens33")
    #expect(try machine(gateways: ["192.168.147.1"], way: rule).codes("web1", of: Self.nat) == [])
  }

  @Test func `what the active director serves itself never leaves it, and other methods do not care`() throws {
    let machine = machine("192.168.147.5", gateways: [], way: .unreachable)
    #expect(try machine.query("d2", of: Self.nat, role: .director).gateways == [])
    #expect(try MadeUpMachine("192.168.147.4/24").query("web1", of: Self.file("forward: dr")).gateways == [])
  }

  // MARK: GUE

  private static let gue = file("forward: tun, tunnel: { type: gue, port: 6080 }")

  @Test func `a GUE real server has to listen on the tunnel's port`() throws {
    var machine = MadeUpMachine("192.168.147.4/24")
    #expect(try machine.query("web1", of: Self.gue).readsGUEPorts)
    machine.surroundings.guePorts = [GUEPort(.ipv4, 6081), GUEPort(.ipv6, 6080)]
    let findings = try machine.findings("web1", of: Self.gue)
    #expect(findings.map(\.code) == [.guePort])
    #expect(findings.first?.help?.contains("ip fou add port 6080 gue") == true)
    machine.surroundings.guePorts = [GUEPort(.ipv4, 6080)]
    #expect(try machine.codes("web1", of: Self.gue) == [])
    machine.surroundings.guePorts = nil
    #expect(try machine.codes("web1", of: Self.gue) == [])
  }

  @Test func `a director does not have to, and neither does a real server without GUE`() throws {
    #expect(try !MadeUpMachine("192.168.147.6/24").query("d1", of: Self.gue).readsGUEPorts)
    #expect(try !MadeUpMachine("192.168.147.4/24").query("web1", of: Self.file("forward: tun")).readsGUEPorts)
  }

  // MARK: ARP

  private static let kept = file(
    "forward: dr",
    more: "sysctls: { real_server: { net.ipv4.conf.all.arp_ignore: keep, net.ipv4.conf.all.arp_announce: keep } }\n")

  private func machine(all: String, card: String) -> MadeUpMachine {
    var machine = MadeUpMachine("192.168.147.4/24")
    for key in ["arp_ignore", "arp_announce"] {
      machine.surroundings.sysctls["net.ipv4.conf.all.\(key)"] = all
      machine.surroundings.sysctls["net.ipv4.conf.ens33.\(key)"] = card
    }
    return machine
  }

  @Test func `ARP that is left to others and not muted is told`() throws {
    #expect(
      try machine(all: "0", card: "0").codes("web1", of: Self.kept) == [
        "arp-not-muted net.ipv4.conf.ens33.arp_ignore", "arp-not-muted net.ipv4.conf.ens33.arp_announce",
      ])
    #expect(try machine(all: "2", card: "0").codes("web1", of: Self.kept) == [])
    #expect(try machine(all: "0", card: "1").codes("web1", of: Self.kept) == [])
  }

  @Test func `it is nobody's business where the real server holds no VIP, or nothing is known`() throws {
    #expect(try MadeUpMachine("192.168.147.4/24").codes("web1", of: Self.kept) == [])
    let nat = Self.kept.replacing("forward: dr", with: "forward: nat")
    #expect(try machine(all: "0", card: "0").query("web1", of: nat).sysctls == [])
  }

  // MARK: The reverse path

  private static let direct = file("forward: dr")

  private func machine(filter: String, on interface: String = "all", way: RouteAnswer?) -> MadeUpMachine {
    var machine = MadeUpMachine("192.168.147.4/24", "10.0.0.4/24 dev ens34")
    for scope in ["all", "ens33"] { machine.surroundings.sysctls["net.ipv4.conf.\(scope).rp_filter"] = "0" }
    machine.surroundings.sysctls["net.ipv4.conf.\(interface).rp_filter"] = filter
    machine.surroundings.routes[RouteQuestion(ip("192.0.2.1"))] = way
    return machine
  }

  @Test(arguments: ["all", "ens33"])
  func `a strict filter drops packets whose way back is another interface`(interface: String) throws {
    let away = RouteAnswer.gateway(ip("10.0.0.1"), interface: "ens34")
    let machine = machine(filter: "1", on: interface, way: away)
    #expect(try machine.codes("web1", of: Self.direct) == ["rp-filter ens33"])
    #expect(try machine.findings("web1", of: Self.direct).first?.severity == .warning)
  }

  @Test func `no filter, a loose one, the same way back and an unknown one are all well`() throws {
    let away = RouteAnswer.gateway(ip("10.0.0.1"), interface: "ens34")
    let back = RouteAnswer.gateway(ip("192.168.147.1"), interface: "ens33")
    for machine in [
      machine(filter: "0", way: away), machine(filter: "2", way: away), machine(filter: "1", way: back),
      machine(filter: "1", way: nil), machine(filter: "1", way: .unreachable),
    ] {
      #expect(try machine.codes("web1", of: Self.direct) == [])
    }
  }

  @Test func `the VIP's own network on another interface is asked from too`() throws {
    let file = Self.direct.replacing("192.168.147.100", with: "10.0.0.100")
    #expect(try machine(filter: "1", way: nil).codes("web1", of: file) == ["rp-filter ens33"])
  }

  @Test func `a machine on one network is not looked at`() throws {
    #expect(try MadeUpMachine("192.168.147.4/24").query("web1", of: Self.direct) == SurroundingsQuery())
  }
}
