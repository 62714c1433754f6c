import LVSConfig
import LVSModel
import Testing

struct TargetTests {
  @Test func `the active director holds module, sysctls, services and the VIP`() throws {
    let state = try Classic.target("director1").state
    #expect(state.modules == ["ip_vs"])
    #expect(
      state.sysctls == [
        "net.ipv4.ip_forward": "0", "net.ipv4.conf.all.send_redirects": "0",
        "net.ipv4.conf.default.send_redirects": "0", "net.ipv4.conf.ens33.send_redirects": "0",
      ])
    #expect(state.addresses.keys.map(\.description) == ["192.168.147.100/32 dev ens33"])
    #expect(state.addresses[Classic.vipOnDirector]?.label == "ens33:0")
    #expect(state.services[Classic.service]?.realServers.count == 2)
    #expect(state.routes.isEmpty)
  }

  @Test func `a standby holds the same services and no VIP`() throws {
    let standby = try Classic.target("director2").state
    #expect(standby.addresses.isEmpty)
    #expect(standby.services == (try Classic.target("director1").state.services))
  }

  @Test func `a web server holds the VIP on lo with its route and is mute to ARP`() throws {
    let state = try Classic.target("web1").state
    #expect(
      state.sysctls == [
        "net.ipv4.conf.all.arp_ignore": "1", "net.ipv4.conf.all.arp_announce": "2",
        "net.ipv4.conf.lo.arp_ignore": "1", "net.ipv4.conf.lo.arp_announce": "2",
      ])
    #expect(state.addresses[Classic.vipOnLoopback]?.label == "lo:0")
    #expect(state.routes.keys.map(\.description) == ["192.168.147.100/32 dev lo"])
    #expect(state.services.isEmpty && state.modules.isEmpty)
  }

  @Test func `NAT turns forwarding on at the director and asks nothing of the web server`() throws {
    let file = Classic.file(forward: .nat)
    #expect(try Classic.target("director1", file: file).state.sysctls["net.ipv4.ip_forward"] == "1")
    let web = try Classic.target("web1", file: file).state
    #expect(web == HostState())
  }

  @Test func `any NAT service turns IPv4 forwarding on, and one of IPv6 forwarding for IPv6 besides`() throws {
    let reading = ClusterFile.read(
      Array(
        """
        directors: [{ name: director1, address: 192.168.147.6, interface: ens33 }]
        real_servers: [{ name: web1, address: "2001:db8:147::4" }]
        services: [{ vip: "2001:db8:147::100", port: 80, forward: nat }]
        """.utf8))
    let file = try #require(reading.file)
    let sysctls = try Classic.target("director1", file: file).state.sysctls
    #expect(sysctls["net.ipv4.ip_forward"] == "1")
    #expect(sysctls["net.ipv6.conf.all.forwarding"] == "1")
  }

  @Test func `a tunnel brings its module, device, VIP and sysctls`() throws {
    let state = try Classic.target("web1", file: Classic.file(forward: .tun(Tunnel()))).state
    #expect(state.modules == ["ipip"])
    #expect(state.links == ["tunl0": LinkSettings(isUp: true)])
    #expect(state.addresses.keys.map(\.description) == ["192.168.147.100/32 dev tunl0"])
    #expect(state.sysctls["net.ipv4.conf.all.rp_filter"] == "0")
    #expect(state.sysctls["net.ipv4.conf.tunl0.rp_filter"] == "0")
    #expect(state.sysctls["net.ipv4.conf.tunl0.arp_ignore"] == "1")
    #expect(state.routes.isEmpty)
  }

  @Test func `dots of an interface become slashes in the name of a sysctl`() throws {
    var file = Classic.file()
    file.directors[0].interface = "ens33.100"
    let state = try Classic.target("director1", file: file).state
    #expect(state.sysctls["net.ipv4.conf.ens33/100.send_redirects"] == "0")
  }

  @Test func `an implied label that would not fit is left out`() throws {
    var file = Classic.file()
    file.directors[0].interface = "enp0s31f6vl100"
    let state = try Classic.target("director1", file: file).state
    #expect(state.addresses.values.map(\.label) == [nil])
  }

  @Test func `keep leaves an implied sysctl alone and a value replaces it`() throws {
    var file = Classic.file()
    file.sysctls.director = ["net.ipv4.ip_forward": .keep, "net.ipv4.vs.conntrack": .value("1")]
    let sysctls = try Classic.target("director1", file: file).state.sysctls
    #expect(sysctls["net.ipv4.ip_forward"] == nil)
    #expect(sysctls["net.ipv4.vs.conntrack"] == "1")
    #expect(try Classic.target("director2", file: file).state.sysctls == sysctls)
    file.sysctls.standby = [:]
    #expect(try Classic.target("director2", file: file).state.sysctls["net.ipv4.ip_forward"] == "0")
  }

  @Test func `a VIP held by another program is on no director and on every web server`() throws {
    var file = Classic.file()
    file.vips[0].holder = .external
    #expect(try Classic.target("director1", file: file).state.addresses.isEmpty)
    #expect(try Classic.target("web1", file: file).state.addresses.count == 1)
  }

  @Test func `a fwmark service brings the VIPs that no other service names`() throws {
    var file = Classic.file()
    let listed = IPAddress(ipv4: 0xc0a8_9365)
    file.vips.append(ClusterFile.VIP(address: listed, isNamedByService: false))
    #expect(try Classic.target("web1", file: file).state.addresses.count == 1)
    file.services.append(
      ClusterFile.Service(
        id: .fwmark(10, .ipv4), settings: ServiceSettings(),
        realServers: [
          ClusterFile.Member(
            server: 0, id: RealServerID(address: Classic.web1, port: 0), settings: RealServerSettings())
        ]))
    let web1 = try Classic.target("web1", file: file).state.addresses
    #expect(web1[AddressID(listed, interface: "lo")]?.label == "lo:1")
    #expect(try Classic.target("web2", file: file).state.addresses.count == 1)
  }

  @Test func `the sync daemon is the master on the active director and the backup on a standby`() throws {
    var file = Classic.file()
    file.sync = SyncDaemon(interface: "ens33")
    #expect(try Classic.target("director1", file: file).state.syncDaemons.keys.sorted() == [.master])
    #expect(try Classic.target("director2", file: file).state.syncDaemons.keys.sorted() == [.backup])
    #expect(try Classic.target("web1", file: file).state.syncDaemons.isEmpty)
  }
}
