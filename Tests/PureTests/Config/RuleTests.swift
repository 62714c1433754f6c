import LVSText
import Testing

@testable import LVSConfig
@testable import LVSModel

/// Rules of the cluster file, each by itself, on drafts that no file says.
struct RuleTests {
  private let faults = FileFaults()
  private var codes: [FindingCode] { faults.diagnostics().map(\.code) }

  /// A draft with real servers of such addresses.
  private func draft(realServers: [(name: String, addresses: [String])]) -> ClusterDraft {
    var draft = ClusterDraft()
    draft.realServers = Placed(
      realServers.map { name, addresses in
        var server = RealServerDraft()
        server.name = Placed(name)
        server.title = name
        server.addresses = Placed(addresses.map { Placed(IPAddress($0)) })
        return server
      })
    return draft
  }

  private func director(_ name: String, _ addresses: String...) -> DirectorDraft {
    var director = DirectorDraft()
    director.name = Placed(name)
    director.addresses = Placed(addresses.map { Placed(IPAddress($0)) })
    director.interface = Placed("eth0")
    return director
  }

  /// A service as rules see it, with one address and port, and its defaults.
  private func service(
    port: UInt16 = 80, defaults: ServiceDraft = ServiceDraft(), _ change: (inout ServiceDraft) -> Void = { _ in }
  ) -> ServiceView {
    var own = ServiceDraft()
    own.vips = Placed([PlacedVIP(.address(IPAddress(ipv4: 0x0a01_0001)))])
    own.ports = Placed([PortRange(lower: port, upper: port)])
    change(&own)
    let draft = ClusterDraft()
    let silent = FileFaults()
    var view = ServiceView(own, defaults, VIPTable(draft, NameTable(draft, silent), silent), silent)
    view.family = .ipv4
    return view
  }

  @Test func `two addresses of one family are one too many`() {
    let draft = draft(realServers: [("a", ["10.0.0.1", "2001:db8::1"]), ("b", ["10.0.0.2", "10.0.0.3"])])
    checkOneAddressPerFamily(draft, NameTable(draft, faults), faults)
    #expect(codes == [.repeatedAddress])
  }

  @Test func `the forwarding director is no machine besides`() {
    let draft = draft(realServers: [("a", ["127.0.0.1", "::1"]), ("b", ["127.0.0.2", "2001:db8::1"])])
    checkForwardingDirectors(draft, NameTable(draft, faults), faults)
    #expect(codes == [.unusableAddress])
  }

  @Test func `one name in two roles is one machine`() {
    var draft = draft(realServers: [("a", ["10.0.0.1"]), ("b", ["10.0.0.3"])])
    draft.directors = Placed([director("a", "10.0.0.1"), director("b", "10.0.0.2")])
    checkTwoRoles(NameTable(draft, faults), faults)
    #expect(codes == [.repeatedName])
  }

  @Test func `a director is one real server, and a real server one director`() {
    var draft = draft(realServers: [("a", ["10.0.0.1"]), ("b", ["2001:db8::1"]), ("c", ["10.0.0.2", "2001:db8::3"])])
    draft.directors = Placed([
      director("x", "10.0.0.1", "2001:db8::1"), director("y", "10.0.0.2"), director("z", "2001:db8::3"),
    ])
    let names = NameTable(draft, faults)
    checkOneRealServerPerDirector(draft, names, faults)
    #expect(faults.diagnostics().map(\.message).filter { $0.hasPrefix("This is the director `x`") }.count == 1)
    let others = FileFaults()
    checkOneDirectorPerRealServer(draft, names, others)
    #expect(others.diagnostics().map(\.code) == [.repeatedAddress])
  }

  @Test func `what is ignored is said once`() {
    var draft = ClusterDraft()
    let network = Prefix(of: IPAddress(ipv4: 0x0a00_0000), length: 8)
    draft.ignored = Placed([
      .network(network, at: .nowhere), .fwmark(7, at: .nowhere), .network(network, at: .nowhere),
    ])
    checkRepeatedIgnored(draft, faults)
    #expect(codes == [.repeatedValue])
  }

  @Test(arguments: [(5, 9, true), (9, 9, false), (nil, 1, true), (nil, 0, false)] as [(UInt32?, UInt32, Bool)])
  func `a lower threshold is not above the upper one`(upper: UInt32?, lower: UInt32, isFault: Bool) {
    var details = MemberDetails()
    details.upperThreshold = upper.map { Placed($0) }
    details.lowerThreshold = Placed(lower)
    checkThresholds([.named(Placed("a")), .detailed(details)], faults)
    #expect(codes == (isFault ? [.thresholdOrder] : []))
  }

  @Test func `a tunnel's options are those of its type`() {
    var tunnel = TunnelDraft()
    tunnel.kind = Placed(.gue)
    checkTunnel(Placed(tunnel), faults)
    #expect(codes == [.tunnelOption] && tunnel.tunnel == nil)
    tunnel.port = Placed(6080)
    tunnel.checksum = Placed(.remcsum)
    let others = FileFaults()
    checkTunnel(Placed(tunnel), others)
    #expect(others.diagnostics().isEmpty)
    #expect(tunnel.tunnel == Tunnel(kind: .gue, port: 6080, checksum: .remcsum))
  }

  @Test func `port 0 needs persistence, and none switches that of the defaults off`() {
    var defaults = ServiceDraft()
    var persistence = PersistenceDraft()
    persistence.timeout = Placed(60)
    defaults.persistence = Placed(persistence)
    checkPortZero(service(port: 0, defaults: defaults), faults)
    checkPortZero(service(port: 80), faults)
    #expect(codes == [])
    checkPortZero(service(port: 0, defaults: defaults) { $0.persistence = .none() }, faults)
    #expect(codes == [.portZero])
  }

  @Test func `one-packet scheduling and the engine are for UDP`() {
    var persistence = PersistenceDraft()
    persistence.engine = Placed("sip")
    func check(_ protocols: [TransportProtocol]) -> [FindingCode] {
      let faults = FileFaults()
      let service = service {
        $0.protocols = Placed(protocols)
        $0.onePacket = Placed(true)
        $0.persistence = Placed(persistence)
      }
      checkOnePacket(service, faults)
      checkPersistenceEngine(service, faults)
      return faults.diagnostics().map(\.code)
    }
    #expect(check([.udp]) == [])
    #expect(check([.udp, .tcp]) == [.onePacket, .persistenceEngine])
  }

  @Test func `a flag is one of its scheduler`() {
    let flags = [SchedulerFlag(word: "sh-port", flag: .flag2, scheduler: Scheduler("sh"))]
    checkSchedulerFlags(
      service {
        $0.scheduler = Placed(Scheduler("sh"))
        $0.schedulerFlags = Placed(flags)
      }, faults)
    // What is faulty may well be the one.
    checkSchedulerFlags(
      service {
        $0.scheduler = Placed(nil)
        $0.schedulerFlags = Placed(flags)
      }, faults)
    #expect(codes == [])
    checkSchedulerFlags(service { $0.schedulerFlags = Placed(flags) }, faults)
    #expect(codes == [.schedulerFlag])
  }

  @Test func `only NAT has another port at the real server`() {
    var details = MemberDetails()
    details.port = Placed(8080)
    checkRealServerPort(details, .nat, service(), faults)
    checkRealServerPort(details, .dr, service(port: 8080), faults)
    #expect(codes == [])
    checkRealServerPort(details, .dr, service(), faults)
    #expect(codes == [.portMismatch])
  }

  @Test func `a prefix that no IPv4 address has is no netmask`() {
    var persistence = PersistenceDraft()
    persistence.netmask = Placed(.prefix(64))
    let view = service { $0.persistence = Placed(persistence) }
    checkPersistenceNetmask(view, faults)
    #expect(codes == [.badNetmask])
    #expect(PersistenceDraft.Netmask.prefix(0).mask(.ipv4) == .ipv4(0))
    #expect(PersistenceDraft.Netmask.prefix(0).mask(.ipv6) == nil)
  }

  /// A list of so many real servers, each by its own entry.
  private func list(_ entries: [MemberDetails]) -> MemberList {
    var list = MemberList(entries: entries.map(MemberDraft.detailed))
    list.members = entries.indices.map { MemberList.Member(server: Int32($0), entry: Int32($0)) }
    return list
  }

  @Test(arguments: [(2, true, []), (3, true, [.quorumTooLarge]), (3, false, [])] as [(Int, Bool, [FindingCode])])
  func `a quorum is not beyond the real servers, where they are all known`(
    quorum: Int, isWhole: Bool, expected: [FindingCode]
  ) {
    var list = list([MemberDetails(), MemberDetails()])
    list.isWhole = isWhole
    checkQuorum(service { $0.quorum = Placed(quorum) }, list, faults)
    #expect(codes == expected)
    list.hasFallback = true
    let others = FileFaults()
    checkQuorum(service { $0.quorum = Placed(2) }, list, others)
    #expect(others.diagnostics().map(\.code) == (isWhole ? [.quorumTooLarge] : []))
  }

  @Test func `a check of a service on every port names one, unless its real servers do`() {
    var ported = MemberDetails()
    ported.port = Placed(80)
    var unchecked = MemberDetails()
    unchecked.checks = .none()
    func found(_ checks: [Check], _ entries: [MemberDetails], port: UInt16 = 0) -> [FindingCode] {
      let faults = FileFaults()
      checkHealthPorts(service(port: port) { $0.checks = Placed(ChecksDraft(checks)) }, list(entries), faults)
      return faults.diagnostics().map(\.code)
    }
    let tcp = Check(.tcp)
    #expect(found([tcp], [MemberDetails()]) == [.checkPort])
    #expect(found([tcp], [ported, unchecked]) == [] && found([tcp], []) == [])
    #expect(found([tcp], [MemberDetails()], port: 80) == [])
    #expect(found([Check(.tcp, port: 80), Check(.exec(["/x"]))], [MemberDetails()]) == [])
    var own = MemberDetails()
    own.checks = Placed(ChecksDraft([tcp]))
    #expect(found([], [own]) == [.checkPort])
  }

  @Test func `health of a service that is another program's is a contradiction where the service says it`() {
    var defaults = ServiceDraft()
    defaults.checks = Placed(ChecksDraft([Check(.tcp)]))
    defaults.weights = Placed(.external)
    let quiet = service(defaults: defaults) { $0.checks = .none() }
    #expect(quiet.isOthers)
    checkOthersHealth(quiet, faults)
    checkOthersHealth(service(defaults: defaults), faults)
    #expect(codes == [])
    checkOthersHealth(service(defaults: defaults) { $0.onFailure = Placed(.remove) }, faults)
    #expect(codes == [.othersHealth])
    #expect(!service(defaults: defaults) { $0.weights = .none() }.isOthers)
  }

  @Test func `a service says its keys in their order, whatever order they came in`() {
    var draft = ServiceDraft()
    draft.members = Placed([])
    draft.scheduler = Placed(.wlc)
    draft.vips = Placed([])
    draft.onePacket = Placed(true)
    draft.scheduler = .none()
    #expect(draft.values.map(\.key) == [.vip, .scheduler, .onePacket, .realServers])
    draft.vips = nil
    #expect(draft.values.map(\.key) == [.scheduler, .onePacket, .realServers])
  }
}
