import Glibc
import LVSKernel
import LVSModel
import LVSSystem
import Testing

extension CodecSuites {
  @Suite struct NetworkTests {
    private let kernel = KernelConnection()
    private let vip = IPAddress(ipv4: 0xc0a8_9364)
    private let vip6 = IPAddress(ipv6High: 0x2001_0db8_0000_0000, low: 0x100)

    init() throws { try CodecSuites.reset() }

    private func observed(routes: Set<String> = []) throws -> HostState {
      var query = ObservationQuery()
      query.readsLinks = true
      query.readsAddresses = true
      query.routeInterfaces = routes
      return try kernel.observe(query).state
    }

    private func perform(_ changes: Change...) { #expect(kernel.perform(changes).firstError == nil) }

    @Test func `an address is there as written, with label and mark, and is read back so`() throws {
      let id = AddressID(vip, interface: "lv0")
      let settings = AddressSettings(label: "lv0:0")
      perform(.address(id, Difference(before: nil, after: settings)))
      #expect(
        try CodecSuites.shell("ip -o -4 addr show dev lv0 | tr -s ' ' | cut -d' ' -f3-7")
          == "inet 192.168.147.100/32 scope global lv0:0\\")
      #expect(try observed().addresses[id] == settings)

      let relabelled = AddressSettings(label: "lv0:7")
      perform(.address(id, Difference(before: settings, after: relabelled)))
      #expect(try observed().addresses[id] == relabelled)

      perform(.address(id, Difference(before: relabelled, after: nil)))
      #expect(try observed().addresses[id] == nil)
    }

    @Test func `an IPv6 address skips duplicate address detection`() throws {
      let id = AddressID(vip6, interface: "lv0")
      perform(.address(id, Difference(before: nil, after: AddressSettings())))
      let words = try CodecSuites.shell("ip -6 addr show dev lv0 to 2001:db8::100")
      #expect(words.contains("inet6 2001:db8::100/128 scope global nodad"))
      #expect(!words.contains("tentative"))
      #expect(try observed().addresses[id] == AddressSettings())
      perform(.address(id, Difference(before: AddressSettings(), after: nil)))
      #expect(try observed().addresses[id] == nil)
    }

    @Test func `addresses of others are read without a mark and with their own label alone`() throws {
      try CodecSuites.shell("ip addr add 10.1.2.3/24 dev lv0; ip addr add 10.1.2.4/32 dev lv0 label lv0:x")
      let addresses = try observed().addresses
      let first = AddressID(try CodecSuites.address("10.1.2.3"), prefixLength: 24, interface: "lv0")
      let second = AddressID(try CodecSuites.address("10.1.2.4"), interface: "lv0")
      #expect(addresses[first] == AddressSettings(mark: 0))
      #expect(addresses[second] == AddressSettings(label: "lv0:x", mark: 0))
    }

    @Test func `an address that is there already is refused and stays as it was`() throws {
      try CodecSuites.shell("ip addr add 192.168.147.100/32 dev lv0")
      let id = AddressID(vip, interface: "lv0")
      let report = kernel.perform([.address(id, Difference(before: nil, after: AddressSettings()))])
      #expect(report.firstError?.errno == EEXIST)
      #expect(try observed().addresses[id]?.mark == 0)
    }

    @Test func `host routes come and go under lvsctl's mark alone`() throws {
      let four = RouteID(vip, interface: "lv0")
      let six = RouteID(vip6, interface: "lv0")
      let mine = RouteSettings()
      perform(
        .route(four, Difference(before: nil, after: mine)), .route(six, Difference(before: nil, after: mine)))
      #expect(
        try CodecSuites.shell("ip route show proto 76; ip -6 route show proto 76").split(separator: "\n").map {
          $0.trimmed
        } == ["192.168.147.100 dev lv0 scope link", "2001:db8::100 dev lv0 metric 1024 pref medium"])
      #expect(try observed(routes: ["lv0"]).routes == [four: mine, six: mine])
      #expect(try observed(routes: ["lo"]).routes[four] == nil)
      perform(
        .route(four, Difference(before: mine, after: nil)), .route(six, Difference(before: mine, after: nil)))
      #expect(try observed(routes: ["lv0"]).routes.isEmpty)
    }

    @Test func `a route that someone else installed is read with its mark and not hit by a deletion under ours`() throws
    {
      try CodecSuites.shell("ip route add 192.168.147.100/32 dev lv0; ip route add 10.9.0.0/16 dev lv0")
      let id = RouteID(vip, interface: "lv0")
      #expect(try observed(routes: ["lv0"]).routes == [id: RouteSettings(mark: 3)])
      let report = kernel.perform([.route(id, Difference(before: RouteSettings(), after: nil))])
      #expect(report.firstError?.errno == ESRCH)
      perform(.route(id, Difference(before: RouteSettings(mark: 3), after: RouteSettings())))
      #expect(try observed(routes: ["lv0"]).routes == [id: RouteSettings()])
    }

    @Test func `a namespace without any route has none to show`() throws {
      #expect(try observed(routes: ["lv0", "lo", "no-such-device"]).routes.isEmpty)
    }

    @Test func `interfaces are read and taken up and down`() throws {
      #expect(try observed().links["lv0"] == LinkSettings(isUp: true))
      let up = LinkSettings(isUp: true)
      let down = LinkSettings(isUp: false)
      perform(.link("lv0", Difference(before: up, after: down)))
      #expect(try observed().links["lv0"] == down)
      perform(.link("lv0", Difference(before: down, after: up)))
      #expect(try CodecSuites.shell("ip -o link show up dev lv0").contains("lv0"))
      let report = kernel.perform([.link("no-such-device", Difference(before: down, after: up))])
      #expect(report.firstError?.errno == ENODEV)
    }

    @Test(arguments: ["192.168.147.100", "2001:db8::100"]) func `a neighbour learns who holds an address`(text: String)
      throws
    {
      try CodecSuites.shell(
        """
        ip netns del peer 2>/dev/null; ip link del lv1 2>/dev/null
        ip netns add peer; ip link add lv1 type veth peer name lv2 netns peer
        ip link set lv1 up; ip -n peer link set lv2 up
        ip -n peer addr add 192.168.147.50/24 dev lv2
        ip -n peer neigh add \(text) lladdr 02:00:00:00:00:01 dev lv2 nud stale
        """)
      let id = AddressID(try CodecSuites.address(text), interface: "lv1")
      perform(.address(id, Difference(before: nil, after: AddressSettings())))
      try kernel.announce(id)
      let own = try CodecSuites.shell("cat /sys/class/net/lv1/address")
      #expect(try CodecSuites.shell("ip -n peer neigh show \(text) dev lv2").contains("lladdr \(own)"))

      try CodecSuites.shell("ip link set lv1 down")
      let error = #expect(throws: SystemError.self) { try kernel.announce(id) }
      #expect(error?.errno != nil)
      try CodecSuites.shell("ip netns del peer")
    }

    @Test func `neighbours are those that ip lists`() throws {
      try CodecSuites.shell(
        """
        ip addr add 192.0.2.1/24 dev lv0
        ip neigh add 192.0.2.7 lladdr 02:00:00:00:00:07 dev lv0 nud permanent
        ip neigh add 192.0.2.8 lladdr 02:00:00:00:00:08 dev lv0 nud stale
        ip -6 neigh add 2001:db8::9 lladdr 02:00:00:00:00:09 dev lv0 nud permanent
        """)
      var query = ObservationQuery()
      query.surroundings.readsNeighbours = true
      let neighbours = try #require(try kernel.observe(query).surroundings.neighbours)
      let words = neighbours.filter { $0.interface == "lv0" && $0.state != .noARP }.map { neighbour in
        let hardware = neighbour.hardwareAddress.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
        return "\(neighbour.address) \(hardware.joined(separator: ":")) \("\(neighbour.state)".uppercased())"
      }
      let listed = try CodecSuites.shell("ip neigh show dev lv0 | awk '{print $1, $3, $NF}'")
      #expect(words.sorted() == listed.split(separator: "\n").map(String.init).sorted())
      #expect(words.count == 3)
    }

    @Test func `sockets that listen are those that ss lists`() throws {
      func open(_ type: __socket_type) throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(type.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let result = withUnsafePointer(to: &address) { pointer in
          pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
          }
        }
        try #require(result == 0)
        return descriptor
      }
      let sockets = [try open(SOCK_STREAM), try open(SOCK_DGRAM)]
      defer { for socket in sockets { close(socket) } }
      #expect(listen(sockets[0], 1) == 0)
      var query = ObservationQuery()
      query.surroundings.readsListeners = true
      let listeners = try #require(try kernel.observe(query).surroundings.listeners)
      for (transport, option) in [(TransportProtocol.tcp, "-t"), (.udp, "-u")] {
        let words = listeners.filter { $0.transport == transport && $0.address.family == .ipv4 }.map {
          "\($0.address):\($0.port)"
        }
        let listed = try CodecSuites.shell("ss -4 -lnH \(option) | awk '{print $4}' | sed 's/%[^:]*//'")
        #expect(Set(words) == Set(listed.split(separator: "\n").map(String.init)))
        #expect(!words.isEmpty)
      }
    }

    @Test func `an announcement on an interface that is not there is refused, and on lo nobody is told`() throws {
      let error = #expect(throws: SystemError.self) { try kernel.announce(AddressID(vip, interface: "no-such-device")) }
      #expect(error?.errno == ENODEV)
      try kernel.announce(AddressID(vip, interface: "lo"))
    }
  }
}

extension Substring {
  /// Without blanks at its ends.
  fileprivate var trimmed: String {
    var text = self
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
