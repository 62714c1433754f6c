import CNetlink
import Recordings
import Testing

@testable import LVSKernel
@testable import LVSModel

struct DaemonAndConfigCodecTests {
  @Test func `a master with an IPv4 group is read whole`() {
    let record = decodedDaemon(Captures.masterDaemon)
    #expect(record?.role == .master)
    #expect(
      record?.daemon
        == SyncDaemon(
          interface: "lo", id: 7, group: IPAddress(literal: "224.0.1.2"), port: 9000, ttl: 3, maxlen: 1400))
  }

  @Test func `a backup with an IPv6 group is read whole`() {
    let record = decodedDaemon(Captures.backupDaemon)
    #expect(record?.role == .backup)
    #expect(
      record?.daemon
        == SyncDaemon(
          interface: "lo", id: 8, group: IPAddress(literal: "ff02::99"), port: 8848, ttl: 1, maxlen: 65487))
  }

  @Test(arguments: [
    SyncDaemon(interface: "ens33"), SyncDaemon(interface: "eth0.100", id: 255),
    SyncDaemon(interface: "ens33", group: IPAddress(literal: "224.0.0.81")),
    SyncDaemon(interface: "ens33", group: IPAddress(literal: "ff02::81")), SyncDaemon(interface: "ens33", port: 8848),
    SyncDaemon(interface: "ens33", ttl: 255), SyncDaemon(interface: "ens33", maxlen: 1400),
  ])
  func `each setting of a sync daemon survives the wire`(daemon: SyncDaemon) {
    for role in SyncRole.allCases {
      let message = written { $0.syncDaemon(role, Difference(before: nil, after: daemon), family: 28) }
      #expect(decodedDaemon(message)?.role == role)
      #expect(decodedDaemon(message)?.daemon == daemon)
    }
  }

  @Test func `a sync daemon that differs is stopped and started in one request`() {
    var builder = MessageBuilder()
    let daemon = SyncDaemon(interface: "ens33")
    builder.syncDaemon(.master, Difference(before: daemon, after: SyncDaemon(interface: "ens34")), family: 28)
    #expect(builder.offsets.map { Int(builder.bytes[$0 + 16]) } == [IPVS_CMD_DEL_DAEMON, IPVS_CMD_NEW_DAEMON])
  }

  @Test func `timeouts are read`() {
    let timeouts = decodingMessage(Captures.timeouts) { Timeouts($0, in: $1) }
    #expect(timeouts == Timeouts(tcp: 100, tcpFin: 20, udp: 30))
  }

  @Test(arguments: [
    (Timeouts(tcp: 900, tcpFin: 120, udp: 300), Timeouts(tcp: 900, tcpFin: 120, udp: 300)),
    (Timeouts(tcpFin: 120), Timeouts(tcp: 0, tcpFin: 120, udp: 0)),
    (Timeouts(tcp: 31_536_000), Timeouts(tcp: 31_536_000, tcpFin: 0, udp: 0)),
  ])
  func `a timeout that is not managed goes out as zero, which leaves it alone`(wanted: Timeouts, sent: Timeouts) {
    let message = written { $0.timeouts(Difference(before: nil, after: wanted), family: 28) }
    #expect(decodingMessage(message) { Timeouts($0, in: $1) } == sent)
  }

  @Test func `the version of IPVS is read`() {
    let info = decodingMessage(Captures.info) { IPVSInfo($0, in: $1) }
    #expect(info?.version == 0x010201)
    #expect(info?.connectionTableSize == 4096)
  }
}
