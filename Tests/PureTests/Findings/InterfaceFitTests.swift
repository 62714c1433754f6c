import LVSModel
import LVSPlan
import LVSText
import Testing

/// Interfaces of the file that this machine does not have, or that cannot be what the file makes of them.
struct InterfaceFitTests {
  private static func file(interface: String = "ens33", server: String = "", more: String = "") -> String {
    """
    directors:
      - { name: d1, address: 192.168.147.6, interface: \(interface) }
      - { name: d2, address: 192.168.147.5, interface: ens33 }
    real_servers: [{ name: web1, address: 192.168.147.4\(server) }]
    services: [{ vip: 192.168.147.100, port: 80 }]
    \(more)

    """
  }

  private let director = MadeUpMachine("192.168.147.6/24")
  private let server = MadeUpMachine("192.168.147.4/24")

  @Test func `what is there fits`() throws {
    #expect(try director.refusals("d1", of: Self.file()) == [])
    #expect(try server.refusals("web1", of: Self.file(interface: "nic9")) == [])
  }

  @Test(arguments: [
    file(interface: "nic9"), file(more: "sync: { interface: nic9 }"),
    file(more: "vrrp: { id: 51, interface: nic9 }"),
    file(more: "vips: [{ address: 192.168.147.101, interface: nic9 }]"),
    file(more: "sysctls: { director: { net.ipv4.conf.nic9.arp_filter: 1 } }"),
  ])
  func `an interface that is not there is told with those that are`(file: String) throws {
    let refusals = try director.refusals("d1", of: file)
    #expect(refusals.map(\.code) == [.missingInterface])
    #expect(refusals.first?.node == "d1" && refusals.first?.subject == "nic9")
    for word in ["nic9", "ens33, ens34, lo"] { #expect(refusals.first?.contains(word) == true) }
  }

  @Test func `an altname is told with the name it stands for`() throws {
    var machine = director
    machine.links[1].alternativeNames = ["enp0s3"]
    let refusals = try machine.refusals("d1", of: Self.file(interface: "enp0s3"))
    #expect(refusals.map(\.code) == [.interfaceAltname])
    #expect(refusals.first?.facts == [Finding.Fact("interface", "ens33")])
    #expect(refusals.first?.contains("Write ens33") == true)
  }

  @Test func `a tunnel's device comes with its module`() throws {
    let file = Self.file().replacing("port: 80", with: "port: 80, forward: tun")
    var machine = server
    #expect(try machine.refusals("web1", of: file) == [])
    machine.observed.modules = ["ipip"]
    #expect(try machine.refusals("web1", of: file).first?.contains("tunl0") == true)
  }

  @Test func `a VIP of a real server goes on no network card`() throws {
    for interface in ["ens33", "ens34"] {
      let refusals = try server.refusals("web1", of: Self.file(server: ", interface: \(interface)"))
      #expect(refusals.map(\.code) == [.loudInterface])
      #expect(refusals.first?.subject == interface)
      #expect(refusals.first?.contains("network card") == true)
    }
    var machine = server
    machine.links.append(NetworkLink("dummy0", answersARP: false))
    #expect(try machine.refusals("web1", of: Self.file(server: ", interface: dummy0")) == [])
    // On another node that is that node's affair.
    #expect(try director.refusals("d1", of: Self.file(server: ", interface: ens33")) == [])
  }
}
