import Glibc
import LVSNode
import LVSPlan
import Testing

extension RealKernel {
  /// Somebody's `ipvsadm -C` in the middle of a large apply that is then taken back.
  @Suite struct BulkUndoTests {
    private static let count = 800

    private static func cluster(weight: Int) -> String {
      """
      directors:
        - { name: director1, address: 192.168.147.6, interface: ens33 }
      real_servers:
        - { name: web1, address: 192.168.147.4 }
      services:
        - { vip: 192.168.147.100, port: "8000-\(8000 + count - 1)", real_servers: [{ server: web1, weight: \(weight) }] }
      timeouts: { udp: \(100 + weight) }

      """
    }

    @Test func `everything it changed is back, in as many messages as there are steps to take back`() throws {
      try Network.with([Machine("director1", "192.168.147.6/24")]) { network in
        let machine = network["director1"]
        try inNamespace(machine.name) {
          let from = try NodeInProcess(Self.cluster(weight: 1), node: "director1")
          let to = try NodeInProcess(Self.cluster(weight: 2), node: "director1")
          try from.apply()
          let before = try machine.ipvs()
          let whole = MessageSeam()
          try to.apply(through: whole.kernel)
          try from.apply()
          #expect(whole.count == Self.count + 1)

          let seam = MessageSeam { message in
            guard message == whole.count - 1 else { return .pass }
            _ = try machine.run("ipvsadm", "-C")
            return .refuse(EPERM)
          }
          let error = try #require(throws: ApplyError.self) { try to.apply(through: seam.kernel) }
          #expect(seam.trouble == nil)
          #expect(error.takenBack?.remains == [])
          #expect(error.takenBack?.failures == [])
          let now = try machine.ipvs()
          #expect(now.subtracting(before).sorted() == [])
          // The service of the refused step was none of lvsctl's doing: it went, and stays, as the other program left it.
          let last = "192.168.147.100:\(8000 + Self.count - 1)"
          #expect(
            before.subtracting(now) == [
              "-A -t \(last) -s wlc", "-a -t \(last) -r 192.168.147.4:\(8000 + Self.count - 1) -g -w 1",
            ])
          // The plan; its undo, which meets an empty table; services and real servers once more.
          #expect(seam.count <= whole.count + Self.count + 1 + 2 * Self.count)
        }
      }
    }
  }
}
