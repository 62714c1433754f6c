import CNetlink
import Glibc
import Testing

@testable import LVSKernel
@testable import LVSModel

/// What becomes of many steps of which some are refused, counted in messages to the kernel.
struct KernelSinkTests {
  private let ipvs = FakeIPVS()
  private static let service = ServiceID.address(.tcp, IPAddress(ipv4: 0x0a00_0001), port: 80)

  private static func realServers(_ count: UInt32, _ difference: Difference<RealServerSettings>) -> [Change] {
    (0..<count).map { number in
      .realServer(service, RealServerID(address: IPAddress(ipv4: 0x0a10_0000 + number), port: 80), difference)
    }
  }

  private func carryOut(_ changes: [Change], pastRefusals: Bool = false) -> Progress {
    KernelSink(ipvs.kernel).carryOut(changes, pastRefusals: pastRefusals, shouldStop: { false })
  }

  @Test func `past refusals fifty thousand refused steps take as many sends as if they were done`() {
    let steps = Self.realServers(50_000, Difference(before: nil, after: RealServerSettings()))
    #expect(carryOut(steps).done.count == 50_000)
    let sends = ipvs.transport.sends.count
    ipvs.refusal = { _ in ESRCH }
    let progress = carryOut(steps, pastRefusals: true)
    #expect(progress.failures.map(\.change) == steps)
    #expect(progress.done.isEmpty)
    // The family's number is asked for once for each connection.
    #expect(ipvs.transport.sends.count == 2 * sends)
  }

  @Test func `fifty thousand deletions that find nothing are done, in as many sends`() {
    let steps = Self.realServers(50_000, Difference(before: RealServerSettings(), after: nil))
    #expect(carryOut(steps).done.count == 50_000)
    let sends = ipvs.transport.sends.count
    ipvs.refusal = { _ in ENOENT }
    let progress = carryOut(steps)
    #expect(progress.done == steps)
    #expect(progress.failures.isEmpty)
    #expect(ipvs.transport.sends.count == 2 * sends)
  }

  @Test func `a refused step ends the rest where refusals count`() {
    ipvs.refusal = { _ in ENOENT }
    let steps = Self.realServers(10_000, Difference(before: RealServerSettings(), after: RealServerSettings(weight: 2)))
    let progress = carryOut(steps)
    #expect(progress.failure?.change == steps[0])
    #expect(ipvs.transport.sends.count == 2)
  }

  @Test(arguments: [true, false]) func `refused timeouts are told of the step that wanted them`(isPast: Bool) {
    ipvs.refusal = { $0 == IPVS_CMD_SET_CONFIG ? EINVAL : nil }
    ipvs.transport.reading = { [ipvs, reading = ipvs.transport.reading] message, bytes in
      let answer = reading?(message, bytes) ?? []
      let isConfig = Int(bytes.value(message.payload, as: UInt8.self) ?? 0) == IPVS_CMD_GET_CONFIG
      return isConfig ? [ipvs.transport.error(0, to: message.sequence)] : answer
    }
    let step = Change.timeouts(Difference(before: Timeouts(), after: Timeouts(tcp: 600)))
    let progress = carryOut([step], pastRefusals: isPast)
    #expect(progress.failures.map(\.change) == [step])
    #expect(progress.failures.map(\.errno) == [EINVAL])
  }

  @Test func `where nothing can be sent any more it ends, past refusals too`() {
    _ = carryOut(Self.realServers(1, Difference(before: nil, after: RealServerSettings())))
    let sends = ipvs.transport.sends.count
    ipvs.transport.sendError = EPIPE
    let progress = carryOut(
      Self.realServers(50_000, Difference(before: nil, after: RealServerSettings())), pastRefusals: true)
    #expect(progress.failures.count == 1)
    #expect(progress.done.isEmpty)
    #expect(ipvs.transport.sends.count == sends)
  }

  @Test func `an interface that is gone has taken its addresses and routes with it`() {
    let address = Change.address(
      AddressID(IPAddress(ipv4: 0x0a00_0001), interface: "no-such-device"),
      Difference(before: AddressSettings(), after: nil))
    let route = Change.route(
      RouteID(IPAddress(ipv4: 0x0a00_0001), interface: "no-such-device"),
      Difference(before: RouteSettings(), after: nil))
    let real = Change.route(
      RouteID(IPAddress(ipv4: 0x0a00_0001), interface: "lo"), Difference(before: RouteSettings(), after: nil))
    #expect(carryOut([address, route, real, route]).done == [address, route, real, route])
  }
}
