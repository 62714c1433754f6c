import LVSConfig
import LVSModel
import LVSPlan
import LVSText
import Testing

struct NodeTests {
  @Test(arguments: [
    ("director1", "director"), ("director2", "standby"), ("web1", "realserver"), ("web2", "realserver"),
  ])
  func `the file says which role a machine has`(name: String, role: String) throws {
    #expect(try Classic.file().node(named: name, role: .auto).roleWord == role)
  }

  @Test func `a machine is the entry whose address it holds`() throws {
    let held: Set = [Classic.web2, IPAddress(ipv4: 0x7f00_0001)]
    #expect(try Classic.file().node(holding: held, role: .auto).name == "web2")
  }

  @Test func `a stranger is told the nodes of the file and its own addresses`() throws {
    let held: Set = [IPAddress(ipv4: 0x0a00_0001), IPAddress(ipv4: 0x7f00_0001)]
    let mismatch = #expect(throws: NodeMismatch.self) { try Classic.file().node(holding: held, role: .auto) }
    #expect(mismatch?.finding.code == .unknownMachine && mismatch?.isStranger == true)
    let message = try #require(mismatch?.message)
    #expect(message.contains("10.0.0.1") && !message.contains("127.0.0.1"))
    #expect(message.contains("web1 (192.168.147.4)") && message.contains("--node"))
  }

  @Test func `a machine with addresses of two nodes has to be named`() throws {
    let mismatch = #expect(throws: NodeMismatch.self) {
      try Classic.file().node(holding: [Classic.web1, Classic.web2], role: .auto)
    }
    #expect(mismatch?.finding.code == .severalNodes && mismatch?.isStranger == false)
    #expect(mismatch?.message.contains("web1, web2") == true)
  }

  @Test func `a standby is promoted and the active director demoted by --role`() throws {
    let file = Classic.file()
    #expect(try file.node(named: "director2", role: .director).roleWord == "director")
    #expect(try file.node(named: "director1", role: .standby).roleWord == "standby")
  }

  @Test(arguments: [("web1", RoleRequest.director), ("web1", .standby), ("director1", .realserver)])
  func `a role that the file does not give a machine is refused`(name: String, role: RoleRequest) {
    let mismatch = #expect(throws: NodeMismatch.self) { try Classic.file().node(named: name, role: role) }
    #expect(mismatch?.finding.code == (role == .realserver ? .directorAlone : .notADirector))
    #expect(mismatch?.finding.node == name && mismatch?.finding.subject == role.rawValue)
  }

  @Test func `entries that share an address are one machine with both roles`() throws {
    var file = Classic.file()
    file.realServers[0].addresses = [Classic.director1]
    #expect(file.machines.map(\.name) == ["director1", "director2", "web2"])
    #expect(try file.node(holding: [Classic.director1], role: .auto).roleWord == "director+realserver")
    #expect(try file.node(named: "web1", role: .realserver).roleWord == "realserver")
  }

  @Test func `the director that forwards is no machine, and no node has its name`() throws {
    var file = Classic.file()
    file.realServers.append(ClusterFile.RealServer(name: "local", addresses: [IPAddress(ipv4: 0x7f00_0001)]))
    #expect(file.machines.map(\.name) == ["director1", "director2", "web1", "web2"])
    #expect(throws: NodeMismatch.self) { try file.node(named: "local", role: .auto) }
    let held: Set = [Classic.web2, IPAddress(ipv4: 0x7f00_0001)]
    #expect(try file.node(holding: held, role: .auto).name == "web2")
  }

  @Test func `a real server by a loopback address is no machine of its own`() throws {
    var file = Classic.file()
    file.realServers[1].addresses = [IPAddress(ipv4: 0x7f00_0001)]
    #expect(file.machines.map(\.name) == ["director1", "director2", "web1"])
    #expect(try file.node(holding: [IPAddress(ipv4: 0x7f00_0001), Classic.web1], role: .auto).name == "web1")
  }

  @Test func `a machine that is another node is not the one that is named`() throws {
    let file = Classic.file()
    let other = #expect(throws: NodeMismatch.self) { try file.machine(named: "web1", holding: [Classic.director1]) }
    #expect(other?.finding.code == .anotherNode && other?.finding.facts == [Finding.Fact("node", "director1")])
    #expect(try file.machine(named: "web1", holding: [Classic.director1, Classic.web1]).name == "web1")
    #expect(try file.machine(named: "web1", holding: [IPAddress(ipv4: 0x0a00_0001)]).name == "web1")
    let unknown = #expect(throws: NodeMismatch.self) { try file.machine(named: "web9", holding: []) }
    #expect(unknown?.finding.code == .unknownNode && unknown?.isStranger == true)
  }

  @Test func `a role that was asked for lasts until another one is, or the file's own`() throws {
    let director = try Classic.file().machine(named: "director2")
    #expect(director.role(asked: .director, remembered: .standby) == RoleChoice(role: .director, remembered: .director))
    #expect(director.role(asked: .auto, remembered: nil) == RoleChoice(role: .auto, remembered: nil))
    #expect(director.role(asked: .file, remembered: .director) == RoleChoice(role: .auto, remembered: nil))
    #expect(
      director.role(asked: .realserver, remembered: .director) == RoleChoice(role: .realserver, remembered: .director))
    let kept = director.role(asked: .auto, remembered: .director)
    #expect(kept.role == .director && kept.remembered == .director && kept.note?.contains("--role file") == true)
    #expect(kept.note?.code == .rememberedRole && kept.note?.severity == .note)
    let dropped = try Classic.file().machine(named: "web1").role(asked: .auto, remembered: .director)
    #expect(dropped.role == .auto && dropped.remembered == nil && dropped.note?.contains("web1") == true)
    #expect(dropped.note?.code == .droppedRole && dropped.note?.node == "web1")
  }

  @Test func `where another program moves every VIP, the director is who holds one elsewhere than a real server does`()
    throws
  {
    var file = Classic.file()
    file.realServers[0].addresses = [Classic.director2]
    func role(_ held: [IPAddress: Set<String>], _ role: RoleRequest = .auto) throws -> String {
      try file.node(file.machine(named: "director2"), role: role, holding: held).roleWord
    }
    #expect(try role([Classic.vip: ["ens33"]]) == "standby+realserver")
    for index in file.vips.indices { file.vips[index].holder = .external }
    #expect(try role([:]) == "standby+realserver")
    #expect(try role([Classic.vip: ["lo"]]) == "standby+realserver")
    #expect(try role([Classic.vip: ["lo", "ens33"]]) == "director+realserver")
    #expect(try role([Classic.vip: ["lo", "ens33"]], .standby) == "standby+realserver")
    #expect(try file.node(file.machine(named: "director1"), role: .auto, holding: [:]).roleWord == "standby")
  }
}
