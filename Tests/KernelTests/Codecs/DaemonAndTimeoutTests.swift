import LVSKernel
import LVSModel
import Testing

extension CodecSuites {
  @Suite struct DaemonAndTimeoutTests {
    private let kernel = KernelConnection()

    init() throws {
      try CodecSuites.reset()
      try CodecSuites.shell("ip addr add 192.168.148.6/24 dev lv0; ip link set lv0 multicast on")
      try CodecSuites.shell(
        "ipvsadm --stop-daemon master; ipvsadm --stop-daemon backup; ipvsadm --set 900 120 300; true")
    }

    @Test func `timeouts are set one by one, and the others stay`() throws {
      let before = try kernel.timeouts()
      #expect(before == Timeouts(tcp: 900, tcpFin: 120, udp: 300))
      #expect(kernel.perform([.timeouts(Difference(before: before, after: Timeouts(tcpFin: 30)))]).isComplete)
      #expect(try kernel.timeouts() == Timeouts(tcp: 900, tcpFin: 30, udp: 300))
      #expect(try CodecSuites.shell("ipvsadm -L --timeout") == "Timeout (tcp tcpfin udp): 900 30 300")
    }

    @Test(arguments: SyncRole.allCases) func `a sync daemon runs as written, and is read back so`(role: SyncRole) throws
    {
      let wanted = SyncDaemon(
        interface: "lv0", id: 7, group: try CodecSuites.address("224.0.1.2"), port: 9000, ttl: 3, maxlen: 1400)
      #expect(kernel.perform([.syncDaemon(role, Difference(before: nil, after: wanted))]).firstError == nil)
      #expect(try kernel.syncDaemons() == [role: wanted])
      #expect(
        try CodecSuites.shell("ipvsadm -Ln --daemon")
          == "\(role.word) sync daemon (mcast=lv0, syncid=7, maxlen=1400, group=224.0.1.2, port=9000, ttl=3)")

      let other = SyncDaemon(interface: "lv0", id: 8)
      #expect(kernel.perform([.syncDaemon(role, Difference(before: wanted, after: other))]).firstError == nil)
      let now = try #require(try kernel.syncDaemons()[role])
      #expect(now.id == 8)
      #expect(now.group == IPAddress("224.0.0.81"))
      #expect(now.port == 8848)

      #expect(kernel.perform([.syncDaemon(role, Difference(before: other, after: nil))]).firstError == nil)
      #expect(try kernel.syncDaemons().isEmpty)
    }

    @Test func `a sync daemon that has not run yet can be stopped`() throws {
      let daemon = SyncDaemon(interface: "lv0")
      for _ in 0..<5 {
        let report = kernel.perform([
          .syncDaemon(.backup, Difference(before: nil, after: daemon)),
          .syncDaemon(.backup, Difference(before: daemon, after: nil)),
        ])
        #expect(report.isComplete)
        #expect(try kernel.syncDaemons().isEmpty)
      }
    }

    @Test func `an IPv6 group is written and read`() throws {
      let wanted = SyncDaemon(interface: "lv0", id: 1, group: try CodecSuites.address("ff02::99"))
      #expect(kernel.perform([.syncDaemon(.backup, Difference(before: nil, after: wanted))]).firstError == nil)
      #expect(try kernel.syncDaemons()[.backup]?.group == wanted.group)
      #expect(kernel.perform([.syncDaemon(.backup, Difference(before: wanted, after: nil))]).isComplete)
    }

    @Test func `the version is the kernel's`() throws {
      let info = try #require(try kernel.info())
      let words = "IP Virtual Server version \(info.version >> 16).\(info.version >> 8 & 255).\(info.version & 255)"
      #expect(try CodecSuites.shell("head -1 /proc/net/ip_vs") == "\(words) (size=\(info.connectionTableSize))")
    }
  }
}
