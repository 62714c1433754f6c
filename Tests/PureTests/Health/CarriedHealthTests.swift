import LVSModel
import LVSPlan
import Testing

/// What of the verdicts holds when another file is read.
struct CarriedHealthTests {
  private let down = Verdict(.down, since: 50, reason: "http 503")
  private let tcp = Checked.rule(Classic.web1)
  private let web = Checked.rule(Classic.web1, Check(.http(HTTPCheck())))

  @Test func `a rule that stays keeps its verdict, and one that leaves takes it along`() {
    let up = Verdict(.up, since: 3)
    let health = Health(verdicts: [tcp: up, web: down], drains: ["web1": 4])
    #expect(health.carried(over: [tcp, web]) == health)
    #expect(health.carried(over: [tcp]) == Health(verdicts: [tcp: up], drains: ["web1": 4]))
    #expect(health.carried(over: []) == Health(drains: ["web1": 4]))
  }

  @Test func `another check of a server that is down begins as down`() {
    let carried = Health(verdicts: [tcp: down]).carried(over: [web])
    #expect(carried == Health(verdicts: [web: down]))
    let patient = Checked.rule(Classic.web1, Check(.tcp, fall: 9))
    #expect(Health(verdicts: [tcp: down]).carried(over: [patient]) == Health(verdicts: [patient: down]))
  }

  @Test func `a check that is added to one that is down, or takes the place of one that is up, is unknown`() {
    #expect(Health(verdicts: [tcp: down]).carried(over: [tcp, web]) == Health(verdicts: [tcp: down]))
    #expect(Health(verdicts: [tcp: Verdict(.up, since: 1)]).carried(over: [web]) == Health())
    #expect(Health(verdicts: [tcp: down]).carried(over: [Checked.rule(Classic.web2)]) == Health())
  }

  @Test func `a check that moves to another port of the machine begins as down`() {
    let elsewhere = Checked.rule(Classic.web1, Check(.tcp, port: 81))
    let carried = Health(verdicts: [tcp: down]).carried(over: [elsewhere, Checked.rule(Classic.web2)])
    #expect(carried == Health(verdicts: [elsewhere: down]))
  }

  @Test func `of several that leave the longest down is kept`() {
    let later = Verdict(.down, since: 90, reason: "late")
    let udp = Checked.rule(Classic.web1, Check(.udp(UDPCheck())))
    let carried = Health(verdicts: [tcp: later, web: down]).carried(over: [udp])
    #expect(carried.verdicts == [udp: down])
  }

  @Test func `a verdict that was carried begins its row anew`() {
    var noted = Verdict(.down, since: 50, reason: "no")
    let passes = noted.note(.passed, tcp, at: 60)
    #expect(!passes && noted.row == 1)
    #expect(Health(verdicts: [tcp: noted]).carried(over: [web]).verdicts[web]?.row == 0)
  }
}
