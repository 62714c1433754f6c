import Glibc
import LVSModel
import LVSPlan
import Testing

/// What the simulated kernel refuses, and with which errno.
struct SimulationTests {
  private static let service = ServiceID.address(.tcp, Classic.vip, port: 80)
  private static let server = RealServerID(address: Classic.web1, port: 80)
  private static let tunnelled = RealServerSettings(forward: .tun(Tunnel()))
  private static let daemon = SyncDaemon(interface: "ens33")

  /// A director with a service and the VIP on `ens33`, and a route of a device that has one address.
  private static var state: HostState {
    var state = HostState()
    state.modules = ["ip_vs"]
    state.links = ["ens33": LinkSettings(isUp: true), "dummy0": LinkSettings(isUp: true)]
    state.addresses = [Classic.vipOnDirector: AddressSettings(), Self.alone: AddressSettings()]
    state.routes = [Self.route: RouteSettings()]
    state.services[service] = VirtualService(settings: ServiceSettings(), realServers: [server: RealServerSettings()])
    state.timeouts = .kernelDefaults
    return state
  }

  private static let alone = AddressID(IPAddress(ipv4: 0xc0a8_9365), interface: "dummy0")
  private static let route = RouteID(IPAddress(ipv4: 0xc0a8_9365), interface: "dummy0")
  private static let six = RealServerID(address: IPAddress(ipv6High: 0x2001_0db8 << 32, low: 4), port: 80)

  private static func errno(_ steps: [Change], _ state: HostState = state) -> Int32? {
    var simulation = Simulation(state)
    do throws(SimulatedRefusal) {
      for step in steps { try simulation.carryOut(step) }
      return nil
    } catch {
      return error.errno
    }
  }

  @Test func `services and real servers have to be there, or not`() {
    let (id, server, settings) = (Self.service, Self.server, RealServerSettings())
    let other = ServiceID.address(.tcp, Classic.vip, port: 443)
    #expect(Self.errno([.realServer(other, server, Difference(before: nil, after: settings))]) == ESRCH)
    #expect(Self.errno([.realServer(id, server, Difference(before: nil, after: settings))]) == EEXIST)
    #expect(Self.errno([.realServer(id, Self.six, Difference(before: settings, after: nil))]) == ENOENT)
    #expect(Self.errno([.service(id, Difference(before: nil, after: ServiceSettings()))]) == EEXIST)
    #expect(Self.errno([.service(other, Difference(before: ServiceSettings(), after: nil))]) == ESRCH)
    let removal = Change.service(id, Difference(before: ServiceSettings(), after: nil))
    #expect(Self.errno([removal]) == nil)
    // Its real servers went with it.
    #expect(Self.errno([removal, .realServer(id, server, Difference(before: settings, after: nil))]) == ESRCH)
    #expect(Self.errno([.service(other, Difference(before: nil, after: ServiceSettings()))], HostState()) == ENOENT)
  }

  @Test func `a sync daemon and a tunnel to the other family do not go together`() {
    let start = Change.syncDaemon(.master, Difference(before: nil, after: Self.daemon))
    let tunnel = Change.realServer(Self.service, Self.six, Difference(before: nil, after: Self.tunnelled))
    #expect(Self.errno([start, tunnel]) == EINVAL)
    #expect(Self.errno([tunnel, start]) == EINVAL)
    #expect(Self.errno([start, start]) == EEXIST)
    #expect(Self.errno([tunnel, tunnel.reversed, start, start.reversed, tunnel]) == nil)
    let removal = Change.service(Self.service, Difference(before: ServiceSettings(), after: nil))
    #expect(Self.errno([tunnel, removal, start]) == nil)
    #expect(Self.errno([start.reversed]) == ESRCH)
    let untunnelled = RealServerSettings(forward: .nat)
    #expect(Self.errno([.realServer(Self.service, Self.six, Difference(before: nil, after: untunnelled))]) == EINVAL)
  }

  @Test func `with the last IPv4 address of a device go its routes`() throws {
    var simulation = Simulation(Self.state)
    try simulation.carryOut(.address(Self.alone, Difference(before: AddressSettings(), after: nil)))
    #expect(simulation.state.routes.isEmpty)
    do throws(SimulatedRefusal) {
      try simulation.carryOut(.route(Self.route, Difference(before: RouteSettings(), after: nil)))
      Issue.record("A route that is not there was deleted.")
    } catch {
      #expect(error.errno == ESRCH && error.hasGoneAlong)
    }
  }

  @Test func `addresses, routes and sysctls need their devices`() {
    let nowhere = AddressID(Classic.vip, interface: "ens34")
    let route = RouteID(Classic.vip, interface: "ens34")
    #expect(Self.errno([.address(nowhere, Difference(before: nil, after: AddressSettings()))]) == ENODEV)
    #expect(Self.errno([.route(route, Difference(before: nil, after: RouteSettings()))]) == ENODEV)
    #expect(Self.errno([.link("ens34", Difference(before: nil, after: LinkSettings(isUp: true)))]) == ENODEV)
    #expect(Self.errno([.sysctl("net.ipv4.conf.ens34.rp_filter", Difference(before: nil, after: "0"))]) == ENOENT)
    #expect(Self.errno([.sysctl("net.ipv4.vs.backup_only", Difference(before: nil, after: "1"))]) == nil)
    #expect(
      Self.errno([.sysctl("net.ipv4.vs.backup_only", Difference(before: nil, after: "1"))], HostState()) == ENOENT)
    #expect(Self.errno([.address(Classic.vipOnDirector, Difference(before: nil, after: AddressSettings()))]) == EEXIST)
    let left = AddressID(Classic.web1, interface: "ens33")
    #expect(Self.errno([.address(left, Difference(before: AddressSettings(), after: nil))]) == EADDRNOTAVAIL)
    let down = Change.link("dummy0", Difference(before: nil, after: LinkSettings(isUp: false)))
    #expect(Self.errno([down, .route(Self.route, Difference(before: nil, after: RouteSettings()))]) == ENETDOWN)
  }

  @Test func `an IPv6 address is on a device once, whatever its prefix length`() {
    let coming = [64, 128].map { (length: UInt8) -> Change in
      let id = AddressID(Self.six.address, prefixLength: length, interface: "ens33")
      return .address(id, Difference(before: nil, after: AddressSettings()))
    }
    #expect(Self.errno(coming) == EEXIST)
    #expect(Self.errno([coming[0], coming[0].reversed, coming[1]]) == nil)
  }

  @Test func `what forwarding moves is told, ahead of it`() throws {
    var state = HostState()
    let (forward, redirects) = ("net.ipv4.ip_forward", "net.ipv4.conf.all.accept_redirects")
    state.sysctls = [forward: "0", redirects: "0"]
    var simulation = Simulation(state)
    let done = try simulation.carryOut(.sysctl(forward, Difference(before: "0", after: "1")))
    #expect(done.map(\.id) == [redirects, forward])
    for step in Undo.changes(for: done, before: state) { try simulation.carryOut(step) }
    #expect(simulation.state == state)
  }
}
