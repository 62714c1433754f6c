import CNetlink
import Glibc
import Testing

@testable import LVSKernel
@testable import LVSModel

extension CodecSuites {
  @Suite struct BatchTests {
    init() throws { try CodecSuites.reset() }

    /// The kernel's real answers, of all the memory they take, against the bound that the window is computed from.
    @Test(arguments: [4096, 16384, 65536, 262_144] as [CInt])
    func `a window full of refusals is answered to the last one`(buffer: CInt) throws {
      let open: (KernelConnection.Family) throws(TransportError) -> any NetlinkTransport = {
        (family) throws(TransportError) in
        try NetlinkSocket(protocol: family == .route ? NETLINK_ROUTE : NETLINK_GENERIC, buffer: buffer)
      }
      let kernel = KernelConnection(open: open)
      let missing = ServiceID.address(.tcp, try CodecSuites.address("192.168.147.1"), port: 80)
      let deletions = [Change](
        repeating: .service(missing, Difference(before: ServiceSettings(), after: nil)), count: 400)
      let services = kernel.perform(deletions)
      #expect(services.interruption == nil)
      #expect(services.failures.count == services.sent)
      #expect(services.failures.allSatisfy { $0.error.errno == ESRCH })

      // A label that is too long is refused with words, which make the answer larger.
      let label = AddressSettings(label: String(repeating: "x", count: 40))
      let address = AddressID(try CodecSuites.address("192.168.147.100"), interface: "lv0")
      let additions = [Change](repeating: .address(address, Difference(before: nil, after: label)), count: 400)
      let addresses = kernel.perform(additions)
      #expect(addresses.interruption == nil)
      #expect(addresses.failures.count == addresses.sent)
      #expect(addresses.failures.allSatisfy { $0.error.kernelMessage != nil })
    }

    @Test func `dumps fit whatever receive buffer there is`() throws {
      let kernel = KernelConnection { (family) throws(TransportError) in
        try NetlinkSocket(protocol: family == .route ? NETLINK_ROUTE : NETLINK_GENERIC, buffer: 4096)
      }
      let service = ServiceID.fwmark(1, .ipv4)
      var changes: [Change] = [.service(service, Difference(before: nil, after: ServiceSettings()))]
      for number in 1...500 as ClosedRange<UInt32> {
        let server = RealServerID(address: IPAddress(ipv4: 0x0a00_0000 + number), port: 0)
        changes.append(.realServer(service, server, Difference(before: nil, after: RealServerSettings())))
      }
      #expect(kernel.perform(changes).isComplete)
      #expect(try kernel.services()[service]?.realServers.count == 500)
    }
  }
}
