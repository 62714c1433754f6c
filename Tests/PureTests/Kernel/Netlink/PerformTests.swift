import CNetlink
import Glibc
import Recordings
import Testing

@testable import LVSKernel
@testable import LVSModel
@testable import LVSText

struct PerformTests {
  private let route = FakeTransport()
  private let generic = FakeTransport()

  private var connection: KernelConnection {
    KernelConnection { [route, generic] (family) throws(TransportError) in family == .route ? route : generic }
  }

  /// Lets the generic transport answer for the family IPVS, and refuse some of the messages behind that question.
  private func allowIPVS(refusing refused: [Int: CInt] = [:]) {
    generic.answer = { [generic] message, index in
      if index == 0 {
        let number = generic.reply(
          type: GENL_ID_CTRL, to: message.sequence, payload: bytes("01 02 00 00 06 00 01 00 1c 00 00 00"))
        return [number, generic.error(0, to: message.sequence)]
      }
      if let code = refused[index - 1], !message.isFence { return [generic.error(code, to: message.sequence)] }
      return message.flags & UInt16(NLM_F_ACK) != 0 ? [generic.error(0, to: message.sequence)] : []
    }
  }

  private func service(_ port: UInt16) -> Change {
    .service(
      .address(.tcp, IPAddress(literal: "192.168.147.100"), port: port),
      Difference(before: nil, after: ServiceSettings()))
  }

  private let address = Change.address(
    AddressID(IPAddress(literal: "192.168.147.100"), interface: "lo"),
    Difference(before: nil, after: AddressSettings()))

  @Test func `changes go to the family that carries them, in order`() {
    allowIPVS()
    route.refuse([:])
    let report = connection.perform([service(80), service(81), address, service(82)])
    #expect(report.isComplete)
    #expect(generic.sends == [1, 2, 1])
    #expect(route.sends == [1])
  }

  @Test func `nothing follows a run in which one was refused`() {
    allowIPVS(refusing: [1: EEXIST])
    let report = connection.perform([service(80), service(81), address])
    #expect(report.outcome(of: 0) == .done)
    #expect(
      report.outcome(of: 1)
        == .failed(NetlinkError(errno: EEXIST, request: "create tcp 192.168.147.100:81"), messagesDone: 0))
    #expect(report.outcome(of: 2) == .notSent)
    #expect(route.sends.isEmpty)
  }

  @Test func `an index in a later run is counted from the first change`() {
    allowIPVS()
    route.refuse([0: EEXIST])
    let report = connection.perform([service(80), address])
    #expect(report.failures.map(\.index) == [1])
  }

  @Test func `an interface that is not there fails its own change, after those before it are done`() {
    route.refuse([:])
    let missing = Change.address(
      AddressID(IPAddress(literal: "192.168.147.101"), interface: "no-such-device"),
      Difference(before: nil, after: AddressSettings()))
    let report = connection.perform([address, missing, address])
    #expect(report.outcome(of: 0) == .done)
    #expect(
      report.outcome(of: 1)
        == .failed(
          NetlinkError(errno: ENODEV, request: "create 192.168.147.101/32 dev no-such-device"), messagesDone: 0))
    #expect(report.outcome(of: 2) == .notSent)
  }

  @Test func `a kernel without IPVS fails the first change that needs it`() {
    generic.answer = { [generic] message, _ in [generic.error(ENOENT, to: message.sequence)] }
    route.refuse([:])
    let report = connection.perform([address, service(80)])
    #expect(report.outcome(of: 0) == .done)
    #expect(report.failures.map(\.index) == [1])
    #expect(report.firstError?.errno == ENOENT)
  }

  @Test func `a change that netlink does not carry ends the run before it`() {
    allowIPVS()
    let report = connection.perform([
      service(80), .sysctl("net.ipv4.ip_forward", Difference(before: "0", after: "1")), service(81),
    ])
    #expect(report.outcome(of: 0) == .done)
    #expect(report.outcome(of: 1) == .notSent)
    #expect(report.failures.isEmpty)
    #expect(!report.isComplete)
  }
}
