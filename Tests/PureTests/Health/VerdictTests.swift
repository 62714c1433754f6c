import LVSModel
import Testing

/// A verdict by the answers that come, without a clock: `p` is a pass, `f` a failure.
struct VerdictTests {
  private static func rule(fall: Int, rise: Int) -> CheckRule {
    CheckRule(
      CheckQuestion(means: .tcp, address: IPAddress(ipv4: 1), port: 80, timeout: 3), fall: fall, rise: rise)
  }

  /// The states after each answer, `?` unknown, `+` up, `-` down.
  private static func states(_ answers: String, from verdict: Verdict, fall: Int, rise: Int) -> String {
    var verdict = verdict
    return String(
      answers.enumerated().map { number, answer -> Character in
        let before = verdict
        let isNew = verdict.note(
          answer == "p" ? .passed : .failed("f\(number)"), rule(fall: fall, rise: rise), at: number)
        #expect(isNew == (before.state != verdict.state))
        #expect(verdict.since == (isNew ? number : before.since))
        #expect((verdict.reason == nil) == (verdict.state != .down))
        return verdict.state == .unknown ? "?" : verdict.state == .up ? "+" : "-"
      })
  }

  @Test(arguments: [
    // The first pass makes an unknown one up, whatever rise says.
    ("p", Verdict(), 3, 2, "+"),
    ("ffp", Verdict(), 3, 2, "??+"),
    ("fff", Verdict(), 3, 2, "??-"),
    ("f", Verdict(), 1, 1, "-"),
    // Only failures in a row count.
    ("ffpffpfff", Verdict(.up), 3, 2, "++++++++-"),
    // Only passes in a row do, too.
    ("pfpfpp", Verdict(.down, since: 1, reason: "x"), 3, 2, "-----+"),
    ("ppp", Verdict(.down, since: 1, reason: "x"), 3, 3, "--+"),
    // What was kept over a restart begins its rows anew.
    ("ff", Verdict(.up, since: 1), 3, 2, "++"),
    ("fp", Verdict(.down, since: 1, reason: "x"), 1, 1, "-+"),
  ]) func `answers in a row make a verdict`(answers: String, from: Verdict, fall: Int, rise: Int, states: String) {
    #expect(Self.states(answers, from: from, fall: fall, rise: rise) == states)
  }

  @Test func `a server that is down tells its last reason, and since when it is`() {
    var verdict = Verdict()
    let rule = Self.rule(fall: 1, rise: 2)
    let changes = [
      verdict.note(.failed("http 503"), rule, at: 7), verdict.note(.failed("timeout after 3 s"), rule, at: 8),
    ]
    #expect(changes == [true, false])
    #expect(verdict.state == .down && verdict.since == 7 && verdict.reason == "timeout after 3 s")
  }
}
