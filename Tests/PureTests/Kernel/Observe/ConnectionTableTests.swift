import Testing

@testable import LVSKernel
@testable import LVSModel

/// The rows of /proc/net/ip_vs_conn.
struct ConnectionTableTests {
  private static let vip = IPAddress(ipv4: 0xc0a8_9364)
  private static let web1 = RealServerID(address: IPAddress(ipv4: 0xc0a8_9304), port: 53)

  private static func row(_ line: String) -> ConnectionTable.Row? { ConnectionTable.Row(Array(line.utf8)[...]) }

  @Test func `a row names protocol, VIP and real server`() throws {
    let row = try #require(Self.row("UDP C0A89332 A892 C0A89364 0035 C0A89304 0035 UDP             299"))
    #expect(
      row
        == ConnectionTable.Row(
          transport: .udp, client: try #require(IPAddress("192.168.147.50")), clientPort: 43154, vip: Self.vip,
          vipPort: 53,
          realServer: Self.web1, stage: .flow))
  }

  @Test func `addresses of IPv6 are there in full, also behind a tunnel to the other family`() throws {
    let client = "2001:0db8:0147:0000:0000:0000:0000:0050 B4C6"
    let vip = "2001:0db8:0147:0000:0000:0000:0000:0100 0050"
    let row = try #require(Self.row("TCP \(client) \(vip) C0A89304 0050 ESTABLISHED     899"))
    #expect(row.vip == IPAddress("2001:db8:147::100"))
    #expect(row.realServer == RealServerID(address: Self.web1.address, port: 80))
    #expect(row.stage == .other)
  }

  @Test(arguments: [
    ("INIT1", true), ("INIT", true), ("C-SENT", true), ("C-REPLIED", true), ("C-WAIT", true), ("COOKIE", true),
    ("C-ECHOED", true), ("ESTABLISHED", false), ("S-SENT", false), ("REJECTED", false), ("CLOSED", false),
  ])
  func `an association of SCTP is half open until it is established`(state: String, isHalfOpen: Bool) {
    let row = Self.row("SCTP C0A89332 A892 C0A89364 2328 C0A89304 2328 \(state)           60")
    #expect(row?.isOpenAndInactive == isHalfOpen)
  }

  @Test(arguments: ["SYN_RECV", "FIN_WAIT", "TIME_WAIT", "CLOSE"])
  func `of TCP the counters tell`(state: String) {
    let row = Self.row("TCP C0A89332 A892 C0A89364 0050 C0A89304 0050 \(state)    60")
    #expect(row?.isOpenAndInactive == false)
  }

  @Test(arguments: [
    "Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData",
    "IP  C0A89332 0000 00000007 0000 C0A89304 0000 ASSURED          99",
    "UDP C0A89332 0000 C0A89364 0035 C0A89304 0035 NONE             99",
    "UDP C0A89332 0000 C0A89364 0035 C0A89304 0035 UDP              99 sip 7d", "UDP C0A89332 A892 C0A89364", "",
  ])
  func `headline, templates and fragments are no connections`(line: String) { #expect(Self.row(line) == nil) }

  @Test func `a connection belongs to the service of its port, of every port, and of a firewall mark`() throws {
    let every = RealServerID(address: Self.web1.address, port: 0)
    let subjects = [
      Draining(service: .address(.udp, Self.vip, port: 53), realServer: Self.web1),
      Draining(service: .address(.udp, Self.vip, port: 0), realServer: every),
      Draining(service: .fwmark(7, .ipv4), realServer: every),
      Draining(service: .fwmark(8, .ipv4), realServer: Self.web1),
    ]
    let others = [
      Draining(service: .address(.tcp, Self.vip, port: 53), realServer: Self.web1),
      Draining(service: .address(.udp, Self.vip, port: 54), realServer: Self.web1),
      Draining(service: .fwmark(7, .ipv6), realServer: every),
    ]
    var counts = ConnectionCounts(of: subjects + others)
    #expect(!counts.hasAny)
    counts.add(try #require(Self.row("UDP C0A89332 A892 C0A89364 0035 C0A89304 0035 UDP             299")))
    #expect(subjects.map { counts[$0] } == [1, 1, 1, 1])
    #expect(others.map { counts[$0] } == [0, 0, 0])
    #expect(counts.hasAny)
  }
}
