import LVSConfig
import LVSModel
import LVSPlan
import Testing

/// VIPs and services that are not the active director's.
struct HolderTests {
  private let second = IPAddress(ipv4: 0xc0a8_9365)

  /// The classic file with a second VIP and service, held by director2; both directors are real servers of both.
  private var split: ClusterFile {
    var file = Classic.file()
    file.realServers = [
      ClusterFile.RealServer(name: "director1", addresses: [Classic.director1]),
      ClusterFile.RealServer(name: "director2", addresses: [Classic.director2]),
    ]
    for (index, address) in [Classic.director1, Classic.director2].enumerated() {
      file.services[0].realServers[index].id.address = address
    }
    file.vips.append(ClusterFile.VIP(address: second, holder: .director(1)))
    var service = file.services[0]
    service.id = .address(.tcp, second, port: 80)
    file.services.append(service)
    file.sync = SyncDaemon(interface: "ens33")
    return file
  }

  private func vips(_ name: String, _ role: RoleRequest = .auto) throws -> [IPAddress] {
    try Classic.target(name, role: role, file: split).state.addresses.keys.filter { $0.interface == "ens33" }
      .map(\.address).sorted()
  }

  @Test func `a director holds the VIPs of its own name until it is demoted`() throws {
    #expect(try vips("director1") == [Classic.vip])
    #expect(try vips("director2") == [second])
    #expect(try vips("director2", .director) == [Classic.vip, second])
    #expect(try vips("director2", .standby) == [])
  }

  @Test func `with two active directors each runs both daemons, and holds only services that it is active for`() throws
  {
    let first = try Classic.target("director1", file: split)
    #expect(first.state.syncDaemons.count == 2 && first.state.sysctls["net.ipv4.vs.backup_only"] == nil)
    #expect(Array(first.state.services.keys) == [Classic.service] && first.resting.isEmpty)
    #expect(try Classic.target("director2", file: split).state.services.keys.first?.vip == second)
  }

  @Test func `a standby that serves by NAT, or serves another service, holds them`() throws {
    var file = split
    file.sync = nil
    file.vips.removeLast()
    file.services.removeLast()
    #expect(try Classic.target("director2", file: file).state.services.isEmpty)
    file.services[0].realServers[1].settings.forward = .nat
    #expect(try Classic.target("director2", file: file).state.services.count == 1)
    file.services[0].realServers[1].settings.forward = .tun(Tunnel())
    #expect(try Classic.target("director2", file: file).state.services.isEmpty)
    file.services[0].realServers.removeLast()
    #expect(try Classic.target("director2", file: file).state.services.count == 1)
  }

  @Test func `backup_only that the file leaves to somebody else is not relied on`() throws {
    var file = split
    file.vips.removeLast()
    file.services.removeLast()
    let rests = try Classic.target("director2", file: file)
    #expect(rests.resting == [Classic.service] && rests.state.sysctls["net.ipv4.vs.backup_only"] == "1")
    for wish in [SysctlWish.keep, .value("0")] {
      file.sysctls.director = ["net.ipv4.vs.backup_only": wish]
      #expect(try Classic.target("director2", file: file).state.services.isEmpty)
    }
  }

  @Test func `a service of another program is left alone, and what belongs to it is done`() throws {
    var file = Classic.file(forward: .nat)
    file.services[0].isHeldExternally = true
    let target = try Classic.target("director1", file: file)
    #expect(target.state.services.isEmpty && target.state.sysctls["net.ipv4.ip_forward"] == "1")
    var observed = target.state
    observed.services[Classic.service] = VirtualService(settings: ServiceSettings())
    let plan = try Planner.plan(target, observed: observed, prune: true)
    #expect(plan.isEmpty && plan.unmanaged.isEmpty)
    #expect(Planner.teardown(target, observed: observed).words == ["delete address 192.168.147.100/32 dev ens33"])
  }

  @Test func `what the file ignores is not pruned`() throws {
    var file = Classic.file()
    file.ignored = IgnoredServices(
      networks: [
        Prefix(of: IPAddress(ipv4: 0x0a00_0000), length: 8),
        Prefix(of: IPAddress(ipv6High: 1 << 63, low: 0), length: 65),
        Prefix(of: IPAddress(ipv6High: 0x2000 << 48, low: 0), length: 3),
      ], fwmarks: [7])
    let target = try Classic.target("director1", file: file)
    var observed = target.state
    let inside: [ServiceID] = [
      .address(.tcp, IPAddress(ipv4: 0x0aff_0001), port: 1), .fwmark(7, .ipv6),
      .address(.udp, IPAddress(ipv6High: 1 << 63, low: 5), port: 1),
      .address(.udp, IPAddress(ipv6High: 0x3fff << 48, low: 5), port: 1),
    ]
    let outside: [ServiceID] = [
      .address(.tcp, IPAddress(ipv4: 0x0bff_0001), port: 1), .fwmark(8, .ipv4),
      .address(.udp, IPAddress(ipv6High: 1 << 63, low: 1 << 63), port: 1),
    ]
    for id in inside + outside { observed.services[id] = VirtualService(settings: ServiceSettings()) }
    let plan = try Planner.plan(target, observed: observed, prune: true)
    #expect(Set(plan.words) == Set(outside.map { "delete service \($0)" }))
  }

  @Test func `a server that comes to a service of a health checker waits for its weight`() throws {
    let target = try Classic.target("director1", file: Classic.file(weights: .external))
    var observed = target.state
    observed.services[Classic.service]?.realServers[RealServerID(address: Classic.web1, port: 80)] = nil
    let back = try Planner.plan(target, observed: observed).changes.first
    let first = try Planner.plan(target, observed: HostState()).changes.last { $0.kind == "real_server" }
    #expect(back?.after?.realServer?.weight == 0 && first?.after?.realServer?.weight == 1)
  }
}
