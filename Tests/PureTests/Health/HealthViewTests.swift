import LVSConfig
import LVSModel
import LVSPlan
import Testing

/// What there is to say of each real server, and of a service.
struct HealthViewTests {
  private func health(_ file: ClusterFile, _ health: Health, of index: Int = 0) -> ServerHealth? {
    let service = file.services[0]
    return HealthView(file, health).health(of: service.realServers[index], in: service)
  }

  @Test func `nothing is said of a server of which nothing is asked and that is not drained`() {
    #expect(health(Checked.file([]), Health()) == nil)
    #expect(health(Checked.file([]), Health(verdicts: [Checked.rule(Classic.web1): Verdict(.down)])) == nil)
    #expect(health(Checked.file(own: []), Health()) == nil)
    #expect(health(Checked.file(policy: .external), Health()) == nil)
    #expect(health(Checked.file(), Health()) == ServerHealth(.unknown))
    #expect(health(Checked.file(), Health(drains: ["web2": 1])) == ServerHealth(.unknown))
  }

  @Test func `a drain is said first`() {
    let down = [Checked.rule(Classic.web1): Verdict(.down, since: 5, reason: "no")]
    #expect(health(Checked.file(), Health(verdicts: down, drains: ["web1": 77])) == ServerHealth(.drained, since: 77))
    #expect(health(Checked.file([]), Health(drains: ["web1": 77])) == ServerHealth(.drained, since: 77))
    #expect(
      health(Checked.file(policy: .external), Health(drains: ["web1": 77])) == ServerHealth(.drained, since: 77))
  }

  @Test func `of several checks the one that is down for longest says why`() {
    let web = Check(.http(HTTPCheck()))
    let file = Checked.file([Check(.tcp), web])
    let tcp = Checked.rule(Classic.web1)
    let http = Checked.rule(Classic.web1, web)
    #expect(
      health(
        file,
        Health(verdicts: [
          tcp: Verdict(.down, since: 9, reason: "refused"), http: Verdict(.down, since: 5, reason: "http 503"),
        ]))
        == ServerHealth(.down, since: 5, reason: "http 503"))
    #expect(
      health(file, Health(verdicts: [tcp: Verdict(.down, since: 4, reason: "refused"), http: Verdict(.up, since: 5)]))
        == ServerHealth(.down, since: 4, reason: "tcp: refused"))
    #expect(health(file, Health(verdicts: [tcp: Verdict(.up, since: 4)])) == ServerHealth(.unknown))
    #expect(
      health(file, Health(verdicts: [tcp: Verdict(.up, since: 4), http: Verdict(.up, since: 8)]))
        == ServerHealth(.up, since: 8))
    #expect(health(file, Health(verdicts: [tcp: Verdict(.up), http: Verdict(.up)])) == ServerHealth(.up))
    #expect(health(Checked.file(), Health(verdicts: [tcp: Verdict(.down)])) == ServerHealth(.down, reason: "tcp"))
  }

  @Test(arguments: [
    ("", 1, 2, true), ("web1", 1, 1, true), ("web1", 2, 1, false), ("web1 web2", 1, 0, false), ("", 3, 2, false),
  ])
  func `a service is up by its quorum`(down: String, quorum: Int, up: Int, isUp: Bool) throws {
    let file = Checked.file(quorum: quorum, hasFallback: true)
    var verdicts: [CheckRule: Verdict] = [:]
    if down.contains("web1") { verdicts[Checked.rule(Classic.web1)] = Verdict(.down) }
    if down.contains("web2") { verdicts[Checked.rule(Classic.web2)] = Verdict(.down) }
    let found = try #require(HealthView(file, Health(verdicts: verdicts)).health(of: file.services[0]))
    #expect(found.up == up && found.quorum == quorum && found.isUp == isUp)
    let drained = try #require(
      HealthView(file, Health(verdicts: verdicts, drains: ["web2": 1])).health(of: file.services[0]))
    #expect(drained.drained == 1)
    #expect(HealthView(Checked.file([]), Health()).health(of: Checked.file([]).services[0]) == nil)
  }
}
