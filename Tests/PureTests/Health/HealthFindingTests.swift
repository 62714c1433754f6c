import LVSConfig
import LVSModel
import LVSPlan
import LVSText
import Testing

/// What is told of services whose real servers are down or drained.
struct HealthFindingTests {
  private func findings(_ file: ClusterFile, _ health: Health, node name: String = "director1") throws -> [Finding] {
    let node = try file.node(named: name, role: .auto)
    var observed = file.target(for: node, health: health).state
    observed.addresses[AddressID(Classic.director1, prefixLength: 24, interface: "ens33")] = AddressSettings(mark: 0)
    observed.addresses[AddressID(Classic.director2, prefixLength: 24, interface: "ens33")] = AddressSettings(mark: 0)
    let examination = Examination(
      file, node, file.target(for: node, health: health), observed: observed, links: [NetworkLink("ens33")],
      health: health)
    return examination.findings(Surroundings()).filter { [.noWeight, .belowQuorum].contains($0.code) }
  }

  private func down(_ addresses: IPAddress...) -> [CheckRule: Verdict] {
    Dictionary(addresses.map { (Checked.rule($0), Verdict(.down, since: 5, reason: "no")) }) { first, _ in first }
  }

  @Test func `as long as enough are up, or may be, there is nothing to say`() throws {
    #expect(try findings(Checked.file(), Health()) == [])
    #expect(try findings(Checked.file(), Health(verdicts: down(Classic.web1))) == [])
    #expect(try findings(Checked.file(), Health(drains: ["web1": 1])) == [])
    #expect(try findings(Checked.file([]), Health(drains: ["web1": 1])) == [])
  }

  @Test func `below its quorum a service is an error`() throws {
    let found = try findings(Checked.file(quorum: 2), Health(verdicts: down(Classic.web1)))
    #expect(found.map(\.code) == [.belowQuorum] && found.map(\.severity) == [.error])
    #expect(found.first?.subject == "tcp 192.168.147.100:80")
    #expect(
      found.first?.message == """
        The service tcp 192.168.147.100:80 does not count as up: it takes 2 real servers, and 1 of 2 is up, since 1 is down.
        """)
    #expect(found.first?.facts == [Finding.Fact("up", "1"), Finding.Fact("quorum", "2")])
    #expect(
      try findings(Checked.file(quorum: 2), Health(verdicts: down(Classic.web1)), node: "director2").count == 1)
  }

  @Test func `where nobody serves it says who is down and who is drained`() throws {
    let health = Health(verdicts: down(Classic.web1), drains: ["web2": 1])
    let found = try findings(Checked.file(), health)
    #expect(found.map(\.code) == [.belowQuorum, .noWeight])
    #expect(found.last?.severity == .warning)
    #expect(found.last?.message == "Nobody serves tcp 192.168.147.100:80: web1 is down, web2 is drained.")
    #expect(found.first?.message.text.hasSuffix("and none of 2 is up, since 1 is down and 1 is drained.") == true)
    let drained = try findings(Checked.file([]), Health(drains: ["web1": 1, "web2": 1]))
    #expect(drained.map(\.message) == ["Nobody serves tcp 192.168.147.100:80: web1, web2 are drained."])
    let idle = try findings(Checked.file(weights: [0, 5]), Health(drains: ["web2": 1]))
    #expect(
      idle.map(\.message) == [
        "Nobody serves tcp 192.168.147.100:80: web2 is drained, 1 has weight 0 in the file."
      ])
  }

  @Test func `a fallback that serves is somebody, and counts not for the quorum`() throws {
    let file = Checked.file(hasFallback: true)
    let all = down(Classic.web1, Classic.web2)
    #expect(try findings(file, Health(verdicts: all)).map(\.code) == [.belowQuorum])
    let none = try findings(file, Health(verdicts: all, drains: ["sorry": 1]))
    #expect(none.map(\.code) == [.belowQuorum, .noWeight])
    #expect(none.last?.message == "Nobody serves tcp 192.168.147.100:80: web1, web2 are down, sorry is drained.")
  }

  @Test func `where another program owns the weights it says which are drained`() throws {
    let file = Checked.file(weights: [0, 0], policy: .external)
    let found = try findings(file, Health(drains: ["web1": 1]))
    #expect(
      found.map(\.message) == [
        "Every real server of tcp 192.168.147.100:80 has weight 0 now: 1 of 2 in the file is drained, so nobody serves it."
      ])
  }
}
