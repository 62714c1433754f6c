import LVSModel
import LVSPlan
import Testing

/// Two programs that want one thing differently, on a clock of the test's.
struct ContestsTests {
  private static let service = ServiceID.address(.tcp, IPAddress(ipv4: 0xc0a8_9364), port: 80)
  private static let server = RealServerID(address: IPAddress(ipv4: 0xc0a8_9304), port: 80)

  private static func weight(_ before: Int32, _ after: Int32) -> Change {
    Change(
      .realServer(service, server), before: .realServer(RealServerSettings(weight: before)),
      after: .realServer(RealServerSettings(weight: after)))
  }

  private static let sysctl = Change(.sysctl("net.ipv4.ip_forward"), before: .sysctl("1"), after: .sysctl("0"))

  @Test func `the third mend in a row is a contest, and each further one doubles the pause up to five minutes`() {
    var contests = Contests(interval: 5)
    var now = 0.0
    do {
      let reports = contests.note(mended: [Self.weight(5, 1)], at: now)
      #expect(reports.isEmpty)
    }
    now += 5
    do {
      let reports = contests.note(mended: [Self.weight(5, 1)], at: now)
      #expect(reports.isEmpty)
    }
    #expect(contests.withheld(at: now).isEmpty)
    var pauses: [Double] = []
    for _ in 1...9 {
      now = contests.nextEnd(after: now) ?? now + 5
      let reports = contests.note(mended: [Self.weight(5, 1)], at: now)
      #expect(reports.map(\.subject) == [.service(Self.service)])
      #expect(contests.withheld(at: now) == [.service(Self.service)])
      pauses.append(reports.first?.pause ?? 0)
    }
    #expect(pauses == [5, 10, 20, 40, 80, 160, 300, 300, 300])
  }

  @Test func `mends far from each other are none, and a contest is over after a quiet time`() {
    var contests = Contests(interval: 5)
    for round in 0..<20 {
      let reports = contests.note(mended: [Self.sysctl], at: Double(round) * 60)
      #expect(reports.isEmpty)
    }
    for time in [2000.0, 2001, 2002] { _ = contests.note(mended: [Self.sysctl], at: time) }
    #expect(!contests.withheld(at: 2003).isEmpty)
    #expect(contests.withheld(at: 2008).isEmpty)
    do {
      let reports = contests.note(mended: [Self.sysctl], at: 2100)
      #expect(reports.isEmpty)
    }
  }

  @Test func `one thing does not hold up another, and what is wanted otherwise now is not held up at all`() {
    var contests = Contests(interval: 5)
    for time in [0.0, 1, 2] { _ = contests.note(mended: [Self.weight(5, 1)], at: time) }
    #expect(contests.withheld(at: 3) == [.service(Self.service)])
    #expect(contests.nextEnd(after: 3) == 7)
    contests.allow([.realServer(Self.service, Self.server)])
    #expect(contests.withheld(at: 3).isEmpty)
    #expect(contests.nextEnd(after: 3) == nil)
  }

  @Test func `several steps about one service are one mend of it`() {
    var contests = Contests(interval: 5)
    let steps = Array(repeating: Self.weight(5, 1), count: 10)
    do {
      let reports = contests.note(mended: steps, at: 0)
      #expect(reports.isEmpty)
    }
    do {
      let reports = contests.note(mended: steps, at: 1)
      #expect(reports.isEmpty)
    }
    let reports = contests.note(mended: steps, at: 2)
    #expect(reports.map(\.mends) == [3])
  }
}
