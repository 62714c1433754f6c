import LVSConfig
import LVSModel
import LVSText
import Testing

/// `vrrp` of the cluster file.
struct VRRPTests {
  private func reading(_ vrrp: String, directors: Int = 2, _ more: String = "") -> ClusterFileReading {
    let machines = (1...directors).map {
      "  - { name: d\($0), address: [10.0.0.\($0), \"2001:db8::\($0)\"], interface: eth0 }\n"
    }
    return ClusterFile.read(
      Array(
        """
        directors:
        \(machines.joined())real_servers: [{ name: web1, address: 10.0.1.1 }]
        vrrp: \(vrrp)
        \(more)
        services: [{ vip: 10.1.0.1, port: 80 }]

        """.utf8))
  }

  @Test func `it makes every VIP external, listed or not`() throws {
    let vips = "vips: [{ address: 10.1.0.2 }, { address: 10.1.0.3, held_by: external }]"
    let file = try #require(reading("{ id: 51 }", vips).file)
    #expect(file.vips.map(\.holder) == [.external, .external, .external])
    let without = try #require(reading("none", vips).file)
    #expect(without.vrrp == nil && without.vips.map(\.holder) == [.activeDirector, .external, .activeDirector])
  }

  @Test func `what it does not say is as VRRP's users have it`() throws {
    let vrrp = try #require(reading("{ id: 51 }").file?.vrrp)
    #expect(vrrp == ClusterFile.VRRP(id: 51, interval: 1, isUnicast: true, preempts: false, priority: 150))
    let said = "{ id: 255, interface: eth1, interval: 3, unicast: false, preempt: true, priority: 254 }"
    #expect(
      try #require(reading(said).file?.vrrp)
        == ClusterFile.VRRP(id: 255, interface: "eth1", interval: 3, isUnicast: false, preempts: true, priority: 254))
  }

  @Test(arguments: [(1, 150), (2, 150), (16, 150), (150, 150), (5, 6), (2, 2), (253, 254)])
  func `priorities go down by the order of directors, and each stays above 0`(count: Int, priority: Int) throws {
    let vrrp = ClusterFile.VRRP(id: 1, priority: UInt8(priority))
    let priorities = (0..<count).compactMap { vrrp.priority(ofDirector: $0, among: count) }
    #expect(priorities.count == count && priorities.first == UInt8(priority) && priorities.allSatisfy { $0 > 0 })
    #expect(zip(priorities, priorities.dropFirst()).allSatisfy { $0 > $1 })
  }

  @Test(arguments: [(3, 2), (151, 150)])
  func `more directors than priorities are refused`(count: Int, priority: Int) {
    let reading = reading("{ id: 1, priority: \(priority) }", directors: count)
    #expect(reading.diagnostics.map(\.code) == [.outOfRange])
    #expect(self.reading("{ id: 1, priority: \(priority) }", directors: count - 1).file != nil)
  }

  @Test func `an address of the VIPs' family is asked for with unicast alone`() {
    let more = "sync: none"
    func codes(_ vrrp: String, _ vip: String) -> [FindingCode] {
      ClusterFile.read(
        Array(
          """
          directors:
            - { name: d1, address: 10.0.0.1, interface: eth0 }
            - { name: d2, address: "2001:db8::2", interface: eth0 }
          \(more)
          vrrp: \(vrrp)
          services: [{ vip: \(vip), port: 80, real_servers: [] }]

          """.utf8)
      ).diagnostics.map(\.code)
    }
    #expect(codes("{ id: 1 }", "10.1.0.1") == [.vrrpAddress])
    #expect(codes("{ id: 1 }", "\"2001:db8:1::1\"") == [.vrrpAddress])
    // VRRP of IPv4 takes them along.
    #expect(codes("{ id: 1 }", "[\"2001:db8:1::1\", 10.1.0.1]") == [.vrrpAddress])
    #expect(codes("{ id: 1, unicast: false }", "10.1.0.1") == [])
    #expect(codes("{ id: 1, unicast: none }", "10.1.0.1") == [.vrrpAddress])
  }
}
