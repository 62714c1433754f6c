import LVSModel
import LVSPlan
import LVSText
import Testing

/// Which steps of a plan wait for connections to end.
struct StagingTests {
  private static let tcp = ServiceID.address(.tcp, Classic.vip, port: 80)
  private static let marked = ServiceID.fwmark(7, .ipv4)
  private static let web1 = RealServerID(address: Classic.web1, port: 80)
  private static let web2 = RealServerID(address: Classic.web2, port: 80)
  private static let shop = AddressID(IPAddress(ipv4: 0xc0a8_9365), interface: "ens33")
  private static let vip = AddressID(Classic.vip, interface: "ens33")

  /// A director with a service of its VIP and one of a firewall mark.
  private static var observed: HostState {
    var state = HostState()
    for id in [tcp, marked] {
      state.services[id] = VirtualService(
        settings: ServiceSettings(), realServers: [web1: RealServerSettings(), web2: RealServerSettings(weight: 0)])
    }
    return state
  }

  private static func removal(of id: ServiceID) -> Change {
    .service(id, Difference(before: ServiceSettings(), after: nil))
  }

  private static func removal(of id: AddressID) -> Change {
    .address(id, Difference(before: AddressSettings(), after: nil))
  }

  private static func sysctl(_ name: String) -> Change { .sysctl(name, Difference(before: "1", after: "0")) }

  private static func words(_ changes: [Change]) -> [String] { Plan(changes: changes).words }

  private static let withoutWeb1 = Change.realServer(tcp, web1, Difference(before: RealServerSettings(), after: nil))

  @Test func `a real server that goes has weight 0 first, and one that has it already is only waited for`() {
    let staged = Plan(changes: [Self.removal(of: Self.tcp)]).staged(observed: Self.observed)
    let resting = RealServerSettings(weight: 0)
    #expect(
      staged.first == [.realServer(Self.tcp, Self.web1, Difference(before: RealServerSettings(), after: resting))])
    #expect(
      staged.draining
        == [Self.web2, Self.web1].map { Draining(service: Self.tcp, realServer: $0) })
    #expect(staged.second == [Self.removal(of: Self.tcp)])
  }

  @Test func `what comes and what is edited does not wait`() {
    let web3 = RealServerID(address: IPAddress(ipv4: 0xc0a8_9302), port: 80)
    let addition = Change.realServer(Self.tcp, web3, Difference(before: nil, after: RealServerSettings()))
    let edit = Change.service(
      Self.tcp, Difference(before: ServiceSettings(), after: ServiceSettings(scheduler: Scheduler("rr"))))
    let coming = Change.address(Self.shop, Difference(before: nil, after: AddressSettings()))
    let staged = Plan(changes: [edit, addition, Self.withoutWeb1, coming]).staged(observed: Self.observed)
    #expect(staged.first.filter { $0 == edit || $0 == addition || $0 == coming } == [edit, addition, coming])
    #expect(staged.second == [Self.withoutWeb1])
  }

  @Test func `a VIP waits with its services, and its route with it`() {
    let lo = AddressID(Classic.vip, interface: "lo")
    let route = Change.route(RouteID(Classic.vip, interface: "lo"), Difference(before: RouteSettings(), after: nil))
    let removals = [Self.removal(of: Self.vip), Self.removal(of: lo), route, Self.removal(of: Self.tcp)]
    #expect(Plan(changes: removals).staged(observed: Self.observed).second == removals)
  }

  @Test func `a VIP that no service names waits for what firewall marks lose`() {
    let removals = [Self.removal(of: Self.shop), Self.removal(of: Self.marked)]
    #expect(Plan(changes: removals).staged(observed: Self.observed).second == removals)
    // A VIP whose service stays leaves for another director, which must not find it held.
    let demotion = Plan(changes: [Self.removal(of: Self.vip), Self.removal(of: Self.marked)])
    #expect(demotion.staged(observed: Self.observed).second == [Self.removal(of: Self.marked)])
  }

  @Test func `a VIP that leaves a director with all its services leaves at once`() {
    let removal = Self.removal(of: Self.vip)
    #expect(Plan(changes: [removal]).staged(observed: Self.observed).first == [removal])
  }

  @Test func `forwarding, sync daemons and devices behind a removal wait with it, those before it do not`() {
    let forwarding = Self.sysctl("net.ipv4.ip_forward")
    let redirects = Self.sysctl("net.ipv4.conf.all.send_redirects")
    let daemon = Change.syncDaemon(.master, Difference(before: SyncDaemon(interface: "ens33"), after: nil))
    let device = Change.link("tunl0", Difference(before: LinkSettings(isUp: true), after: LinkSettings(isUp: false)))
    let changes = [redirects, Self.withoutWeb1, daemon, device, forwarding]
    let staged = Plan(changes: changes).staged(observed: Self.observed)
    #expect(staged.first.first == redirects)
    #expect(staged.second == [Self.withoutWeb1, daemon, device, forwarding])
    #expect(Plan(changes: [daemon, device, forwarding]).staged(observed: Self.observed).second == [])
  }

  @Test func `sh falls back while real servers of its service run empty, and is then what the file says`() {
    var observed = Self.observed
    let hashing = ServiceSettings(scheduler: Scheduler("sh"), schedulerFlags: .flag2)
    let falling = ServiceSettings(scheduler: Scheduler("sh"), schedulerFlags: [.flag1, .flag2])
    let there = Change.service(Self.tcp, Difference(before: hashing, after: falling))
    observed.services[Self.tcp]?.settings = hashing
    let staged = Plan(changes: [Self.withoutWeb1]).staged(observed: observed)
    #expect(staged.first.last == there)
    #expect(staged.second == [Self.withoutWeb1, there.reversed])
    // One that falls back already, or schedules otherwise, is left alone; one that is edited is as it was edited.
    observed.services[Self.tcp]?.settings = falling
    #expect(Plan(changes: [Self.withoutWeb1]).staged(observed: observed).second == [Self.withoutWeb1])
    let edit = Change.service(Self.tcp, Difference(before: falling, after: hashing))
    let edited = Plan(changes: [edit, Self.withoutWeb1]).staged(observed: observed)
    #expect(edited.first.filter { $0.kind == "service" } == [edit, there])
    #expect(edited.second.last == there.reversed)
  }

  @Test func `persistence binds clients only where a service that loses real servers has it`() {
    var observed = Self.observed
    observed.services[Self.marked]?.settings.persistence = Persistence(timeout: 60, netmask: .host(.ipv4))
    #expect(!Plan(changes: [Self.withoutWeb1]).staged(observed: observed).bindsClients)
    #expect(Plan(changes: [Self.removal(of: Self.marked)]).staged(observed: observed).bindsClients)
  }
}

/// Which connections are open.
struct OpenConnectionsTests {
  private static func counters(active: UInt32, inactive: UInt32) -> RealServerCounters {
    var counters = RealServerCounters()
    counters.active = active
    counters.inactive = inactive
    counters.persistent = 9
    return counters
  }

  @Test(arguments: [(TransportProtocol.tcp, 2 as UInt32?), (.udp, 5), (.sctp, 2)])
  func `active connections are open, and for UDP all`(transport: TransportProtocol, open: UInt32?) {
    let service = ServiceID.address(transport, Classic.vip, port: 80)
    #expect(Self.counters(active: 2, inactive: 3).open(in: service) == open)
  }

  @Test func `without an active one the connection table has to tell, but for TCP and UDP`() {
    let idle = Self.counters(active: 0, inactive: 3)
    #expect(idle.open(in: .address(.tcp, Classic.vip, port: 80)) == 0)
    #expect(idle.open(in: .address(.udp, Classic.vip, port: 80)) == 3)
    #expect(idle.open(in: .address(.sctp, Classic.vip, port: 80)) == nil)
    #expect(idle.open(in: .fwmark(7, .ipv4)) == nil)
    #expect(Self.counters(active: 0, inactive: 0).open(in: .fwmark(7, .ipv4)) == 0)
  }

  @Test func `a plan says what it waits for instead of what it cuts`() throws {
    var plan = try Plans.drift()
    #expect(plan.text(Style(usesColor: false)).contains("cuts 3 connections"))
    plan.waits = true
    #expect(plan.text(Style(usesColor: false)).contains("waits for 3 connections"))
    #expect(!plan.text(Style(usesColor: false)).contains("cuts"))
  }
}
