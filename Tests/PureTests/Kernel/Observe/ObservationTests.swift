import CNetlink
import Glibc
import Recordings
import Testing

@testable import LVSKernel
@testable import LVSModel

/// How often the kernel is asked for one look.
struct ObservationTests {
  private let transport = FakeTransport()
  private let asked = Asked()
  private var kernel: KernelConnection { KernelConnection { [transport] (_) throws(TransportError) in transport } }

  private final class Asked { var types: [Int] = [] }

  /// A machine with one interface, `ens33`, that sends everything through a gateway there.
  init() {
    transport.answer = { [unowned transport, asked] message, _ in
      asked.types.append(Int(message.type))
      let sequence = message.sequence
      switch Int(message.type) {
      case RTM_GETLINK:
        let link = Recordings.bytes(
          """
          00 00 01 00 03 00 00 00 43 10 01 00 00 00 00 00  # ifinfomsg: 3, IFF_UP, IFF_RUNNING, IFF_LOWER_UP and others
          0a 00 03 00 65 6e 73 33 33 00 00 00              # IFLA_IFNAME ens33
          08 00 04 00 28 23 00 00                          # IFLA_MTU 9000
          """)
        let answer = transport.reply(type: CInt(RTM_NEWLINK), flags: NLM_F_MULTI, to: sequence, payload: link)
        return [answer, transport.done(to: sequence)]
      case RTM_GETROUTE where CInt(message.flags) & NLM_F_DUMP == 0:
        let route = Recordings.bytes(
          """
          02 20 00 00 fe 00 00 01 00 00 00 00              # rtmsg: AF_INET, /32, RTN_UNICAST
          08 00 01 00 0a 00 00 01                          # RTA_DST 10.0.0.1
          08 00 04 00 03 00 00 00                          # RTA_OIF 3
          08 00 05 00 c0 a8 93 01                          # RTA_GATEWAY 192.168.147.1
          """)
        let answer = transport.reply(type: CInt(RTM_NEWROUTE), to: sequence, payload: route)
        return [answer, transport.error(0, to: sequence)]
      default: return [transport.done(to: sequence)]
      }
    }
  }

  @Test func `the interfaces of the surroundings are those of the dump that the state is made of`() throws {
    var query = ObservationQuery()
    query.readsLinks = true
    query.readsAddresses = true
    query.readsInterfaces = true
    let observed = try kernel.observe(query)
    #expect(asked.types == [RTM_GETLINK, RTM_GETADDR])
    #expect(observed.state.links == ["ens33": LinkSettings(isUp: true)])
    #expect(observed.interfaces == [NetworkLink("ens33", index: 3, mtu: 9000)])
  }

  @Test func `what is not asked for is absent`() throws {
    var query = ObservationQuery()
    query.readsAddresses = true
    #expect(try kernel.observe(query) == Observed())
    #expect(asked.types == [RTM_GETLINK, RTM_GETADDR])
  }

  @Test func `interfaces that are known are not read again to tell where routes lead`() throws {
    let question = RouteQuestion(IPAddress(ipv4: 0x0a00_0001))
    let answer = RouteAnswer.gateway(IPAddress(ipv4: 0xc0a8_9301), interface: "ens33")
    var query = SurroundingsQuery()
    query.routes = [question]
    #expect(kernel.surroundings(query).routes.found == [question: answer])
    #expect(asked.types == [RTM_GETLINK, RTM_GETROUTE])
    query.knownInterfaces = [NetworkLink("ens33", index: 3)]
    #expect(kernel.surroundings(query).routes.found == [question: answer])
    #expect(asked.types == [RTM_GETLINK, RTM_GETROUTE, RTM_GETROUTE])
  }
}
