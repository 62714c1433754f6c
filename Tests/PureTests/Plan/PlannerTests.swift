import LVSConfig
import LVSModel
import LVSPlan
import LVSText
import Testing

struct PlannerTests {
  private func plan(
    _ name: String, observed: HostState, file: ClusterFile = Classic.file(), role: RoleRequest = .auto,
    prune: Bool = false
  ) throws -> Plan {
    try Planner.plan(Classic.target(name, role: role, file: file), observed: observed, prune: prune)
  }

  @Test func `a director gets its services before its VIP`() throws {
    #expect(
      try plan("director1", observed: HostState()).words == [
        "create module ip_vs",
        "create sysctl net.ipv4.ip_forward",
        "create sysctl net.ipv4.conf.all.send_redirects",
        "create sysctl net.ipv4.conf.default.send_redirects",
        "create sysctl net.ipv4.conf.ens33.send_redirects",
        "create service tcp 192.168.147.100:80",
        "create real_server tcp 192.168.147.100:80 -> 192.168.147.3:80",
        "create real_server tcp 192.168.147.100:80 -> 192.168.147.4:80",
        "create address 192.168.147.100/32 dev ens33",
      ])
  }

  @Test func `a web server is mute to ARP before it holds the VIP`() throws {
    #expect(
      try plan("web1", observed: HostState()).words == [
        "create sysctl net.ipv4.conf.all.arp_announce",
        "create sysctl net.ipv4.conf.all.arp_ignore",
        "create sysctl net.ipv4.conf.lo.arp_announce",
        "create sysctl net.ipv4.conf.lo.arp_ignore",
        "create address 192.168.147.100/32 dev lo",
        "create route 192.168.147.100/32 dev lo",
      ])
  }

  @Test(arguments: ["director1", "director2", "web1"])
  func `what is as the file says needs no step`(name: String) throws {
    #expect(try plan(name, observed: Classic.target(name).state).isEmpty)
  }

  @Test func `within a service additions and weights come before removals`() throws {
    var observed = try Classic.target("director1").state
    let old = RealServerID(address: IPAddress(ipv4: 0xc0a8_9301), port: 80)
    observed.services[Classic.service]?.realServers = [
      old: RealServerSettings(), RealServerID(address: Classic.web2, port: 80): RealServerSettings(weight: 5),
    ]
    #expect(
      try plan("director1", observed: observed).words == [
        "create real_server tcp 192.168.147.100:80 -> 192.168.147.4:80",
        "update real_server tcp 192.168.147.100:80 -> 192.168.147.3:80",
        "delete real_server tcp 192.168.147.100:80 -> 192.168.147.1:80",
      ])
  }

  @Test func `a changed scheduler is an edit of the service and of nothing else`() throws {
    var observed = try Classic.target("director1").state
    observed.services[Classic.service]?.settings.scheduler = .wlc
    let plan = try plan("director1", observed: observed)
    #expect(plan.words == ["update service tcp 192.168.147.100:80"])
    #expect(plan.changes.first?.fields.before == [Field("scheduler", .text("wlc"))])
    #expect(plan.changes.first?.fields.after == [Field("scheduler", .text("rr"))])
  }

  @Test func `a weight of zero is not an absent weight`() throws {
    var observed = try Classic.target("director1").state
    observed.services[Classic.service]?.realServers[RealServerID(address: Classic.web1, port: 80)]?.weight = 0
    #expect(
      try plan("director1", observed: observed).words
        == ["update real_server tcp 192.168.147.100:80 -> 192.168.147.4:80"])
  }

  @Test func `weights of a health checker are left alone`() throws {
    var observed = try Classic.target("director1").state
    observed.services[Classic.service]?.realServers[RealServerID(address: Classic.web1, port: 80)]?.weight = 0
    #expect(try plan("director1", observed: observed, file: Classic.file(weights: .external)).isEmpty)
  }

  @Test func `a direct real server that the kernel lists as local is no difference`() throws {
    var observed = try Classic.target("director1").state
    observed.services[Classic.service]?.realServers[RealServerID(address: Classic.web1, port: 80)]?.forward = .local
    #expect(try plan("director1", observed: observed).isEmpty)
  }

  @Test func `services on other addresses stay unless they are pruned`() throws {
    var observed = try Classic.target("director1").state
    let stranger = ServiceID.address(.tcp, IPAddress(ipv4: 0x0a00_0009), port: 443)
    observed.services[stranger] = VirtualService(settings: ServiceSettings())
    let kept = try plan("director1", observed: observed)
    #expect(kept.isEmpty && kept.unmanaged == [stranger])
    let pruned = try plan("director1", observed: observed, prune: true)
    #expect(pruned.words == ["delete service tcp 10.0.0.9:443"] && pruned.unmanaged.isEmpty)
  }

  @Test func `another port of a VIP of the file is the file's to remove`() throws {
    var observed = try Classic.target("director1").state
    observed.services[.address(.tcp, Classic.vip, port: 8080)] = VirtualService(settings: ServiceSettings())
    #expect(try plan("director1", observed: observed).words == ["delete service tcp 192.168.147.100:8080"])
  }

  @Test func `a VIP that left the file is found by its mark and goes with its services`() throws {
    var observed = try Classic.target("director1").state
    let gone = IPAddress(ipv4: 0xc0a8_9365)
    observed.addresses[AddressID(gone, interface: "ens33")] = AddressSettings()
    observed.services[.address(.tcp, gone, port: 80)] = VirtualService(settings: ServiceSettings())
    #expect(
      try plan("director1", observed: observed).words == [
        "delete address 192.168.147.101/32 dev ens33", "delete service tcp 192.168.147.101:80",
      ])
  }

  @Test func `an address that somebody else added is never removed`() throws {
    var observed = try Classic.target("director1").state
    observed.addresses[AddressID(IPAddress(ipv4: 0xc0a8_9365), interface: "ens33")] = AddressSettings(mark: 0)
    #expect(try plan("director1", observed: observed).isEmpty)
  }

  @Test func `a VIP on the wrong interface without the mark is refused by name`() throws {
    var observed = HostState()
    observed.addresses[AddressID(Classic.vip, interface: "ens34")] = AddressSettings(mark: 0)
    let refusal = #expect(throws: PlanRefusal.self) { try plan("director1", observed: observed) }
    #expect(refusal?.reasons.map(\.code) == [.foreignVIP])
    #expect(refusal?.reasons.first?.subject == "192.168.147.100/32 dev ens34")
    #expect(refusal?.reasons.first?.facts == [Finding.Fact("wanted", "192.168.147.100/32 dev ens33")])
    #expect(refusal?.reasons.first?.contains("192.168.147.100/32 dev ens34") == true)
    #expect(refusal?.reasons.first?.contains("192.168.147.100/32 dev ens33") == true)
  }

  /// What is said of VIPs that somebody else put on a node with another prefix length, by their addresses.
  private func refusals(_ node: String, _ ids: AddressID..., file: ClusterFile = Classic.file()) throws -> [String] {
    var observed = HostState()
    for id in ids { observed.addresses[id] = AddressSettings(mark: 0) }
    let target = try Classic.target(node, file: file)
    let refusal = #expect(throws: PlanRefusal.self) { try Planner.plan(target, observed: observed) }
    return refusal?.reasons.map(\.message.text) ?? []
  }

  @Test func `a VIP with another prefix length on a real server gets the line with which it never leaves`() throws {
    let refusals = try refusals("web1", AddressID(Classic.vip, prefixLength: 24, interface: "lo"))
    #expect(
      refusals == [
        """
        The VIP 192.168.147.100/24 dev lo was not put there by lvsctl, and the file wants it as 192.168.147.100/32 dev lo. \
        This line gives it the prefix length without its leaving: ip addr add 192.168.147.100/32 dev lo label lo:0 && ip \
        addr del 192.168.147.100/24 dev lo
        """
      ])
  }

  @Test func `of VIPs of one network none leaves with another one`() throws {
    let file = try goodServices("- { vip: [192.168.147.100-101, 10.9.0.1], port: 80, real_servers: [web] }")
    let ids = try ["192.168.147.101", "192.168.147.100", "10.9.0.1"].map {
      AddressID(try address($0), prefixLength: 24, interface: "lo")
    }
    let lines = try refusals("web1", ids[0], ids[1], ids[2], file: file).compactMap {
      $0.split(separator: "leaving: ").last.map(String.init)
    }
    #expect(
      lines == [
        "ip addr add 10.9.0.1/32 dev lo label lo:2 && ip addr del 10.9.0.1/24 dev lo",
        """
        sysctl -qw net.ipv4.conf.lo.promote_secondaries=1 && ip addr add 192.168.147.100/32 dev lo label lo:0 && ip addr \
        del 192.168.147.100/24 dev lo
        """,
        """
        sysctl -qw net.ipv4.conf.lo.promote_secondaries=1 && ip addr add 192.168.147.101/32 dev lo label lo:1 && ip addr \
        del 192.168.147.101/24 dev lo
        """,
      ])
  }

  @Test func `a VIP with another prefix length on a director is one that the file can say`() throws {
    let found = AddressID(Classic.vip, prefixLength: 24, interface: "ens33")
    let refusals = try refusals("director1", found)
    let words = try #require(refusals.first)
    #expect(
      words.contains("stays as it is: vips: [{ address: 192.168.147.100, prefix: 24 }]"), "\(words)")
    var file = Classic.file()
    file.vips[0].prefixLength = 24
    var observed = try Classic.target("director1", file: file).state
    observed.addresses[found]?.mark = 0
    #expect(try Planner.plan(Classic.target("director1", file: file), observed: observed).isEmpty)
  }

  @Test func `a VIP that the file wants elsewhere, or nowhere on the node, is removed by hand`() throws {
    for (node, interface) in [("web1", "eth0"), ("director2", "ens33")] {
      let words = try #require(
        try refusals(node, AddressID(Classic.vip, prefixLength: 24, interface: interface)).first)
      #expect(words.contains("Remove it (ip addr del 192.168.147.100/24 dev \(interface)), or"), "\(words)")
    }
  }

  @Test func `a VIP with the mark moves, and leaves last`() throws {
    var observed = try Classic.target("director1").state
    observed.addresses = [AddressID(Classic.vip, interface: "ens34"): AddressSettings()]
    #expect(
      try plan("director1", observed: observed).words == [
        "create address 192.168.147.100/32 dev ens33", "delete address 192.168.147.100/32 dev ens34",
      ])
  }

  @Test func `a demoted director gives the VIP up first and keeps its services`() throws {
    var observed = try Classic.target("director1").state
    observed.services[Classic.service]?.settings.scheduler = .wlc
    #expect(
      try plan("director1", observed: observed, role: .standby).words == [
        "delete address 192.168.147.100/32 dev ens33", "update service tcp 192.168.147.100:80",
      ])
  }

  @Test func `a real server that serves nothing any more gives up the VIP before its route`() throws {
    var file = Classic.file()
    file.services[0].realServers.removeFirst()
    #expect(
      try plan("web1", observed: Classic.target("web1").state, file: file).words == [
        "delete address 192.168.147.100/32 dev lo", "delete route 192.168.147.100/32 dev lo",
      ])
  }

  @Test func `a label that only the role implies is not a difference and one that the file names is`() throws {
    var observed = try Classic.target("director1").state
    observed.addresses[Classic.vipOnDirector]?.label = nil
    #expect(try plan("director1", observed: observed).isEmpty)
    var file = Classic.file()
    file.vips[0].label = "ens33:web"
    #expect(
      try plan("director1", observed: observed, file: file).words == ["update address 192.168.147.100/32 dev ens33"])
  }

  @Test func `timeouts that the file does not name are left alone`() throws {
    var observed = try Classic.target("director1").state
    observed.timeouts = Timeouts(tcp: 900, tcpFin: 120, udp: 300)
    #expect(try plan("director1", observed: observed).isEmpty)
    var file = Classic.file()
    file.timeouts.udp = 60
    let change = try #require(try plan("director1", observed: observed, file: file).changes.first)
    #expect(change.fields.before == [Field("udp", .integer(300))])
    #expect(change.fields.after == [Field("udp", .integer(60))])
  }

  @Test func `a promoted standby ends the backup daemon before it starts the master`() throws {
    var file = Classic.file()
    file.sync = SyncDaemon(interface: "ens33", id: 3)
    let observed = try Classic.target("director2", file: file).state
    #expect(
      try plan("director2", observed: observed, file: file, role: .director).words == [
        "delete sync_daemon backup", "create sync_daemon master", "create address 192.168.147.100/32 dev ens33",
      ])
  }

  @Test func `a sync daemon ends before the services change and starts after them`() throws {
    var observed = HostState()
    observed.syncDaemons[.backup] = SyncDaemon(interface: "ens33", id: 3)
    var file = Classic.file()
    file.sync = SyncDaemon(interface: "ens33", id: 3)
    let words = try plan("director1", observed: observed, file: file).words
    let service = try #require(words.firstIndex(of: "create service tcp 192.168.147.100:80"))
    let server = try #require(words.firstIndex(of: "create real_server tcp 192.168.147.100:80 -> 192.168.147.4:80"))
    #expect(try #require(words.firstIndex(of: "delete sync_daemon backup")) < service)
    #expect(try #require(words.firstIndex(of: "create sync_daemon master")) > server)
  }

  @Test func `a sync daemon that the file does not name is left alone`() throws {
    var observed = try Classic.target("director1").state
    observed.syncDaemons[.master] = SyncDaemon(interface: "ens34")
    #expect(try plan("director1", observed: observed).isEmpty)
  }

  @Test func `the real server's part alone leaves the director's part of a machine alone`() throws {
    var file = Classic.file()
    file.realServers[0].addresses = [Classic.director1]
    var observed = try Classic.target("director1", file: file).state
    let gone = AddressID(IPAddress(ipv4: 0xc0a8_9365), interface: "ens33")
    observed.addresses[gone] = AddressSettings()
    #expect(try plan("web1", observed: observed, file: file, role: .realserver).isEmpty)
    #expect(try plan("web1", observed: observed, file: file).words == ["delete address \(gone)"])
  }
}

struct TeardownTests {
  @Test func `a director gives up the VIP, then its services, then its sysctls`() throws {
    let target = try Classic.target("director1")
    let plan = Planner.teardown(
      target, observed: target.state,
      memory: .of(sysctls: ["net.ipv4.ip_forward": "1", "net.ipv4.conf.gone.send_redirects": "1"]))
    #expect(
      plan.words == [
        "delete address 192.168.147.100/32 dev ens33", "delete service tcp 192.168.147.100:80",
        "update sysctl net.ipv4.ip_forward",
      ])
  }

  @Test func `a web server answers ARP again only after the VIP has left`() throws {
    let target = try Classic.target("web1")
    let remembered = target.state.sysctls.mapValues { _ in "0" }
    let words = Planner.teardown(target, observed: target.state, memory: .of(sysctls: remembered)).words
    #expect(words.prefix(2) == ["delete address 192.168.147.100/32 dev lo", "delete route 192.168.147.100/32 dev lo"])
    #expect(words.count == 6 && words.dropFirst(2).allSatisfy { $0.hasPrefix("update sysctl") })
  }

  @Test func `what others added stays`() throws {
    let target = try Classic.target("director1")
    var observed = HostState()
    observed.addresses[Classic.vipOnDirector] = AddressSettings(mark: 0)
    observed.services[.address(.tcp, IPAddress(ipv4: 0x0a00_0009), port: 443)] = VirtualService(
      settings: ServiceSettings())
    let plan = Planner.teardown(target, observed: observed)
    #expect(plan.isEmpty && plan.unmanaged.count == 1)
  }

  @Test func `a tunnel device goes down again, unless it was up before`() throws {
    let target = try Classic.target("web1", file: Classic.file(forward: .tun(Tunnel())))
    let plan = Planner.teardown(target, observed: target.state, memory: .of(devices: ["tunl0"]))
    #expect(plan.words == ["delete address 192.168.147.100/32 dev tunl0", "update link tunl0"])
    let other = Planner.teardown(target, observed: target.state)
    #expect(other.words == ["delete address 192.168.147.100/32 dev tunl0"])
  }

  /// ip_forward sets accept_redirects of all and forwarding of each interface along with itself (inet_forward_change).
  @Test func `what follows forwarding is set after it, whatever it is before`() throws {
    let names = ["net.ipv4.conf.all.accept_redirects", "net.ipv4.conf.ens33.forwarding", "net.ipv4.ip_forward"]
    var target = try Classic.target("director1")
    target.state.sysctls = [names[0]: "0", names[1]: "0", names[2]: "0"]
    var observed = target.state
    observed.sysctls[names[2]] = "1"
    let sysctls = try Planner.plan(target, observed: observed).changes
    #expect(
      sysctls == [
        .sysctl(names[2], Difference(before: "1", after: "0")), .sysctl(names[0], Difference(before: "1", after: "0")),
      ])
    observed.sysctls[names[2]] = "0"
    #expect(try Planner.plan(target, observed: observed).isEmpty)
  }
}
