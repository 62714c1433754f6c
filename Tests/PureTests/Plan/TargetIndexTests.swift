import Testing

@testable import LVSConfig
@testable import LVSModel
@testable import LVSPlan

struct TargetIndexTests {
  /// A cluster in which real servers serve by every way of forwarding, fwmark services too.
  private static let file = """
    directors:
      - { name: d1, address: [10.0.0.1, "2001:db8::1"], interface: eth0 }
      - { name: d2, address: [10.0.0.2, "2001:db8::2"], interface: eth0 }
    real_servers:
      - { name: d1, address: [10.0.0.1, "2001:db8::1"] }
      - { name: a, address: [10.0.0.3, "2001:db8::3"] }
      - { name: b, address: [10.0.0.4, "2001:db8::4"], interface: dummy0 }
      - { name: idle, address: 10.0.0.5 }
    vips: [{ address: 10.1.0.9 }, { address: "2001:db8:1::9" }]
    services:
      - { vip: 10.1.0.1, port: [80, 443], real_servers: [d1, a] }
      - { vip: 10.1.0.2, port: 80, forward: tun, real_servers: [a, b] }
      - { vip: 10.1.0.3, port: 80, forward: nat, real_servers: [a, b] }
      - { vip: "2001:db8:1::1", port: 80, forward: tun, tunnel: { type: gre }, real_servers: [b] }
      - { fwmark: 7, real_servers: [b] }
      - { fwmark: 7, family: ipv6, real_servers: [a, b] }

    """

  @Test func `what nodes share makes no target another one`() throws {
    let reading = ClusterFile.read(Array(Self.file.utf8))
    let file = try #require(reading.file, "\(reading.diagnostics)")
    let index = TargetIndex(file)
    #expect(file.nodes.count == 5)
    for machine in file.machines {
      for role in RoleRequest.allCases {
        guard let node = try? file.node(machine, role: role) else { continue }
        #expect(file.target(for: node, sharing: index) == file.target(for: node))
      }
    }
  }

  @Test func `every module that a tunnel needs is a known one`() {
    for kind in Tunnel.Kind.allCases {
      for inner in AddressFamily.allCases {
        for outer in AddressFamily.allCases {
          let device = TunnelDevice(Tunnel(kind: kind), inner: inner, outer: outer)
          #expect(ModuleSettings.known.isSuperset(of: device.modules))
        }
      }
    }
    #expect(ModuleSettings.known.contains("ip_vs"))
  }
}
