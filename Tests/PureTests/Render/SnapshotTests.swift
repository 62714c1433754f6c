import Testing

@testable import LVSModel
@testable import LVSText

struct SnapshotTests {
  private func bytes(_ snapshot: Snapshot) -> [UInt8] { Array(JSONText.pretty(snapshot.json).utf8) }

  private func snapshot(_ state: HostState) -> Snapshot {
    Snapshot(cluster: "c", node: "director1", role: "director", state: state)
  }

  @Test(arguments: 1...200 as ClosedRange<UInt64>)
  func `a snapshot of any state reads back as that state`(seed: UInt64) throws {
    var states = RandomStates(seed: seed)
    let taken = snapshot(states.state())
    #expect(try Snapshot(bytes(taken)) == taken)
    #expect(try Snapshot(Array(JSONText.compact(taken.json).utf8)) == taken)
  }

  @Test(arguments: 1...50 as ClosedRange<UInt64>)
  func `what apply remembers travels with a snapshot`(seed: UInt64) throws {
    var states = RandomStates(seed: seed)
    var taken = snapshot(HostState())
    taken.memory = states.memory()
    #expect(try Snapshot(bytes(taken)) == taken)
  }

  @Test(arguments: 1...200 as ClosedRange<UInt64>)
  func `whatever texts a kernel delivers, the snapshot reads back, and the memory too`(seed: UInt64) throws {
    var states = RandomStates(seed: seed, isHostile: true)
    var taken = Snapshot(cluster: "\u{202e}\"", node: "\u{0}", role: "\\", state: states.state())
    taken.memory = states.memory()
    let text = JSONText.pretty(taken.json)
    #expect(try Snapshot(Array(text.utf8)) == taken)
    let isSafe = text.unicodeScalars.allSatisfy { $0 == "\n" || Printable.shows($0) }
    #expect(isSafe)
    var memory = taken.memory
    memory.role = memory.role.flatMap { $0.isRemembered ? $0 : nil }
    let place = MachinePlace(boot: "\u{1b}", namespace: "\"")
    let read = try MachineMemory.read(Array(JSONText.pretty(memory.json(place)).utf8))
    #expect(read.memory == memory && read.place == place)
  }

  @Test func `a fault is told with its line and column`() throws {
    let text = Self.whole.replacing(#""weight": 1"#, with: #""weight": "1""#)
    let fault = #expect(throws: SnapshotFault.self) { try Snapshot(Array(text.utf8)) }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let line = try #require(lines.firstIndex { $0.contains(#""weight": "1""#) })
    let column = try #require(lines[line].firstRange(of: #""1""#)).lowerBound
    #expect(
      fault?.position
        == SourcePosition(line: line + 1, column: lines[line].distance(from: lines[line].startIndex, to: column) + 1))
  }

  @Test func `a number is no text, also with a fraction`() {
    #expect(
      message(Self.whole.replacing(#""lo:0""#, with: "1.5"))
        == "In the snapshot, addresses[0].label is not a text: `1.5` stands there.")
    #expect(message(Self.whole.replacing(#""port": 6080"#, with: #""port": 6.08e3"#)) == nil)
  }

  @Test func `a snapshot with a byte order mark is one`() {
    #expect(Snapshot.isLikely([0xef, 0xbb, 0xbf] + Array(Self.whole.utf8)))
    #expect(throws: Never.self) { try Snapshot([0xef, 0xbb, 0xbf] + Array(Self.whole.utf8)) }
  }

  @Test func `a snapshot of a node that no file names, and of sysctls that are not told, reads back`() throws {
    var states = RandomStates(seed: 3)
    let taken = Snapshot(
      state: states.state(), withheldSysctls: ["net.ipv4.tcp_fastopen_key", "net.ipv4.a"])
    #expect(taken.json["node"] == .null)
    #expect(try Snapshot(bytes(taken)) == taken)
  }

  @Test func `a snapshot of two hundred thousand real servers is read back`() throws {
    let servers = (1...100).map { number in
      """
          { "address": "10.0.0.\(number)", "port": 80, "forward": "dr", "weight": 1, "upper_threshold": 900, "lower_threshold": 10 }
      """
    }
    let services = (0..<2000).map { number in
      """
        { "vip": "11.0.\(number / 250).\(number % 250)", "port": 80, "protocol": "tcp", "scheduler": "wlc", "real_servers": [
      \(servers.joined(separator: ",\n"))
        ] }
      """
    }
    let empty = JSONText.compact(Snapshot(state: HostState()).json)
    let text = empty.replacing(#""services": []"#, with: "\"services\": [\n\(services.joined(separator: ",\n"))\n]")
    #expect(text.utf8.count > 20 << 20)
    let read = try Snapshot(Array(text.utf8))
    #expect(read.state.services.count == 2000)
    #expect(read.state.services.values.allSatisfy { $0.realServers.count == 100 })
  }

  @Test func `two snapshots of one state are the same bytes, in whatever order it was built`() throws {
    var forwards = HostState()
    var backwards = HostState()
    for number in 0..<500 as Range<UInt32> {
      for (n, keyPath) in [(number, 0), (499 - number, 1)] {
        let id = ServiceID.address(.tcp, IPAddress(ipv4: 0x0a00_0000 + n), port: 80)
        let server = RealServerID(address: IPAddress(ipv4: 0x0a01_0000 + n), port: 80)
        let service = VirtualService(settings: ServiceSettings(), realServers: [server: RealServerSettings()])
        if keyPath == 0 { forwards.services[id] = service } else { backwards.services[id] = service }
        if keyPath == 0 { forwards.sysctls["s.\(n)"] = "1" } else { backwards.sysctls["s.\(n)"] = "1" }
      }
    }
    #expect(bytes(snapshot(forwards)) == bytes(snapshot(backwards)))
  }

  @Test func `a snapshot is told from a cluster file, whatever formats it`() throws {
    let taken = bytes(snapshot(try Classic.target("director1").state))
    #expect(Snapshot.isLikely(taken))
    #expect(Snapshot.isLikely(Array(" \n".utf8) + taken))
    #expect(
      Snapshot.isLikely(Array(#"{"addresses":[\#(String(repeating: " ", count: 900))],"format_version":1}"#.utf8)))
    #expect(!Snapshot.isLikely(Array("directors: []\n".utf8)))
    #expect(!Snapshot.isLikely(Array(#"{ "directors": [] }"#.utf8)))
    #expect(!Snapshot.isLikely([]))
  }

  // MARK: Faults

  /// A document with something in each part.
  private static let whole = """
    { "format_version": 1, "cluster": "c", "node": "n", "role": "director", "modules": ["ip_vs"],
      "sysctls": { "net.ipv4.ip_forward": "0" }, "links": { "tunl0": { "up": true } },
      "addresses": [{ "address": "10.0.0.1", "prefix_length": 32, "interface": "lo", "label": "lo:0", "protocol": 76 }],
      "routes": [{ "destination": "10.0.0.1", "prefix_length": 32, "interface": "lo", "protocol": 76 }],
      "timeouts": { "tcp": 900, "tcp_fin": 120, "udp": 300 },
      "sync_daemons": { "master": { "interface": "eth0", "id": 1, "group": "224.0.0.81", "port": 8848, "ttl": 1, "maxlen": 1460 } },
      "services": [{ "vip": "10.0.0.1", "port": 80, "protocol": "tcp", "scheduler": "sh", "scheduler_flags": ["sh-port"],
        "persistence": { "timeout": 300, "netmask": "255.255.255.0", "engine": "sip" }, "one_packet": true,
        "real_servers": [{ "address": "10.0.0.2", "port": 80, "forward": "tun", "tunnel": { "type": "gue", "port": 6080,
          "checksum": "csum" }, "weight": 1, "upper_threshold": 9, "lower_threshold": 3 }] },
        { "fwmark": 9, "family": "ipv6", "scheduler": "rr", "persistence": { "timeout": 9, "netmask": 64 }, "real_servers": [] }],
      "managed": { "vips": ["10.0.0.1"], "fwmarks": [{ "fwmark": 9, "family": "ipv6" }] } }
    """

  private func message(_ text: String) -> String? {
    do {
      _ = try Snapshot(Array(text.utf8))
      return nil
    } catch {
      return error.message.text
    }
  }

  @Test func `the whole document is a snapshot`() {
    #expect(message(Self.whole) == nil)
  }

  @Test(arguments: [
    "modules", "sysctls", "links", "addresses", "routes", "timeouts", "sync_daemons", "services", "managed",
  ])
  func `a part that is missing is named`(key: String) {
    let text = Self.whole.replacing("\"\(key)\":", with: "\"x\(key)\":")
    #expect(message(text) == "In the snapshot, \(key) is missing.")
  }

  @Test(arguments: [
    (#""cluster": "c""#, #""cluster": 1"#, "cluster is not a text"),
    (#"["ip_vs"]"#, #"[7]"#, "modules[0] is not a text"),
    (
      #""net.ipv4.ip_forward": "0""#, #""net.ipv4.ip_forward": "0", "net.ipv4.ip_forward": "0""#,
      "sysctls.net.ipv4.ip_forward is there twice"
    ),
    (#"ip_forward": "0""#, #"ip_forward": 0"#, "sysctls.net.ipv4.ip_forward is not a text"),
    (#"{ "up": true }"#, #"{ "up": 1 }"#, "links.tunl0.up is neither true nor false"),
    (#"{ "up": true }"#, "[]", "links.tunl0 is not a map"),
    (#"[{ "address": "10.0.0.1""#, #"[{ "address": "10.0.0""#, "addresses[0].address is not an address"),
    (#""prefix_length": 32"#, #""prefix_length": 33"#, "addresses[0].prefix_length is not a number from 0 to 32"),
    (#""interface": "lo""#, #""interface": "l o""#, "addresses[0].interface is not the name of a network interface"),
    (#""interface": "lo""#, #""interface": "..""#, "addresses[0].interface is not the name of a network interface"),
    (#""interface": "lo""#, #""interface": ".""#, "addresses[0].interface is not the name of a network interface"),
    (#""interface": "lo""#, #""interface": "lo:0""#, "addresses[0].interface is not the name of a network interface"),
    (
      #""interface": "eth0""#, #""interface": ":""#,
      "sync_daemons.master.interface is not the name of a network interface"
    ),
    (#"{ "tunl0": {"#, #"{ "..": {"#, "links... is not the name of a network interface"),
    (#""lo:0""#, "3", "addresses[0].label is not a text"),
    (#""protocol": 76"#, #""protocol": -1"#, "addresses[0].protocol is not a number from 0 to 255"),
    (#""destination": "10.0.0.1""#, #""destination": 4"#, "routes[0].destination is not an address"),
    (#""tcp": 900"#, #""tcp": "900""#, "timeouts.tcp is not a number from 0 to 4294967295"),
    (#"{ "tcp": 900, "tcp_fin": 120, "udp": 300 }"#, "7", "timeouts is not a map"),
    (#""master""#, #""slave""#, #"sync_daemons.slave is no sync daemon: those are "master" and "backup""#),
    (#""224.0.0.81""#, #""here""#, "sync_daemons.master.group is not an address"),
    (#""ttl": 1"#, #""ttl": 256"#, "sync_daemons.master.ttl is not a number from 0 to 255"),
    (
      #""port": 80, "protocol": "tcp""#, #""port": 65536, "protocol": "tcp""#,
      "services[0].port is not a number from 0 to 65535"
    ),
    (#""protocol": "tcp""#, #""protocol": "icmp""#, #"services[0].protocol is not one of "tcp", "udp", "sctp""#),
    (#""scheduler": "sh""#, #""scheduler": null"#, "services[0].scheduler is missing"),
    (#"["sh-port"]"#, #"["sh-sport"]"#, "services[0].scheduler_flags[0] is no scheduler flag"),
    (
      #""timeout": 300"#, #""timeout": 4294967296"#,
      "services[0].persistence.timeout is not a number from 0 to 4294967295"
    ),
    (#""255.255.255.0""#, #""::1""#, "services[0].persistence.netmask is not a netmask"),
    (#""netmask": 64"#, #""netmask": 129"#, "services[1].persistence.netmask is not a number from 1 to 128"),
    (#""one_packet": true"#, #""one_packet": "yes""#, "services[0].one_packet is neither true nor false"),
    (
      #""weight": 1"#, #""weight": 2147483648"#,
      "services[0].real_servers[0].weight is not a number from -2147483648 to 2147483647"
    ),
    (
      #""forward": "tun""#, #""forward": "dr""#,
      #"services[0].real_servers[0].tunnel is there, and the forwarding method is not "tun""#
    ),
    (#""gue""#, #""gre6""#, #"services[0].real_servers[0].tunnel.type is not one of "ipip", "gue", "gre""#),
    (#""csum""#, #""sum""#, #"services[0].real_servers[0].tunnel.checksum is not one of "none", "csum", "remcsum""#),
    (
      #""upper_threshold": 9"#, #""upper_threshold": true"#,
      "services[0].real_servers[0].upper_threshold is not a number from 0 to 4294967295"
    ),
    (#""fwmark": 9"#, #""fwmark": 0"#, "services[1].fwmark is not a number from 1 to 4294967295"),
    (#""vips": ["10.0.0.1"]"#, #""vips": ["x"]"#, "managed.vips[0] is not an address"),
  ])
  func `a part that is wrong is named with its place`(part: String, wrong: String, fault: String) {
    let text = Self.whole.replacing(part, with: wrong, maxReplacements: 1)
    #expect(text != Self.whole)
    // What was found follows, where it is a word or a number.
    let found = message(text) ?? "nothing"
    #expect(found == "In the snapshot, \(fault)." || found.hasPrefix("In the snapshot, \(fault): `"), "\(found)")
  }

  @Test(arguments: [
    ("addresses", "addresses[1]"), ("routes", "routes[1]"), ("services", "services[2]"),
  ])
  func `a thing that is there twice is named`(key: String, place: String) throws {
    var document = try #require(JSONText.value(of: Array(Self.whole.utf8)))
    guard case .object(var members) = document, let index = members.firstIndex(where: { $0.0 == key }),
      let items = members[index].1.elements
    else { throw TestFailure(description: key) }
    members[index].1 = .array(items + items.prefix(1))
    document = .object(members)
    #expect(message(JSONText.pretty(document)) == "In the snapshot, \(place) is there twice.")
  }

  @Test(arguments: ["", "{", "[]", "7", "{}", "directors: []", "{ ? [a] : b }", "&a { x: *a }", "{ [1, 2, 3]: 4 }"])
  func `what is no snapshot is said to be none`(text: String) {
    #expect(message(text)?.hasPrefix("The snapshot ") == true)
  }

  @Test func `another format version is said to be one`() {
    let text = Self.whole.replacing(#""format_version": 1"#, with: #""format_version": 2"#)
    #expect(message(text) == "The snapshot has no \"format_version\": 1, the only one this lvsctl reads.")
  }

  @Test(arguments: 1...300 as ClosedRange<UInt64>)
  func `no bytes break the reader`(seed: UInt64) {
    var random = SeededNumbers(seed: seed)
    var bytes = Array(Self.whole.utf8)
    for _ in 0..<Int.random(in: 1...6, using: &random) {
      let start = Int.random(in: 0..<bytes.count, using: &random)
      let end = min(bytes.count, start + Int.random(in: 0...12, using: &random))
      let alphabet = Array("{}[]\",: \n01-&*#xt\\u00\u{7f}".utf8) + [0xff, 0xc2, 0x00]
      let insertion = (0..<Int.random(in: 0...6, using: &random)).map { _ in alphabet.randomElement(using: &random) ?? 0
      }
      bytes.replaceSubrange(start..<end, with: insertion)
    }
    let read: Snapshot
    do {
      read = try Snapshot(bytes)
    } catch {
      #expect(error.message.hasPrefix("The snapshot ") || error.message.hasPrefix("In the snapshot, "))
      #expect(error.message.hasSuffix("."))
      return
    }
    #expect(throws: Never.self) { try #expect(Snapshot(self.bytes(read)) == read) }
  }
}
