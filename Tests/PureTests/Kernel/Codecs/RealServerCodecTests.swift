import CNetlink
import Recordings
import Testing

@testable import LVSKernel
@testable import LVSModel

struct RealServerCodecTests {
  private static let service = ServiceID.address(.tcp, IPAddress(literal: "192.168.147.100"), port: 80)
  private static let web1 = RealServerID(address: IPAddress(literal: "192.168.147.4"), port: 80)

  private func created(_ id: RealServerID, _ settings: RealServerSettings) -> [UInt8] {
    written { $0.realServer(Self.service, id, Difference(before: nil, after: settings), family: 28) }
  }

  @Test func `a real server behind a tunnel is read whole`() {
    let record = decodedRealServer(Captures.tunnelRealServer)
    #expect(record?.id == RealServerID(address: Self.web1.address, port: 5060))
    #expect(
      record?.settings
        == RealServerSettings(
          forward: .tun(Tunnel(kind: .gue, port: 6080, checksum: .remcsum)), weight: 7, upperThreshold: 100,
          lowerThreshold: 50))
  }

  @Test(arguments: [
    web1, RealServerID(address: web1.address, port: 0),
    RealServerID(address: IPAddress(literal: "2001:db8::4"), port: 65535),
  ])
  func `what names a real server survives the wire`(id: RealServerID) {
    #expect(decodedRealServer(created(id, RealServerSettings()))?.id == id)
  }

  @Test(arguments: [
    RealServerSettings(), RealServerSettings(weight: 0), RealServerSettings(weight: 65536),
    RealServerSettings(weight: .max), RealServerSettings(upperThreshold: 1),
    RealServerSettings(upperThreshold: 100_000, lowerThreshold: 70_000), RealServerSettings(forward: .nat),
    RealServerSettings(forward: .local), RealServerSettings(forward: .bypass),
    RealServerSettings(forward: .unknown(UnknownForwarding(method: 5))),
    RealServerSettings(forward: .unknown(UnknownForwarding(method: 2, tunnelKind: 3, port: 7, flags: 9))),
    RealServerSettings(forward: .tun(Tunnel())), RealServerSettings(forward: .tun(Tunnel(checksum: .csum))),
    RealServerSettings(forward: .tun(Tunnel(kind: .gre, checksum: .csum))),
    RealServerSettings(forward: .tun(Tunnel(kind: .gue, port: 6080))),
    RealServerSettings(forward: .tun(Tunnel(kind: .gue, port: 1, checksum: .remcsum))),
  ])
  func `each setting of a real server survives the wire`(settings: RealServerSettings) {
    #expect(decodedRealServer(created(Self.web1, settings))?.settings == settings)
  }

  @Test func `a real server whose family an old kernel leaves out has the service's`() {
    var message = created(RealServerID(address: IPAddress(literal: "2001:db8::4"), port: 80), RealServerSettings())
    // ADDR_FAMILY (11) becomes an attribute nobody knows.
    let place = message.indices.first { message[$0...].starts(with: [6, 0, 11, 0]) }
    if let place { message[place + 2] = 0x3f }
    #expect(place != nil)
    #expect(decodedRealServer(message, .ipv6)?.id.address == IPAddress(literal: "2001:db8::4"))
  }

  @Test func `leftover tunnel attributes of a real server without a tunnel say nothing`() {
    var message = Captures.tunnelRealServer
    message[56] = 3  // FWD_METHOD becomes IP_VS_CONN_F_DROUTE
    message[72] = 99  // TUN_TYPE becomes one that nobody knows
    #expect(decodedRealServer(message)?.settings.forward == .dr)
  }

  @Test func `a tunnel of a kind that only a newer kernel knows is kept as it is`() {
    var message = Captures.tunnelRealServer
    message[72] = 99
    let record = decodedRealServer(message)
    #expect(
      record?.settings.forward == .unknown(UnknownForwarding(method: 2, tunnelKind: 99, port: 6080, flags: 2)))
    #expect(record?.settings.weight == 7)
    #expect(
      record?.settings.fields.first { $0.name == "tunnel" }?.value
        == .map([
          Field("type", .text("kind-99")), Field("port", .integer(6080)), Field("flags", .integer(2)),
        ]))
  }

  @Test func `a forwarding method that only a newer kernel knows is kept as it is`() {
    var message = Captures.tunnelRealServer
    message[56] = 6
    let settings = decodedRealServer(message)?.settings
    #expect(settings?.forward == .unknown(UnknownForwarding(method: 6)))
    #expect(settings?.fields.first?.value == .text("method-6"))
  }

  @Test func `each action has its command, and a deletion only names`() {
    let settings = RealServerSettings()
    func command(_ difference: Difference<RealServerSettings>) -> [UInt8] {
      written { $0.realServer(Self.service, Self.web1, difference, family: 28) }
    }
    #expect(Int(command(Difference(before: nil, after: settings))[16]) == IPVS_CMD_NEW_DEST)
    #expect(Int(command(Difference(before: settings, after: settings))[16]) == IPVS_CMD_SET_DEST)
    let delete = command(Difference(before: settings, after: nil))
    #expect(Int(delete[16]) == IPVS_CMD_DEL_DEST)
    #expect(decodedRealServer(delete) == nil)
    #expect(delete.count == 84)
  }
}
