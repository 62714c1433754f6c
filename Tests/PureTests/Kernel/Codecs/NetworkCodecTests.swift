import CNetlink
import Glibc
import Recordings
import Testing

@testable import LVSKernel
@testable import LVSModel

struct NetworkCodecTests {
  private static let vip = IPAddress(literal: "192.168.147.100")
  private static let vip6 = IPAddress(literal: "2001:db8::100")

  @Test func `a labelled address is read with its mark`() {
    let record = decodingMessage(Captures.labelledAddress) { AddressRecord($0, in: $1) }
    #expect(record?.address == Self.vip)
    #expect(record?.prefixLength == 32)
    #expect(record?.interfaceIndex == 3)
    #expect(record?.label == "dm0:7")
    #expect(record?.mark == ownershipMark)
  }

  @Test func `an IPv6 address has no label`() {
    let record = decodingMessage(Captures.ipv6Address) { AddressRecord($0, in: $1) }
    #expect(record?.address == Self.vip6)
    #expect(record?.label == nil)
    #expect(record?.mark == ownershipMark)
    #expect(record?.flags == UInt32(IFA_F_PERMANENT) | UInt32(IFA_F_NODAD))
  }

  @Test(arguments: [
    (AddressID(vip, interface: "lo"), AddressSettings(label: "lo:0")),
    (AddressID(vip, interface: "lo"), AddressSettings(label: "a2345678901:123")),
    (AddressID(vip, interface: "lo"), AddressSettings(mark: 0)),
    (AddressID(vip, prefixLength: 24, interface: "lo"), AddressSettings()),
    (AddressID(vip6, interface: "lo"), AddressSettings()),
  ])
  func `an address survives the wire`(id: AddressID, settings: AddressSettings) {
    let message = written { $0.address(id, Difference(before: nil, after: settings), index: 9) }
    let record = decodingMessage(message) { AddressRecord($0, in: $1) }
    #expect(record?.address == id.address)
    #expect(record?.prefixLength == id.prefixLength)
    #expect(record?.interfaceIndex == 9)
    #expect(record?.label == settings.label)
    #expect(record?.mark == settings.mark)
  }

  @Test func `an IPv6 address skips duplicate address detection and carries no label`() {
    let message = written {
      $0.address(
        AddressID(Self.vip6, interface: "lo"), Difference(before: nil, after: AddressSettings(label: "lo:0")), index: 1)
    }
    let record = decodingMessage(message) { AddressRecord($0, in: $1) }
    #expect(record?.flags == UInt32(IFA_F_NODAD))
    #expect(record?.label == nil)
  }

  @Test func `an address whose label differs goes and comes back in one request`() {
    var builder = MessageBuilder()
    builder.address(
      AddressID(Self.vip, interface: "lo"),
      Difference(before: AddressSettings(), after: AddressSettings(label: "lo:1")), index: 1)
    #expect(builder.offsets.map { Int(builder.bytes[$0 + 4]) } == [RTM_DELADDR, RTM_NEWADDR])
  }

  private static let signature = Difference(before: AddressSettings(mark: 0), after: AddressSettings())

  @Test(arguments: [(32, 31), (24, 32)])
  func `an address that is signed is there all the time`(length: Int, other: Int) {
    var builder = MessageBuilder()
    let id = AddressID(Self.vip, prefixLength: UInt8(length), interface: "lo")
    builder.address(id, Self.signature, index: 1, takesNothing: true)
    #expect(
      builder.offsets.map { [Int(builder.bytes[$0 + 4]), Int(builder.bytes[$0 + 17])] } == [
        [RTM_NEWADDR, other], [RTM_DELADDR, length], [RTM_NEWADDR, length], [RTM_DELADDR, other],
      ])
  }

  @Test func `an address that would take others along never leaves, and none of IPv6 has to`() {
    for id in [AddressID(Self.vip, prefixLength: 24, interface: "lo"), AddressID(Self.vip6, interface: "lo")] {
      var builder = MessageBuilder()
      builder.address(id, Self.signature, index: 1)
      #expect(builder.offsets.map { Int(builder.bytes[$0 + 4]) } == [RTM_NEWADDR])
    }
  }

  @Test(arguments: [(Captures.hostRoute, vip), (Captures.ipv6HostRoute, vip6)])
  func `a host route is read with its mark`(capture: [UInt8], destination: IPAddress) {
    let record = decodingMessage(capture) { RouteRecord($0, in: $1) }
    #expect(record?.destination == destination)
    #expect(record?.prefixLength == destination.family.hostPrefixLength)
    #expect(record?.interfaceIndex == 1)
    #expect(record?.mark == ownershipMark)
    #expect(record?.hasGateway == false)
    #expect(record?.table == UInt32(RT_TABLE_MAIN.rawValue))
  }

  @Test(arguments: [vip, vip6]) func `a route survives the wire`(destination: IPAddress) {
    let id = RouteID(destination, interface: "lo")
    let message = written { $0.route(id, Difference(before: nil, after: RouteSettings(mark: 4)), index: 1) }
    let record = decodingMessage(message) { RouteRecord($0, in: $1) }
    #expect(record?.destination == destination)
    #expect(record?.prefixLength == destination.family.hostPrefixLength)
    #expect(record?.interfaceIndex == 1)
    #expect(record?.mark == 4)
    #expect(record?.type == UInt8(RTN_UNICAST))
  }

  @Test func `a route is taken away under the mark it was found with`() {
    let message = written {
      $0.route(RouteID(Self.vip, interface: "lo"), Difference(before: RouteSettings(mark: 3), after: nil), index: 1)
    }
    #expect(Int(message[4]) == RTM_DELROUTE)
    #expect(decodingMessage(message) { RouteRecord($0, in: $1) }?.mark == 3)
  }

  @Test(arguments: [true, false]) func `an interface is taken up or down by name`(isUp: Bool) {
    let message = written { $0.link("tunl0", Difference(before: nil, after: LinkSettings(isUp: isUp))) }
    let link = decodingMessage(message) { LinkRecord($0, in: $1) }
    #expect(link?.name == "tunl0")
    #expect(link?.isUp == isUp)
  }

  @Test func `an Ethernet interface is read`() {
    let message = bytes(
      """
      40 00 00 00 10 00 02 00 01 00 00 00 00 00 00 00  # RTM_NEWLINK
      00 00 01 00 03 00 00 00 43 10 01 00 00 00 00 00  # ifinfomsg: ARPHRD_ETHER, index 3, IFF_UP and others
      0a 00 03 00 65 6e 73 33 33 00 00 00              # IFLA_IFNAME ens33
      08 00 04 00 dc 05 00 00                          # IFLA_MTU 1500
      0a 00 01 00 52 54 00 12 34 56 00 00              # IFLA_ADDRESS
      """)
    #expect(
      decodingMessage(message) { LinkRecord($0, in: $1) }
        == LinkRecord(
          index: 3, name: "ens33", flags: 0x11043, hardwareType: 1,
          hardwareAddress: [0x52, 0x54, 0x00, 0x12, 0x34, 0x56], mtu: 1500))
  }
}
