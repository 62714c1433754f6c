import CNetlink
import Glibc
import Recordings
import Testing

@testable import LVSKernel
@testable import LVSModel

struct AddressProbeTests {
  private static let ethernet = LinkRecord(
    index: 3, name: "ens33", flags: UInt32(IFF_UP.rawValue), hardwareType: UInt16(ARPHRD_ETHER),
    hardwareAddress: [0x52, 0x54, 0x00, 0x12, 0x34, 0x56])

  @Test func `an ARP probe asks for an address and names none of its own`() {
    let probe = AddressProbe(for: IPAddress(literal: "192.168.147.100"), on: Self.ethernet)
    #expect(probe.destination == bytes("ff ff ff ff ff ff"))
    #expect(
      probe.packet
        == bytes(
          """
          00 01 08 00 06 04 00 01        # Ethernet, IPv4, request
          52 54 00 12 34 56 00 00 00 00  # sender: 0.0.0.0
          00 00 00 00 00 00 c0 a8 93 64  # target
          """))
  }

  @Test func `a solicitation is that of duplicate address detection`() {
    let probe = AddressProbe(for: IPAddress(literal: "2001:db8::100"), on: Self.ethernet)
    #expect(probe.destination == bytes("33 33 ff 00 01 00"))
    #expect(
      probe.packet
        == bytes(
          """
          60 00 00 00 00 18 3a ff                          # IPv6, 24 bytes of ICMPv6, hop limit 255
          00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00  # from ::
          ff 02 00 00 00 00 00 00 00 00 00 01 ff 00 01 00  # to the solicited-node address
          87 00 4a ef 00 00 00 00                          # solicitation, checksum
          20 01 0d b8 00 00 00 00 00 00 00 00 00 00 01 00  # target, and no option
          """))
  }

  @Test(arguments: [1, 2] as [UInt8]) func `who sends ARP says of itself what it holds`(operation: UInt8) throws {
    var packet = bytes(
      """
      00 01 08 00 06 04 00 02
      52 54 00 aa bb cc c0 a8 93 64
      52 54 00 12 34 56 00 00 00 00
      00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00  # what an Ethernet frame is filled up with
      """)
    packet[7] = operation
    let claim = try #require(AddressClaim(arp: packet))
    #expect(claim.address == IPAddress(literal: "192.168.147.100"))
    #expect(claim.hardwareAddress == bytes("52 54 00 aa bb cc"))
    for count in 0..<28 { #expect(AddressClaim(arp: Array(packet.prefix(count))) == nil) }
    for (index, wrong) in [(0, 1), (1, 2), (2, 9), (4, 8), (5, 16), (7, 3)] as [(Int, UInt8)] {
      var other = packet
      other[index] = wrong
      #expect(AddressClaim(arp: other) == nil)
    }
  }

  private static let advertisement = bytes(
    """
    60 00 00 00 00 20 3a ff                          # IPv6, 32 bytes of ICMPv6, hop limit 255
    fe 80 00 00 00 00 00 00 50 54 00 ff fe aa bb cc  # from the holder
    ff 02 00 00 00 00 00 00 00 00 00 00 00 00 00 01  # to all nodes
    88 00 00 00 20 00 00 00                          # advertisement, override
    20 01 0d b8 00 00 00 00 00 00 00 00 00 00 01 00  # target
    02 01 52 54 00 aa bb cc                          # its link-layer address
    """)

  @Test func `an advertisement says who holds an address`() throws {
    let claim = try #require(AddressClaim(ipv6: Self.advertisement, from: bytes("52 54 00 00 00 01")))
    #expect(claim.address == IPAddress(literal: "2001:db8::100"))
    #expect(claim.hardwareAddress == bytes("52 54 00 aa bb cc"))
  }

  @Test func `an advertisement without its option comes from who sent the frame`() throws {
    var packet = Array(Self.advertisement.dropLast(8))
    packet[5] = 24
    // Beyond the length of the packet there is nothing but padding.
    packet += bytes("02 01 52 54 00 dd ee ff")
    let claim = try #require(AddressClaim(ipv6: packet, from: bytes("52 54 00 00 00 01")))
    #expect(claim.hardwareAddress == bytes("52 54 00 00 00 01"))
  }

  @Test(
    arguments: [
      (0, 0x40),  // IPv4
      (6, 17),  // UDP
      (7, 254),  // passed on by a router
      (40, 135),  // a solicitation
      (41, 1),  // a code
      (65, 0),  // an option that never ends
    ] as [(Int, UInt8)])
  func `what is no advertisement from this link is none`(index: Int, wrong: UInt8) {
    var packet = Self.advertisement
    packet[index] = wrong
    #expect(AddressClaim(ipv6: packet, from: bytes("52 54 00 00 00 01")) == nil)
  }

  @Test func `no packet breaks the readers`() {
    var random = SeededGenerator(seed: 4)
    for _ in 0..<2000 {
      var packet = Bool.random(using: &random) ? Self.advertisement : Array(Self.advertisement.prefix(28))
      for _ in 0..<Int.random(in: 0...3, using: &random) {
        packet[Int.random(in: packet.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      packet = Array(packet.prefix(Int.random(in: 0...packet.count, using: &random)))
      if let claim = AddressClaim(ipv6: packet, from: []) { #expect(claim.hardwareAddress.count == 6) }
      if let claim = AddressClaim(arp: packet) { #expect(claim.hardwareAddress.count == 6) }
    }
  }

  @Test func `a hardware address is written as ip does`() {
    let holder = AddressHolder(
      id: AddressID(IPAddress(literal: "192.168.147.100"), interface: "ens33"),
      hardwareAddress: bytes("02 00 00 0a bc ff"))
    #expect(holder.hardwareText == "02:00:00:0a:bc:ff")
  }
}
