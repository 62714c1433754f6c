import LVSCore
import Testing

/// Reads a text that is meant to be a good cluster file.
func good(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> ClusterFile {
  let reading = ClusterFile.read(Array(text.utf8))
  let rendered = DiagnosticRenderer(fileName: "test", source: Array(text.utf8), usesColor: false)
    .text(reading.diagnostics)
  #expect(rendered == "", sourceLocation: sourceLocation)
  return try #require(reading.file, sourceLocation: sourceLocation)
}

struct ClusterFileReadingTests {
  @Test func `the smallest useful file describes four machines`() throws {
    let file = try good(
      """
      directors:                       # the first is the active one, the others are hot standbys
        - { name: director1, address: 192.168.147.6, interface: ens33 }
        - { name: director2, address: 192.168.147.5, interface: ens33 }

      real_servers:
        - { name: web1, address: 192.168.147.4 }
        - { name: web2, address: 192.168.147.3 }

      services:
        - { vip: 192.168.147.100, port: 80, scheduler: rr }
      """)
    #expect(file.name == "cluster")
    #expect(file.directors.map(\.name) == ["director1", "director2"])
    #expect(file.services.count == 1)
    #expect(file.services[0].id.description == "tcp 192.168.147.100:80")
    #expect(file.services[0].realServers.map(\.id.description) == ["192.168.147.4:80", "192.168.147.3:80"])
    #expect(file.services[0].settings == ServiceSettings(scheduler: Scheduler("rr")))
    #expect(file.vips.map(\.address.description) == ["192.168.147.100"])
  }
}
