import Testing

/// The files that people start from.
private let examples = folder(of: #filePath) + "/../../../Examples"

struct ExampleTests {
  static let names = fileNames(in: examples, endingIn: ".conf")

  @Test(arguments: names)
  func `an example is a good cluster file`(name: String) throws {
    let source = try contents(of: "\(examples)/\(name).conf")
    let file = try good(String(decoding: source, as: UTF8.self))
    #expect(!file.services.isEmpty)
    #expect(source.first == UInt8(ascii: "#"), "an example begins with a comment that says what it shows")
  }

  @Test func `there is an example for each kind of cluster`() {
    let kinds: Set = ["cluster", "pools", "ipv6", "nat", "tunnel", "fwmark", "dns", "sync", "health", "failover"]
    #expect(kinds.isSubset(of: Self.names))
  }

  @Test func `the first example is the four-machine cluster`() throws {
    let file = try good(String(decoding: try contents(of: "\(examples)/cluster.conf"), as: UTF8.self))
    #expect(file.directors.map(\.name) == ["director1", "director2"])
    #expect(file.serviceNames == ["tcp 192.168.147.100:80"])
    #expect(file.services[0].settings.scheduler.name == "rr")
    #expect(file.services[0].realServers.map(\.id.description) == ["192.168.147.4:80", "192.168.147.3:80"])
  }

  @Test func `the tunnel example reaches an IPv6 real server from an IPv4 address`() throws {
    let file = try good(String(decoding: try contents(of: "\(examples)/tunnel.conf"), as: UTF8.self))
    #expect(file.services[0].realServers.map(\.id.address.family) == [.ipv4, .ipv4, .ipv6])
  }
}
