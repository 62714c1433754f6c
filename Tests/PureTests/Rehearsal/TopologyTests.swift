import LVSConfig
import LVSModel
import LVSRehearsal
import LVSText
import TestSupport
import Testing

/// Which machines and networks are built for a file.
struct TopologyTests {
  private func topology(_ text: String, networks: [Prefix] = []) throws -> Topology {
    try Topology([good(text)], named: networks)
  }

  private func addresses(_ topology: Topology, of name: String) -> [String] {
    topology[name]?.links.flatMap { link in link.addresses.map { "\(link.name) \(link.lan) \($0)" } } ?? []
  }

  /// The picture, and the routes of each machine below it.
  private func words(_ topology: Topology) -> String {
    let picture = topology.picture().map { $0.text(Style(usesColor: false)) }
    let routes = topology.stations.flatMap { station in
      station.routes.map { "\(station.name): \($0)" } + station.dummies.map { "\(station.name): dummy \($0)" }
    }
    return (picture + routes).joined(separator: "\n") + "\n"
  }

  @Test(arguments: ["cluster", "dns", "fwmark", "ipv6", "nat", "pools", "sync", "tunnel", "health", "failover"])
  func `each example has its networks`(example: String) throws {
    let text = try read("\(projectFolder)/Examples/\(example).conf")
    try expectGolden(words(try topology(text)), "topology-\(example).txt")
  }

  private static let classic = """
    directors: [{ name: director1, address: 192.168.147.6, interface: ens33 }]
    real_servers:
      - { name: web1, address: 192.168.147.4 }
      - { name: web2, address: ADDRESS }
    services: [{ vip: 192.168.147.100, port: 80FORWARD }]

    """

  private func classic(web2 address: String, forward: String = "") -> String {
    Self.classic.replacing("ADDRESS", with: address).replacing("FORWARD", with: forward)
  }

  @Test func `a real server elsewhere is behind a router, whatever it is forwarded by`() throws {
    for forward in ["", ", forward: tun"] {
      let topology = try topology(classic(web2: "192.168.148.3", forward: forward))
      #expect(topology.router == "router")
      #expect(topology.segment(of: try #require(IPAddress("192.168.148.3")))?.name != "net1")
      #expect(topology["web2"]?.routes.contains { $0.hasPrefix("default via 192.168.148.") } == true)
      #expect(topology["director1"]?.routes.contains { $0.hasPrefix("default via 192.168.147.") } == true)
    }
  }

  @Test func `a network that is named holds what is in it`() throws {
    let network = try #require(Prefix("192.168.144.0/21"))
    let topology = try topology(classic(web2: "192.168.148.3"), networks: [network])
    #expect(topology.router == nil && topology.segments.map(\.prefixes) == [[network]])
    #expect(addresses(topology, of: "web2") == ["eth0 net1 192.168.148.3/21"])
  }

  @Test func `networks that overlap are refused`() throws {
    let networks = try ["10.0.0.0/8", "10.1.0.0/16"].map { try #require(Prefix($0)) }
    #expect(throws: Unbuildable.self) { try topology(classic(web2: "10.1.0.1"), networks: networks) }
    #expect(Prefix("10.0.0.1/8") == nil && Prefix("10.0.0.0/33") == nil && Prefix("10.0.0.0") == nil)
  }

  @Test func `clients of NAT on one network come from behind a router, and replies go by the VIP`() throws {
    let topology = try topology(classic(web2: "192.168.147.3", forward: ", forward: nat"))
    #expect(topology.router != nil)
    #expect(topology["web1"]?.routes == ["default via 192.168.147.100"])
    let client = topology[topology.client]?.links.map(\.lan) ?? []
    #expect(client == ["net2"] && topology["director1"]?.links.map(\.lan) == ["net1"])
  }

  @Test func `the client takes no name and no address of the file`() throws {
    let text = """
      directors: [{ name: client, address: 192.168.147.254, interface: ens33 }]
      real_servers: [{ name: router, address: 192.168.147.253 }]
      services: [{ vip: 192.168.147.252, port: 80 }]

      """
    let topology = try topology(text)
    #expect(topology.client == "clientx")
    #expect(addresses(topology, of: topology.client) == ["eth0 net1 192.168.147.251/24"])
  }

  @Test func `a VIP outside of the network is on it all the same`() throws {
    let text = classic(web2: "192.168.147.3").replacing("vip: 192.168.147.100", with: "vip: 203.0.113.9")
    let topology = try topology(text)
    #expect(topology[topology.client]?.routes == ["203.0.113.9/32 dev eth0"])
  }

  @Test func `a full network has no room for a client, and a larger one is proposed`() throws {
    let text = """
      directors: [{ name: d, address: 10.0.0.1, interface: ens33 }]
      real_servers: [{ name: w, address: 10.0.0.2 }]
      services: [{ vip: 10.0.0.2, port: 80 }]

      """.replacing("vip: 10.0.0.2", with: "vip: 10.0.0.100")
    let networks = try ["10.0.0.0/30"].map { try #require(Prefix($0)) }
    do {
      _ = try topology(text, networks: networks)
      Issue.record("there is room")
    } catch let reason as Unbuildable {
      #expect(reason.message.text.contains("--network 10.0.0.0/29"))
    }
  }
}
