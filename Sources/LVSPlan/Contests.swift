import LVSModel

/// Things that are mended again and again, since another program keeps changing them: each time is further from the last
/// one, so that two programs do not take turns for ever.
///
/// A service and its real servers are one thing. Times are in seconds, on any clock that goes forward.
public struct Contests: Sendable {
  /// Mends in a row that make a contest.
  private static let several = 3
  /// The shortest pause, in seconds.
  private static let shortestPause = 1.0
  /// Seconds between two mends that are in a row at least, however often drift is looked for.
  private static let shortestQuiet = 5.0
  /// The longest pause, in seconds.
  public static let longestPause = 300.0

  private struct Contest {
    var mends = 0
    var last: Double
    var pause = 0.0
    var until = 0.0
  }

  private let interval: Double
  private var contests: [Subject: Contest] = [:]

  /// None so far; where nothing else is told drift is looked for every `interval` seconds.
  public init(interval: Double) { self.interval = interval }

  /// What is not to be mended yet.
  public func withheld(at now: Double) -> Set<Subject> {
    if contests.isEmpty { return [] }
    return Set(contests.lazy.filter { $0.value.until > now }.map(\.key))
  }

  /// When the next of those may be mended again; nil where there is none.
  public func nextEnd(after now: Double) -> Double? {
    contests.values.lazy.map(\.until).filter { $0 > now }.min()
  }

  /// Takes note of mends; returns what turned out to be contested, or to be so still, with how often it was mended in a row
  /// and the pause from now on.
  public mutating func note(mended changes: [Change], at now: Double) -> [(subject: Subject, mends: Int, pause: Double)]
  {
    var reports: [(subject: Subject, mends: Int, pause: Double)] = []
    var seen: Set<Subject> = []
    for change in changes where seen.insert(change.subject.whole).inserted {
      let subject = change.subject.whole
      var contest = contests[subject] ?? Contest(last: now)
      if now - contest.last > quiet(contest) { contest = Contest(last: now) }
      contest.mends += 1
      contest.last = now
      if contest.mends >= Self.several {
        contest.pause = min(max(contest.pause * 2, interval, Self.shortestPause), Self.longestPause)
        contest.until = now + contest.pause
        reports.append((subject, contest.mends, contest.pause))
      }
      contests[subject] = contest
    }
    contests = contests.filter { now - $0.value.last <= quiet($0.value) }
    return reports
  }

  /// Lets something be changed at once that is wanted otherwise from now on.
  public mutating func allow(_ subjects: some Sequence<Subject>) {
    if contests.isEmpty { return }
    for subject in subjects { contests[subject.whole]?.until = 0 }
  }

  /// For how long nothing may have been mended for the contest to be over.
  private func quiet(_ contest: Contest) -> Double { 2 * (contest.pause + max(interval, Self.shortestQuiet)) }
}

extension Subject {
  /// The thing that this is a part of: a real server's service.
  public var whole: Subject {
    if case .realServer(let service, _) = self { .service(service) } else { self }
  }
}
