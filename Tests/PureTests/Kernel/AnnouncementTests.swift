import CNetlink
import Glibc
import Recordings
import Testing

@testable import LVSKernel
@testable import LVSModel

struct AnnouncementTests {
  private static let ethernet = LinkRecord(
    index: 3, name: "ens33", flags: UInt32(IFF_UP.rawValue), hardwareType: UInt16(ARPHRD_ETHER),
    hardwareAddress: [0x52, 0x54, 0x00, 0x12, 0x34, 0x56])

  @Test func `a gratuitous request asks for the address it comes from`() {
    let announcement = Announcement(of: IPAddress(literal: "192.168.147.100"), on: Self.ethernet)
    #expect(
      announcement.gratuitousARP(1)
        == bytes(
          """
          ff ff ff ff ff ff 52 54 00 12 34 56 08 06  # to everybody, ARP
          00 01 08 00 06 04 00 01                    # Ethernet, IPv4, request
          52 54 00 12 34 56 c0 a8 93 64              # sender
          00 00 00 00 00 00 c0 a8 93 64              # target
          """))
  }

  @Test func `a gratuitous reply is to everybody`() {
    let announcement = Announcement(of: IPAddress(literal: "192.168.147.100"), on: Self.ethernet)
    #expect(
      announcement.gratuitousARP(2)
        == bytes(
          """
          ff ff ff ff ff ff 52 54 00 12 34 56 08 06
          00 01 08 00 06 04 00 02
          52 54 00 12 34 56 c0 a8 93 64
          ff ff ff ff ff ff c0 a8 93 64
          """))
  }

  @Test(arguments: [(false, 0x20), (true, 0xa0)] as [(Bool, UInt8)])
  func `a neighbour advertisement overrides what neighbours know`(isRouter: Bool, flags: UInt8) {
    let announcement = Announcement(of: IPAddress(literal: "2001:db8::100"), on: Self.ethernet)
    #expect(
      announcement.neighbourAdvertisement(isRouter: isRouter)
        == [0x88, 0, 0, 0, flags, 0, 0, 0]
        + bytes("20 01 0d b8 00 00 00 00 00 00 00 00 00 00 01 00") + bytes("02 01 52 54 00 12 34 56"))
  }

  @Test func `nothing is announced where nobody listens`() {
    var loopback = Self.ethernet
    loopback.flags |= UInt32(IFF_LOOPBACK.rawValue)
    var silent = Self.ethernet
    silent.flags |= UInt32(IFF_NOARP.rawValue)
    var tunnel = Self.ethernet
    tunnel.hardwareType = UInt16(ARPHRD_TUNNEL)
    let address = IPAddress(literal: "192.168.147.100")
    #expect(Announcement(of: address, on: Self.ethernet).isHeard)
    for link in [loopback, silent, tunnel] { #expect(!Announcement(of: address, on: link).isHeard) }
  }
}
