import LVSConfig
import Testing

/// Services that one entry of a file stands for.
struct ServiceListTests {
  private func services() throws -> ServiceList {
    let file = ClusterFile.read(
      Array(
        """
        directors: [{ name: director1, address: 10.0.0.1, interface: eth0 }]
        real_servers:
          - { name: web1, address: [10.0.0.2, "2001:db8::2"] }
          - { name: web2, address: 10.0.0.3 }
        services:
          - { vip: 10.1.0.1, port: 80, real_servers: [web1, web2] }
          - vip: [10.1.0.8-10.1.0.9, "2001:db8::8-9"]
            port: [53, 8000-8002]
            protocol: [tcp, udp]
            real_servers: [web1]
          - { fwmark: [7-8, 3], forward: nat, real_servers: [web1, { server: web2, port: 8080 }] }
          - { vip: 10.1.0.2, port: "90-91", forward: nat, real_servers: [web1, { server: web2, port: 8080 }] }
          - { vip: 10.1.0.3, port: 443, real_servers: [] }
        """.utf8)
    ).file
    return try #require(file).services
  }

  @Test func `each service is found at its place, with the ports of its own real servers`() throws {
    let services = try services()
    let words = services.map { service in
      "\(service.id): \(service.realServers.map(\.id.description).joined(separator: " "))"
    }
    #expect(services.count == 1 + 2 * 2 * 4 * 2 + 3 + 2 + 1 && words.count == services.count)
    #expect(words[0] == "tcp 10.1.0.1:80: 10.0.0.2:80 10.0.0.3:80")
    #expect(
      words[1...3] == [
        "tcp 10.1.0.8:53: 10.0.0.2:53", "udp 10.1.0.8:53: 10.0.0.2:53", "tcp 10.1.0.8:8000: 10.0.0.2:8000",
      ])
    #expect(words[17] == "tcp [2001:db8::8]:53: [2001:db8::2]:53")
    #expect(
      words[33...] == [
        "fwmark 7 ipv4: 10.0.0.2:0 10.0.0.3:8080", "fwmark 8 ipv4: 10.0.0.2:0 10.0.0.3:8080",
        "fwmark 3 ipv4: 10.0.0.2:0 10.0.0.3:8080", "tcp 10.1.0.2:90: 10.0.0.2:90 10.0.0.3:8080",
        "tcp 10.1.0.2:91: 10.0.0.2:91 10.0.0.3:8080", "tcp 10.1.0.3:443: ",
      ])
    #expect(services.indices.map { services[$0] } == Array(services))
    #expect(ServiceList(services) == services)
  }

  @Test func `a change of one service leaves the others of its entry as they were`() throws {
    let before = try services()
    var after = before
    after[2].realServers[0].settings.weight = 9
    #expect(before.indices.filter { before[$0] != after[$0] } == [2])
    after.remove(at: 2)
    #expect(Array(after) == Array(before[..<2]) + Array(before[3...]))
  }
}
