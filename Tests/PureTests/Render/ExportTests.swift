import LVSConfig
import LVSModel
import LVSPlan
import LVSRender
import Testing

/// What other programs are given.
struct ExportTests {
  private func file(vrrp: String = "{ id: 51 }", _ more: String = "") throws -> ClusterFile {
    try good(
      """
      name: shop
      directors:
        - { name: director1, address: [192.168.147.6, "2001:db8::6"], interface: ens33 }
        - { name: director2, address: [192.168.147.5, "2001:db8::5"], interface: bond0.209 }
        - { name: director3, address: [192.168.147.7, "2001:db8::7"], interface: ens33 }
      real_servers: [{ name: web1, address: 192.168.147.4 }]
      vrrp: \(vrrp)
      vips:
        - { address: "2001:db8::100" }
        - { address: 192.168.147.101, interface: eth1, label: "eth1:web", prefix: 24 }
      services:
        - { vip: 192.168.147.100, port: 80 }
        - { fwmark: 7, forward: tun }
      \(more)

      """)
  }

  private func keepalived(_ file: ClusterFile, _ director: Int = 0) throws -> String {
    let instance = try #require(file.vrrpInstance(ofDirector: director))
    return try instance.keepalivedConfiguration(apply: ["/usr/sbin/lvsctl", "apply", "/etc/lvsctl/cluster.conf"])
  }

  @Test func `a director's VRRP is written whole`() throws {
    try expectGolden(try keepalived(file(), 0), "keepalived-director1.txt")
    try expectGolden(try keepalived(file(), 1), "keepalived-director2.txt")
  }

  @Test func `preemption and multicast are asked for`() throws {
    let text = try keepalived(file(vrrp: "{ id: 51, preempt: true, unicast: false, interface: eth9, interval: 2 }"))
    #expect(!text.contains("nopreempt") && !text.contains("unicast") && text.contains("state BACKUP\n"))
    #expect(text.contains("    interface eth9\n") && text.contains("    advert_int 2\n"))
    // The VIPs' interfaces are not that of the advertisements, and have to be there as well.
    #expect(text.contains("track_interface {\n        ens33\n        eth1\n    }\n"))
  }

  @Test func `one address is advertised, and a further VIP changes nothing of that`() throws {
    func advertised(_ text: String) throws -> Substring {
      let begin = try #require(text.firstRange(of: "virtual_ipaddress {"))
      return text[begin.upperBound...].prefix { $0 != "}" }
    }
    let before = try advertised(try keepalived(file()))
    let after = try advertised(try keepalived(file("  - { vip: 192.168.147.110-115, port: 80 }")))
    #expect(before == after && before.split(separator: "\n").count(where: { $0.contains("dev") }) == 1)
  }

  @Test func `IPv6 VIPs by themselves are advertised between IPv6 addresses`() throws {
    let file = try good(
      """
      directors:
        - { name: a, address: [10.0.0.1, "fe80::1", "2001:db8::1"], interface: eth0 }
        - { name: b, address: "fe80::2", interface: eth0 }
      vrrp: { id: 9 }
      services: [{ vip: ["2001:db8:1::1", "2001:db8:1::2"], port: 80, real_servers: [] }]

      """)
    let unicast = try #require(file.vrrpInstance(ofDirector: 0)?.unicast)
    #expect(unicast.source.description == "2001:db8::1" && unicast.peers.map(\.description) == ["fe80::2"])
  }

  @Test(arguments: ["e{", "e#1", "e!", "e$x", "e\"", "é"])
  func `a name that keepalived would read otherwise is refused by name`(name: String) throws {
    var file = try file()
    file.directors[0].interface = name
    let error = #expect(throws: UnwritableName.self) { try keepalived(file) }
    #expect(error?.message.text.contains("`\(name)`") == true)
  }

  @Test func `a name of the cluster that is several words is one there`() throws {
    var file = try file()
    file.name = "a shop } vrrp_script x {"
    #expect(try keepalived(file).contains("vrrp_instance a_shop___vrrp_script_x__ {\n"))
  }

  // MARK: While the machine boots

  private func boot(_ name: String, _ file: ClusterFile) throws -> BootSettings {
    let node = try file.node(named: name, role: .auto)
    return BootSettings(cluster: file.name, node: node.name, role: node.roleWord, file.target(for: node))
  }

  @Test func `a real server's sysctls and modules are those of its role`() throws {
    let settings = try boot("web1", file())
    try expectGolden(try settings.sysctlLines(), "sysctl-web1.txt")
    try expectGolden(try settings.moduleLines(), "modules-web1.txt")
  }

  @Test func `a director's forwarding comes first, and what an interface brings may be missing`() throws {
    let settings = try boot(
      "director2", file("sysctls: { standby: { net.ipv4.vs.conntrack: 1, net.core.somaxconn: 4096 } }"))
    try expectGolden(try settings.sysctlLines(), "sysctl-director2.txt")
    #expect(settings.modules == ["ip_vs"])
  }

  @Test func `a name that is a pattern there is refused`() throws {
    var file = try file()
    file.directors[0].interface = "eth*"
    let settings = try boot("director1", file)
    #expect(throws: UnwritableName.self) { try settings.sysctlLines() }
  }

  @Test func `a node without a need says so`() throws {
    let file = try good(
      """
      directors: [{ name: a, address: 10.0.0.1, interface: eth0 }]
      real_servers: [{ name: web1, address: 10.0.1.1 }]
      services: [{ vip: 10.1.0.1, port: 80, forward: nat }]

      """)
    let settings = try boot("web1", file)
    #expect(try settings.sysctlLines().hasSuffix("# Its part needs none.\n"))
    #expect(try settings.moduleLines().hasSuffix("# Its part needs none.\n"))
  }
}
