import LVSKernel
import LVSModel
import Testing

extension CodecSuites {
  @Suite struct ServiceTableTests {
    private let kernel = KernelConnection()

    init() throws { try CodecSuites.shell("ipvsadm -C") }

    struct ServiceRow: Sendable, CustomTestStringConvertible {
      var id: ServiceID
      var settings: ServiceSettings
      /// The words of `ipvsadm -Sn` behind `-A`.
      var words: String

      var testDescription: String { words }
    }

    struct ServerRow: Sendable, CustomTestStringConvertible {
      var service: ServiceID
      var id: RealServerID
      var settings: RealServerSettings
      /// The words of `ipvsadm -Sn` behind `-a`.
      var words: String

      var testDescription: String { words }
    }

    private static let four = IPAddress(ipv4: 0xc0a8_9364)
    private static let six = IPAddress(ipv6High: 0x2001_0db8_0000_0000, low: 0x100)
    private static let web = ServiceID.address(.tcp, four, port: 80)
    private static let web6 = ServiceID.address(.tcp, six, port: 80)

    private static func persistent(_ timeout: UInt32, _ mask: PersistenceMask, _ engine: String? = nil)
      -> ServiceSettings
    {
      ServiceSettings(persistence: Persistence(timeout: timeout, netmask: mask, engine: engine))
    }

    private static let services: [ServiceRow] = [
      ServiceRow(id: web, settings: ServiceSettings(scheduler: Scheduler("rr")), words: "-t 192.168.147.100:80 -s rr"),
      ServiceRow(
        id: .address(.udp, four, port: 53), settings: ServiceSettings(scheduler: Scheduler("wrr"), onePacket: true),
        words: "-u 192.168.147.100:53 -s wrr -o"),
      ServiceRow(id: web6, settings: ServiceSettings(), words: "-t [2001:db8::100]:80 -s wlc"),
      ServiceRow(id: .fwmark(7, .ipv4), settings: ServiceSettings(), words: "-f 7 -s wlc"),
      ServiceRow(id: .fwmark(2_147_483_647, .ipv6), settings: ServiceSettings(), words: "-f 2147483647 -6 -s wlc"),
      ServiceRow(
        id: .address(.sctp, four, port: 9), settings: ServiceSettings(scheduler: Scheduler("lc")),
        words: "--sctp-service 192.168.147.100:9 -s lc"),
      ServiceRow(
        id: web, settings: persistent(300, .host(.ipv4)), words: "-t 192.168.147.100:80 -s wlc -p 300"),
      ServiceRow(
        id: web, settings: persistent(60, .ipv4(0xffff_ff00)),
        words: "-t 192.168.147.100:80 -s wlc -p 60 -M 255.255.255.0"),
      ServiceRow(
        id: .address(.tcp, four, port: 0), settings: persistent(1, .host(.ipv4)),
        words: "-t 192.168.147.100:0 -s wlc -p 1"),
      ServiceRow(id: web6, settings: persistent(300, .ipv6(64)), words: "-t [2001:db8::100]:80 -s wlc -p 300 -M 64"),
      ServiceRow(
        id: .address(.udp, four, port: 5060), settings: persistent(300, .host(.ipv4), "sip"),
        words: "-u 192.168.147.100:5060 -s wlc -p 300 --pe sip"),
      ServiceRow(
        id: web, settings: ServiceSettings(scheduler: Scheduler("sh"), schedulerFlags: [.flag1, .flag2]),
        words: "-t 192.168.147.100:80 -s sh -b sh-fallback,sh-port"),
      ServiceRow(
        id: web, settings: ServiceSettings(scheduler: Scheduler("mh"), schedulerFlags: .flag2),
        words: "-t 192.168.147.100:80 -s mh -b mh-port"),
      ServiceRow(
        id: web, settings: ServiceSettings(scheduler: Scheduler("rr"), schedulerFlags: .all),
        words: "-t 192.168.147.100:80 -s rr -b flag-1,flag-2,flag-3"),
    ]

    private static func server(
      _ settings: RealServerSettings, _ words: String, service: ServiceID = web, id: RealServerID? = nil
    ) -> ServerRow {
      let web1 = RealServerID(address: IPAddress(ipv4: 0xc0a8_9304), port: 80)
      return ServerRow(service: service, id: id ?? web1, settings: settings, words: words)
    }

    private static func tunnel(_ kind: Tunnel.Kind, _ port: UInt16 = 0, _ checksum: Tunnel.Checksum = .none)
      -> RealServerSettings
    {
      RealServerSettings(forward: .tun(Tunnel(kind: kind, port: port, checksum: checksum)))
    }

    private static let web1Words = "-t 192.168.147.100:80 -r 192.168.147.4:80"

    private static let servers: [ServerRow] = [
      server(RealServerSettings(), "\(web1Words) -g -w 1"),
      server(RealServerSettings(weight: 0), "\(web1Words) -g -w 0"),
      server(RealServerSettings(weight: .max), "\(web1Words) -g -w 2147483647"),
      server(RealServerSettings(forward: .nat, weight: 65536), "\(web1Words) -m -w 65536"),
      server(
        RealServerSettings(upperThreshold: 100_000, lowerThreshold: 70_000), "\(web1Words) -g -w 1 -x 100000 -y 70000"),
      server(tunnel(.ipip), "\(web1Words) -i -w 1 --tun-type ipip"),
      server(tunnel(.gue, 6080), "\(web1Words) -i -w 1 --tun-type gue --tun-port 6080 --tun-nocsum"),
      server(tunnel(.gue, 6080, .csum), "\(web1Words) -i -w 1 --tun-type gue --tun-port 6080 --tun-csum"),
      server(tunnel(.gue, 6080, .remcsum), "\(web1Words) -i -w 1 --tun-type gue --tun-port 6080 --tun-remcsum"),
      server(tunnel(.gre, 0, .csum), "\(web1Words) -i -w 1 --tun-type gre --tun-csum"),
      server(
        RealServerSettings(), "-t [2001:db8::100]:80 -r [2001:db8::4]:80 -g -w 1", service: web6,
        id: RealServerID(address: IPAddress(ipv6High: 0x2001_0db8_0000_0000, low: 4), port: 80)),
      server(
        tunnel(.ipip), "-t 192.168.147.100:80 -r [2001:db8::4]:80 -i -w 1 --tun-type ipip",
        id: RealServerID(address: IPAddress(ipv6High: 0x2001_0db8_0000_0000, low: 4), port: 80)),
      server(
        RealServerSettings(), "-f 7 -r 192.168.147.4:0 -g -w 1", service: .fwmark(7, .ipv4),
        id: RealServerID(address: IPAddress(ipv4: 0xc0a8_9304), port: 0)),
    ]

    private func perform(_ changes: Change...) {
      let report = kernel.perform(changes)
      #expect(report.firstError == nil)
      #expect(report.isComplete)
    }

    private func create(_ id: ServiceID, _ settings: ServiceSettings = ServiceSettings()) -> Change {
      .service(id, Difference(before: nil, after: settings))
    }

    @Test(arguments: services) func `a service is in the table as written, and is read back so`(row: ServiceRow) throws
    {
      perform(create(row.id, row.settings))
      #expect(try CodecSuites.shell("ipvsadm -Sn") == "-A \(row.words)")
      #expect(try kernel.services() == [row.id: VirtualService(settings: row.settings)])
    }

    @Test(arguments: services) func `a service that ipvsadm made is read as it is`(row: ServiceRow) throws {
      try CodecSuites.shell("ipvsadm -A \(row.words)")
      #expect(try kernel.services() == [row.id: VirtualService(settings: row.settings)])
    }

    @Test(arguments: services) func `an edit leaves nothing of what was there`(row: ServiceRow) throws {
      // An engine wants UDP and persistence, so the edits go between what any service can be.
      for other in Self.services where other.id == row.id {
        perform(create(row.id, row.settings))
        perform(.service(row.id, Difference(before: row.settings, after: other.settings)))
        #expect(try CodecSuites.shell("ipvsadm -Sn") == "-A \(other.words)")
        perform(.service(row.id, Difference(before: other.settings, after: nil)))
        #expect(try kernel.services().isEmpty)
      }
    }

    @Test func `an edit without an engine takes the engine away`() throws {
      let id = ServiceID.address(.udp, Self.four, port: 5060)
      let before = Self.persistent(300, .host(.ipv4), "sip")
      for after in [Self.persistent(300, .host(.ipv4)), ServiceSettings()] {
        perform(create(id, before), .service(id, Difference(before: before, after: after)))
        #expect(try kernel.services()[id]?.settings == after)
        #expect(try !CodecSuites.shell("ipvsadm -Sn").contains("--pe"))
        perform(.service(id, Difference(before: after, after: nil)))
      }
    }

    @Test(arguments: servers) func `a real server is in the table as written, and is read back so`(row: ServerRow)
      throws
    {
      perform(create(row.service), .realServer(row.service, row.id, Difference(before: nil, after: row.settings)))
      #expect(try readServers() == ipvsadmWords(row))
      #expect(try kernel.services()[row.service]?.realServers == [row.id: row.settings])
      perform(.realServer(row.service, row.id, Difference(before: row.settings, after: nil)))
      #expect(try kernel.services()[row.service]?.realServers == [:])
    }

    @Test(arguments: servers) func `a real server that ipvsadm made is read as it is`(row: ServerRow) throws {
      perform(create(row.service))
      try CodecSuites.shell("ipvsadm -a \(row.words)")
      #expect(try kernel.services()[row.service]?.realServers == [row.id: row.settings])
    }

    @Test func `thresholds are in the table as written`() throws {
      let server = RealServerID(address: IPAddress(ipv4: 0xc0a8_9304), port: 80)
      let settings = RealServerSettings(upperThreshold: 100_000, lowerThreshold: 70_000)
      perform(create(Self.web), .realServer(Self.web, server, Difference(before: nil, after: settings)))
      let words = try CodecSuites.shell("ipvsadm -Ln --thresholds | tail -1").split(separator: " ")
      #expect(words == ["->", "192.168.147.4:80", "100000", "70000", "0", "0"])
    }

    @Test func `a real server can become any other of the same identity`() throws {
      let alike = Self.servers.filter { $0.service == Self.web && $0.id == Self.servers[0].id }
      perform(create(Self.web))
      var now: RealServerSettings?
      for row in alike + alike.reversed() {
        perform(.realServer(row.service, row.id, Difference(before: now, after: row.settings)))
        #expect(try readServers() == ipvsadmWords(row))
        now = row.settings
      }
    }

    @Test func `a thousand services with ten real servers each are all read`() throws {
      var changes: [Change] = []
      var expected: [ServiceID: VirtualService] = [:]
      for number in 0..<1000 as Range<UInt32> {
        let id = ServiceID.address(.tcp, IPAddress(ipv4: 0x0a00_0000 + number), port: 80)
        var service = VirtualService(settings: ServiceSettings(scheduler: Scheduler("rr")))
        changes.append(create(id, service.settings))
        for server in 1...10 as ClosedRange<UInt32> {
          let server = RealServerID(address: IPAddress(ipv4: 0x0b00_0000 + server), port: 80)
          service.realServers[server] = RealServerSettings(weight: Int32(number))
          changes.append(
            .realServer(id, server, Difference(before: nil, after: RealServerSettings(weight: Int32(number)))))
        }
        expected[id] = service
      }
      let report = kernel.perform(changes)
      #expect(report.isComplete)
      #expect(try kernel.services() == expected)
      #expect(try CodecSuites.shell("ipvsadm -Sn | wc -l") == "11000")
    }

    @Test func `a service that is there already is refused by name, and the one before it is done`() throws {
      try CodecSuites.shell("ipvsadm -A -t 192.168.147.100:80 -s rr")
      let other = ServiceID.address(.tcp, Self.four, port: 81)
      let report = kernel.perform([create(other), create(Self.web)])
      #expect(report.outcome(of: 0) == .done)
      #expect(report.firstError?.errno == 17)
      #expect(report.firstError?.request == "create tcp 192.168.147.100:80")
      #expect(try kernel.services().keys.contains(other))
    }

    @Test func `a scheduler the kernel does not have is refused with its errno`() {
      let report = kernel.perform([create(Self.web, ServiceSettings(scheduler: Scheduler("nosuch")))])
      #expect(report.firstError?.errno == 2)
    }

    private func readServers() throws -> String {
      try CodecSuites.shell("ipvsadm -Sn | grep -e '^-a'")
    }

    /// `ipvsadm -S` leaves thresholds out.
    private func ipvsadmWords(_ row: ServerRow) -> String {
      let words = row.words.split(separator: " ")
      return "-a " + words[..<(words.firstIndex(of: "-x") ?? words.endIndex)].joined(separator: " ")
    }
  }
}
