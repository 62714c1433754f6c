import Glibc
import LVSNode
import LVSPlan
import Testing

extension RealKernel {
  /// The kernel drops the routes of a device with its last address: steps and undo know.
  @Suite struct LastAddressTests {
    private static func cluster(_ vips: [String]) -> String {
      """
      directors:
        - { name: director1, address: 192.168.147.6, interface: ens33 }
      real_servers:
        - { name: web1, address: 192.168.147.4, interface: dummy0 }
      services:

      """ + vips.map { "  - { vip: \($0), port: 80 }\n" }.joined()
    }

    private static let two = cluster(["192.168.147.100", "192.168.147.101"])
    private static let other = cluster(["192.168.147.102"])

    /// A real server with a dummy device that is up, and a route of somebody else's through it.
    private func withDummy(_ body: (Namespace) throws -> Void) throws {
      try Network.with([Machine("web1", "192.168.147.4/24")]) { network in
        let web1 = network["web1"]
        try web1.ip("link add dummy0 type dummy", "link set dummy0 up", "route add 10.8.0.1/32 dev dummy0")
        try body(web1)
      }
    }

    @Test func `a teardown of VIPs on a device of their own is done`() throws {
      try withDummy { web1 in
        let before = try web1.addresses()
        try web1.apply(Self.two)
        #expect(try web1.routes().contains { $0.hasPrefix("unicast 192.168.147.100 dev dummy0") })
        let outcome = try web1.lvsctl("teardown", Self.two)
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(!outcome.errors.contains("No such process"))
        #expect(try web1.addresses() == before)
        #expect(try !web1.routes().contains { $0.contains("192.168.147.10") && $0.contains("dummy0") })
      }
    }

    @Test func `a file with other VIPs on the device is applied`() throws {
      try withDummy { web1 in
        try web1.apply(Self.two)
        try web1.apply(Self.other)
        #expect(try web1.plan("diff", Self.other).changes == [])
        #expect(try web1.routes().contains { $0.hasPrefix("unicast 192.168.147.102 dev dummy0") })
      }
    }

    /// Refuses each message in turn: the removal of either address, of either route, and what comes after.
    @Test func `wherever it is refused, addresses and all routes of the device are back`() throws {
      try withDummy { web1 in
        try web1.apply(Self.two)
        try inNamespace(web1.name) {
          let to = try NodeInProcess(Self.other, node: "web1")
          let back = try NodeInProcess(Self.two, node: "web1")
          let whole = MessageSeam()
          try to.apply(through: whole.kernel)
          try back.apply()
          // What no file speaks of: other prefixes, gateways, tables, a source.
          try web1.ip(
            "route add 10.8.0.1/32 dev dummy0", "route add 10.9.0.0/16 via 10.8.0.1 dev dummy0 onlink metric 7",
            "route add default via 10.8.0.1 dev dummy0", "route add 10.10.0.0/16 dev dummy0 table 100 proto static",
            "route add 10.11.0.0/16 dev dummy0 src 192.168.147.100 mtu 1300")
          let before = try web1.state()
          try #require(whole.count >= 6)
          for message in 0..<whole.count {
            let seam = MessageSeam { $0 == message ? .refuse(EPERM) : .pass }
            let error = try #require(throws: ApplyError.self) { try to.apply(through: seam.kernel) }
            #expect(error.takenBack?.remains ?? [] == [], "message \(message)")
            try web1.expectUnchanged(since: before)
          }
        }
      }
    }

    @Test func `an undo that cannot put a route back does not say that it has`() throws {
      try withDummy { web1 in
        try web1.apply(Self.two)
        try inNamespace(web1.name) {
          let to = try NodeInProcess(Self.other, node: "web1")
          let whole = MessageSeam()
          try to.apply(through: whole.kernel)
          try NodeInProcess(Self.two, node: "web1").apply()
          try web1.ip("route add 10.8.0.1/32 dev dummy0", "route add 10.9.0.0/16 via 10.8.0.1 dev dummy0 onlink")
          // The last step is refused, and everything of the undo.
          let seam = MessageSeam { $0 >= whole.count - 1 ? .refuse(EPERM) : .pass }
          let error = try #require(throws: ApplyError.self) { try to.apply(through: seam.kernel) }
          let remains = try #require(error.takenBack?.remains)
          #expect(remains.contains("route 10.8.0.1/32 dev dummy0"))
          #expect(remains.contains("route 10.9.0.0/16 via 10.8.0.1 dev dummy0"))
          #expect(remains.contains("route 192.168.147.100/32 dev dummy0"))
          #expect(remains.contains("address 192.168.147.101/32 dev dummy0"))
        }
      }
    }
  }
}
