import CNetlink
import Recordings
import Testing

@testable import LVSKernel
@testable import LVSModel

struct ServiceCodecTests {
  private static let vip = IPAddress(literal: "192.168.147.100")
  private static let web = ServiceID.address(.tcp, vip, port: 80)

  @Test func `a persistent service is read whole`() {
    let record = decodedService(Captures.persistentService)
    #expect(record?.id == .address(.udp, Self.vip, port: 5060))
    #expect(
      record?.settings
        == ServiceSettings(
          scheduler: Scheduler("sh"), schedulerFlags: [.flag1, .flag2],
          persistence: Persistence(timeout: 300, netmask: .ipv4(0xffff_ff00), engine: "sip")))
  }

  @Test func `a firewall mark service is read with its family`() {
    let record = decodedService(Captures.firewallMarkService)
    #expect(record?.id == .fwmark(10, .ipv6))
    #expect(record?.settings == ServiceSettings(onePacket: true))
  }

  @Test(arguments: [
    web, .address(.udp, vip, port: 53), .address(.sctp, vip, port: 65535), .address(.tcp, vip, port: 0),
    .address(.tcp, IPAddress(literal: "2001:db8::100"), port: 443), .fwmark(1, .ipv4), .fwmark(.max, .ipv6),
  ])
  func `what names a service survives the wire`(id: ServiceID) {
    let message = written { $0.service(id, Difference(before: nil, after: ServiceSettings()), family: 28) }
    #expect(decodedService(message)?.id == id)
  }

  @Test(arguments: [
    ServiceSettings(), ServiceSettings(scheduler: Scheduler("mh")), ServiceSettings(schedulerFlags: .flag1),
    ServiceSettings(schedulerFlags: .flag2), ServiceSettings(schedulerFlags: .flag3),
    ServiceSettings(schedulerFlags: .all), ServiceSettings(onePacket: true),
    ServiceSettings(persistence: Persistence(timeout: 1, netmask: .ipv4(.max))),
    ServiceSettings(persistence: Persistence(timeout: 86400, netmask: .ipv4(0xffff_0000))),
    ServiceSettings(persistence: Persistence(timeout: 300, netmask: .ipv4(0xff00_0000), engine: "sip")),
  ])
  func `each setting of a service survives the wire`(settings: ServiceSettings) {
    let message = written { $0.service(Self.web, Difference(before: nil, after: settings), family: 28) }
    #expect(decodedService(message)?.settings == settings)
  }

  @Test(arguments: [1, 64, 128] as [UInt32]) func `a prefix length of IPv6 persistence survives the wire`(
    prefix: UInt32
  ) {
    let settings = ServiceSettings(persistence: Persistence(timeout: 60, netmask: .ipv6(prefix)))
    let id = ServiceID.fwmark(7, .ipv6)
    let message = written { $0.service(id, Difference(before: nil, after: settings), family: 28) }
    #expect(decodedService(message) == ServiceRecord(id: id, settings: settings))
  }

  @Test func `a service is made with flags whose mask clears what they do not name, and a host mask`() {
    let message = written { $0.service(Self.web, Difference(before: nil, after: ServiceSettings()), family: 28) }
    #expect(
      message
        == bytes(
          """
          5c 00 00 00 1c 00 01 00 00 00 00 00 00 00 00 00  # nlmsghdr: family 28, NLM_F_REQUEST
          01 01 00 00                                      # IPVS_CMD_NEW_SERVICE, version 1
          48 00 01 80                                      # IPVS_CMD_ATTR_SERVICE, nested
          06 00 01 00 02 00 00 00                          # AF_INET
          06 00 02 00 06 00 00 00                          # IPPROTO_TCP
          08 00 03 00 c0 a8 93 64                          # 192.168.147.100
          06 00 04 00 00 50 00 00                          # 80
          08 00 06 00 77 6c 63 00                          # wlc
          0c 00 07 00 00 00 00 00 ff ff ff ff              # no flag of 32
          08 00 08 00 00 00 00 00                          # no timeout
          08 00 09 00 ff ff ff ff                          # 255.255.255.255
          """))
  }

  @Test func `each action has its command, and a deletion only names`() {
    let settings = ServiceSettings()
    let update = written { $0.service(Self.web, Difference(before: settings, after: settings), family: 28) }
    let delete = written { $0.service(Self.web, Difference(before: settings, after: nil), family: 28) }
    #expect(Int(update[16]) == IPVS_CMD_SET_SERVICE)
    #expect(Int(delete[16]) == IPVS_CMD_DEL_SERVICE)
    #expect(delete.count == 56)
  }

  @Test func `a service of a protocol that IPVS has no code for has no identity`() {
    var message = Captures.persistentService
    message[36] = 47
    #expect(decodedService(message) != nil)
    #expect(decodedService(message)?.id == nil)
  }

  /// The types of AF, PROTOCOL, ADDR and PORT stand there.
  @Test(arguments: [26, 34, 42, 62]) func `a service that lacks what names it is not understood`(place: Int) {
    var message = Captures.persistentService
    message[place] = 0x3f
    #expect(decodedService(message) == nil)
  }
}
