import CNetlink
import Recordings
import Testing

@testable import LVSKernel
@testable import LVSModel
@testable import LVSPlan

/// What findings are made of, on the wire.
struct SurroundingsCodecTests {
  @Test func `a question for a route has the lengths of its addresses, and nothing else that strict checks refuse`() {
    let question = RouteQuestion(IPAddress(literal: "192.0.2.1"), from: IPAddress(literal: "10.0.0.4"))
    #expect(
      written { $0.routeQuestion(question) }
        == bytes(
          """
          2c 00 00 00 1a 00 01 00 00 00 00 00 00 00 00 00  # RTM_GETROUTE, NLM_F_REQUEST
          02 20 20 00 00 00 00 00 00 00 00 00              # rtmsg: AF_INET, both lengths 32
          08 00 01 00 c0 00 02 01                          # RTA_DST 192.0.2.1
          08 00 02 00 0a 00 00 04                          # RTA_SRC 10.0.0.4
          """))
  }

  @Test func `a device is read with its kind and its other names`() {
    let message = bytes(
      """
      50 00 00 00 10 00 02 00 01 00 00 00 00 00 00 00  # RTM_NEWLINK
      00 00 01 00 05 00 00 00 c3 00 01 00 00 00 00 00  # ifinfomsg: IFF_UP, IFF_NOARP, IFF_LOWER_UP and others
      0b 00 03 00 64 75 6d 6d 79 30 00 00              # IFLA_IFNAME dummy0
      10 00 12 80 0a 00 01 00 64 75 6d 6d 79 00 00 00  # IFLA_LINKINFO { IFLA_INFO_KIND dummy }
      14 00 34 80 07 00 35 00 61 62 00 00 08 00 35 00  # IFLA_PROP_LIST { IFLA_ALT_IFNAME ab,
      63 64 65 00                                      #   IFLA_ALT_IFNAME cde }
      """)
    let link = decodingMessage(message) { LinkRecord($0, in: $1) }
    #expect(link?.kind == "dummy")
    #expect(
      link?.network
        == NetworkLink(
          "dummy0", alternativeNames: ["ab", "cde"], answersARP: false, index: 5, mtu: 0, kind: "dummy"))
  }

  @Test(arguments: [
    (UInt32(0x1_1043), NetworkLink("lo")),
    (UInt32(0x1002), NetworkLink("lo", isUp: false, hasCarrier: false)),
    (UInt32(0x1_0049), NetworkLink("lo", isLoopback: true, answersARP: false)),
  ])
  func `flags tell what a device is and whether anybody is at its other end`(flags: UInt32, network: NetworkLink) {
    let link = LinkRecord(index: 1, name: "lo", flags: flags, hardwareType: 1, hardwareAddress: [])
    #expect(link.network == network)
  }

  @Test func `a neighbour is read with what is known of it, and what a bridge has learned is none`() {
    func neighbour(_ family: String) -> NeighbourRecord? {
      let message = bytes(
        """
        30 00 00 00 1c 00 02 00 01 00 00 00 00 00 00 00  # RTM_NEWNEIGH
        \(family) 00 00 00 03 00 00 00 04 00 00 01      # ndmsg: the family, interface 3, NUD_STALE, RTN_UNICAST
        08 00 01 00 c0 a8 93 04                          # NDA_DST 192.168.147.4
        0a 00 02 00 02 00 00 00 00 01 00 00              # NDA_LLADDR
        """)
      return decodingMessage(message) { NeighbourRecord($0, in: $1) }
    }
    let record = neighbour("02")
    #expect(record?.interfaceIndex == 3)
    #expect(record?.address == IPAddress("192.168.147.4"))
    #expect(record?.hardwareAddress == [2, 0, 0, 0, 0, 1])
    #expect(record?.state == .stale)
    #expect(neighbour("07") == nil)
  }

  @Test func `the neighbours are asked for with an empty header`() {
    var builder = MessageBuilder()
    builder.neighbourDump()
    #expect(
      builder.bytes
        == bytes(
          """
          1c 00 00 00 1e 00 01 00 00 00 00 00 00 00 00 00  # RTM_GETNEIGH, NLM_F_REQUEST
          00 00 00 00 00 00 00 00 00 00 00 00              # ndmsg
          """))
  }

  @Test(arguments: [
    ("   0: 0100007F:0016 00000000:0000 0A 00000000:00000000 00:00000000", TransportProtocol.tcp, "127.0.0.1", 22),
    ("   1: 00000000:0035 00000000:0000 07 00000000:00000000 00:00000000", .udp, "0.0.0.0", 53),
    (
      "   2: 000080FE00000000FF005450B6AD1DFE:1F90 00000000000000000000000000000000:0000 0A 00000000:00000000", .tcp,
      "fe80::5054:ff:fe1d:adb6", 8080
    ),
  ])
  func `a socket that listens is read`(line: String, transport: TransportProtocol, address: String, port: UInt16)
    throws
  {
    let address = try #require(IPAddress(address))
    #expect(Listener(Array(line.utf8)[...], transport) == Listener(transport, address, port: port))
  }

  @Test(arguments: [
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt", "",
    "   0: 0100007F:0016 0100007F:9C40 01 00000000:00000000 02:000A7D2C",
    "   0: 0100007F:0016 00000000:0000 07 00000000:00000000", "   0: 010007F:0016 00000000:0000 0A 00000000:00000000",
  ])
  func `a headline, a connection and a fragment are no socket that listens`(line: String) {
    #expect(Listener(Array(line.utf8)[...], .tcp) == nil)
  }

  @Test func `a port of GUE is read, and one of plain fou is none`() {
    func port(_ encapsulation: String) -> GUEPort? {
      let message = bytes(
        """
        34 00 00 00 1c 00 02 00 01 00 00 00 00 00 00 00  # the family's number, NLM_F_MULTI
        03 01 00 00                                      # FOU_CMD_GET, version 1
        06 00 01 00 17 c0 00 00                          # FOU_ATTR_PORT 6080, in network order
        05 00 02 00 02 00 00 00                          # FOU_ATTR_AF AF_INET
        05 00 03 00 00 00 00 00                          # FOU_ATTR_IPPROTO 0
        05 00 04 00 \(encapsulation) 00 00 00            # FOU_ATTR_TYPE
        """)
      return decodingMessage(message) { GUEPort($0, in: $1) }
    }
    #expect(port("02") == GUEPort(.ipv4, 6080))
    #expect(port("01") == nil)
  }
}
