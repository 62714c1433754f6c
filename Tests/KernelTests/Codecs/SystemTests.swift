import LVSKernel
import LVSModel
import LVSSystem
import Testing

extension CodecSuites {
  @Suite struct SystemTests {
    init() throws { try CodecSuites.reset() }

    @Test func `a sysctl of an interface with a dot in its name is read and written`() throws {
      try CodecSuites.shell("ip link del lv0.100 2>/dev/null; ip link add lv0.100 type dummy")
      let parameter = try #require(Sysctl("net.ipv4.conf.lv0/100.arp_ignore"))
      #expect(try parameter.read() == "0")
      try parameter.write("1")
      #expect(try parameter.read() == "1")
      #expect(try CodecSuites.shell("sysctl -n net.ipv4.conf.lv0/100.arp_ignore") == "1")
      try CodecSuites.shell("ip link del lv0.100")
      #expect(try parameter.read() == nil)
    }

    @Test func `a value the kernel does not take keeps its errno`() throws {
      let parameter = try #require(Sysctl("net.ipv4.ip_forward"))
      let error = #expect(throws: SystemError.self) { try parameter.write("many") }
      #expect(error?.errno == 22)
    }

    @Test func `a value of several numbers is read with single spaces`() throws {
      let parameter = try #require(Sysctl("net.ipv4.ip_local_port_range"))
      #expect(try parameter.read() == "32768 60999")
    }

    @Test func `looking does not load the module, and loading does`() throws {
      let kernel = KernelConnection()
      try CodecSuites.shell("modprobe -r ip_vs_wlc ip_vs_rr ip_vs_wrr ip_vs_lc ip_vs_sh ip_vs_mh ip_vs_pe_sip ip_vs")
      let module = try #require(KernelModule("ip_vs"))
      #expect(!module.isLoaded)
      #expect(try IPVSAvailability.current() == .loadable)
      var query = ObservationQuery.everything
      query.modules = ["ip_vs"]
      let state = try kernel.observe(query).state
      #expect(state.modules.isEmpty)
      #expect(state.services.isEmpty)
      #expect(state.timeouts == Timeouts())
      #expect(!module.isLoaded)

      try module.load()
      #expect(module.isLoaded)
      #expect(try IPVSAvailability.current() == .loaded)
      #expect(try kernel.observe(query).state.modules == ["ip_vs"])
      #expect(try kernel.observe(query).state.timeouts.tcp != nil)
    }

    @Test func `a module that is built in counts as loaded, also where it has no parameters`() throws {
      // Part of Debian's kernel for user mode.
      #expect(try run(["test", "-e", "/sys/module/crypto_algapi"]).status != 0)
      #expect(KernelModule("crypto-algapi")?.isLoaded == true)
      #expect(KernelModule("crypto")?.isLoaded == true)
      #expect(KernelModule("rypto")?.isLoaded == false)
    }

    @Test func `a module that is nowhere is refused in modprobe's words`() throws {
      let module = try #require(KernelModule("no_such_module"))
      #expect(try module.obstacle == .notFound)
      let error = #expect(throws: SystemError.self) { try module.load() }
      #expect(error?.details?.contains("no_such_module") == true)
    }

    @Test func `root has the capabilities that lvsctl needs`() throws {
      let capabilities = try Capabilities.current()
      #expect(capabilities.hasNetAdmin && capabilities.hasNetRaw && capabilities.hasSysModule)
    }

    @Test func `counters count what passes`() throws {
      let kernel = KernelConnection()
      let service = ServiceID.address(.udp, IPAddress(ipv4: 0x0a63_0001), port: 9)
      let server = RealServerID(address: IPAddress(ipv4: 0x0a63_0101), port: 9)
      try CodecSuites.shell(
        """
        ip addr add 10.99.1.2/24 dev lv0; ip route add 10.99.0.1/32 dev lv0
        ip neigh add 10.99.1.1 lladdr 02:00:00:00:00:01 dev lv0
        ipvsadm -A -u 10.99.0.1:9 -s rr; ipvsadm -a -u 10.99.0.1:9 -r 10.99.1.1:9 -m
        bash -c 'echo x >/dev/udp/10.99.0.1/9'
        """)
      // The kernel sums its counters up every two seconds (ip_vs_est), so they are read until they have come.
      var counters = ServiceCounters()
      for _ in 0..<100_000 where counters.traffic.connections == 0 {
        counters = try #require(try kernel.counters()[service])
      }
      #expect(counters.traffic.connections == 1)
      #expect(counters.traffic.packetsIn == 1)
      #expect(counters.traffic.bytesIn == 30)
      #expect(counters.realServers[server]?.traffic == counters.traffic)
      #expect(counters.realServers[server]?.inactive == 1)
    }
  }
}
