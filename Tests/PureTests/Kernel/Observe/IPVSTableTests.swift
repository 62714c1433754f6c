import CNetlink
import Glibc
import Testing

@testable import LVSKernel
@testable import LVSModel

/// The table is read as it is while another program writes.
struct IPVSTableTests {
  private let ipvs = FakeIPVS()

  private static func id(_ number: Int) -> ServiceID {
    .address(.tcp, IPAddress(ipv4: 0x0a00_0000 + UInt32(number)), port: 80)
  }

  private static func service(_ servers: Int = 2, weight: Int32 = 1) -> VirtualService {
    var service = VirtualService(settings: ServiceSettings(scheduler: Scheduler("rr")))
    for number in 0..<servers {
      let server = RealServerID(address: IPAddress(ipv4: 0x0a01_0000 + UInt32(number)), port: 80)
      service.realServers[server] = RealServerSettings(weight: weight)
    }
    return service
  }

  /// A table of so many services, and the same as what is probably there.
  private func fill(_ count: Int) -> [ServiceID: VirtualService] {
    for number in 0..<count { ipvs.insert(Self.id(number), Self.service(), at: number) }
    return Dictionary(uniqueKeysWithValues: ipvs.services.map { ($0.id, $0.service) })
  }

  @Test func `a table in one datagram is read without a further question`() throws {
    let wanted = fill(3)
    #expect(try ipvs.kernel.services(probably: wanted) == wanted)
    // The family, the services, and the real servers of each.
    #expect(ipvs.transport.sends.count == 2 + 3)
  }

  @Test func `a long table that nobody changes is read without a further question`() throws {
    let wanted = fill(40)
    #expect(try ipvs.kernel.services(probably: wanted) == wanted)
    #expect(ipvs.transport.sends.count == 2 + 40)
    #expect(ipvs.asked == [])
  }

  @Test func `an empty table makes nothing to ask for, however much should be there`() throws {
    let wanted = fill(1000)
    ipvs.services = []
    #expect(try ipvs.kernel.services(probably: wanted) == [:])
    #expect(ipvs.transport.sends.count == 2)
  }

  @Test func `services that are missing from a long table are asked for in a few sends`() throws {
    var wanted = fill(7)
    for number in 7..<1007 { wanted[Self.id(number)] = Self.service() }
    let found = try ipvs.kernel.services(probably: wanted)
    #expect(found.count == 7)
    #expect(ipvs.asked.count == 1000)
    // 64 bytes a question, 16 KiB a send.
    #expect(ipvs.transport.sends.count == 2 + 7 + 4)
  }

  @Test func `a service that moves up past the reader is not missing`() throws {
    let wanted = fill(9)
    ipvs.insert(Self.id(100), Self.service())
    ipvs.meanwhile = { [ipvs] dump, datagram in
      if dump == 0 && datagram == 0 { ipvs.remove(Self.id(100)) }
    }
    #expect(try ipvs.kernel.services(probably: wanted) == wanted)
    #expect(ipvs.asked.contains(Self.id(2)))
  }

  @Test func `a service that moves down past the reader is there once`() throws {
    let wanted = fill(9)
    ipvs.meanwhile = { [ipvs] dump, datagram in
      if dump == 0 && datagram == 0 { ipvs.insert(Self.id(100), Self.service()) }
    }
    var found = try ipvs.kernel.services(probably: wanted)
    // What others added meanwhile is found too, since the repetition tells that they are at work.
    #expect(found.removeValue(forKey: Self.id(100)) == Self.service())
    #expect(found == wanted)
  }

  @Test func `what is to go is found too where others are at work`() throws {
    let all = fill(9)
    var wanted = all
    wanted[Self.id(2)] = nil
    wanted[Self.id(5)] = nil
    ipvs.insert(Self.id(100), Self.service())
    ipvs.insert(Self.id(101), Self.service())
    ipvs.meanwhile = { [ipvs] dump, datagram in
      guard dump == 0 else { return }
      if datagram == 0 { ipvs.remove(Self.id(100)); ipvs.remove(Self.id(101)) }
    }
    // Places 1 and 2 of the second datagram go by unseen: one that should be there, and one that is to go.
    #expect(try ipvs.kernel.services(probably: wanted) == all)
  }

  @Test func `a live table without a file to go by is listed twice`() throws {
    let all = fill(9)
    ipvs.insert(Self.id(100), Self.service())
    ipvs.meanwhile = { [ipvs] dump, datagram in
      if dump == 0 && datagram == 0 { ipvs.remove(Self.id(100)) }
    }
    let found = try ipvs.kernel.table().mapValues(\.service)
    #expect(found.filter { $0.key != Self.id(100) } == all)
  }

  @Test func `a service that goes after it was listed is not one without real servers`() throws {
    let wanted = fill(3)
    ipvs.beforeReading = { [ipvs] id in if id == Self.id(1) { ipvs.remove(id) } }
    let found = try ipvs.kernel.services(probably: wanted)
    #expect(found == wanted.filter { $0.key != Self.id(1) })
  }

  @Test func `a service that goes and comes back is read with its real servers`() throws {
    let wanted = fill(3)
    var reads = 0
    ipvs.beforeReading = { [ipvs] id in
      guard id == Self.id(1) else { return }
      reads += 1
      if reads == 1 { ipvs.remove(id) }
      if reads == 2 { ipvs.insert(id, Self.service()) }
    }
    #expect(try ipvs.kernel.services(probably: wanted) == wanted)
    #expect(try ipvs.kernel.table(probably: wanted).mapValues(\.service) == wanted)
  }

  @Test func `a service without real servers is one, and is asked for once`() throws {
    var wanted = fill(3)
    ipvs.services[1].service.realServers = [:]
    let found = try ipvs.kernel.services(probably: wanted)
    wanted[Self.id(1)]?.realServers = [:]
    #expect(found == wanted)
    #expect(ipvs.asked == [Self.id(1)])
  }

  @Test func `a long list of real servers that differs is read until two readings agree`() throws {
    ipvs.insert(Self.id(0), Self.service(20, weight: 1))
    let wanted = [Self.id(0): Self.service(20, weight: 2)]
    var reads = 0
    ipvs.beforeReading = { [ipvs] _ in
      reads += 1
      // The first reading lacks one that is there all the time.
      let last = Self.service(20).realServers.keys.max()
      ipvs.services[0].service = Self.service(20)
      if reads == 1, let last { ipvs.services[0].service.realServers[last] = nil }
    }
    #expect(try ipvs.kernel.services(probably: wanted) == [Self.id(0): Self.service(20)])
  }

  @Test func `a real server that one reading leaves out keeps its connections`() throws {
    ipvs.insert(Self.id(0), Self.service(20))
    var reads = 0
    ipvs.beforeReading = { [ipvs] _ in
      reads += 1
      ipvs.services[0].service = Self.service(reads == 2 ? 20 : 19)
    }
    let active = try ipvs.kernel.realServerCounters(of: [Self.id(0), Self.id(1)]).mapValues { $0.mapValues(\.active) }
    #expect(active[Self.id(0)]?.count == 20)
    #expect(active[Self.id(1)] == [:])
  }

  @Test func `services are read by their names alone`() throws {
    let all = fill(9)
    let names: Set = [Self.id(0), Self.id(8), Self.id(77)]
    #expect(try ipvs.kernel.services(named: names) == all.filter { names.contains($0.key) })
    #expect(ipvs.dumps == 0)
  }

  @Test func `a refusal other than absence is an error`() {
    let wanted = fill(9)
    ipvs.services.removeLast(2)
    ipvs.transport.reading = { [ipvs, reading = ipvs.transport.reading] message, bytes in
      let isQuestion = message.flags & UInt16(NLM_F_DUMP) == 0 && CInt(message.type) == FakeIPVS.family
      return isQuestion ? [ipvs.transport.error(EPERM, to: message.sequence)] : reading?(message, bytes) ?? []
    }
    let error = #expect(throws: NetlinkError.self) { try ipvs.kernel.services(probably: wanted) }
    #expect(error?.errno == EPERM)
    #expect(error?.request == "read tcp 10.0.0.7:80")
  }
}
