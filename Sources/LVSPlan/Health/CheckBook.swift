import LVSConfig
import LVSModel

/// The questions that a file asks from a node, and what has come of them so far.
public struct CheckBook: Sendable {
  /// What came of one question.
  public struct Statistics: Equatable, Sendable {
    /// Seconds that the last answer took.
    public var seconds = 0.0
    /// Answers that passed.
    public var passes: UInt64 = 0
    /// Answers that did not, and those that never came.
    public var failures: UInt64 = 0
    /// How often a verdict on it became another one.
    public var transitions: UInt64 = 0

    /// Of a question that was not answered yet.
    public init() {}
  }

  /// A verdict that became another one.
  public struct Transition: Sendable {
    /// The question, and how many answers in a row count.
    public var rule: CheckRule
    /// What it was before.
    public var former: HealthState
    /// What it is now.
    public var verdict: Verdict
  }

  /// What is asked.
  public private(set) var checks = CheckList()
  /// The verdicts so far.
  public private(set) var verdicts: [CheckRule: Verdict]
  /// Another number whenever a state, or what is asked, has become another.
  public private(set) var edition = 0
  /// What came of each question since it is asked.
  public private(set) var statistics: [CheckQuestion: Statistics] = [:]

  /// A book with verdicts that were kept, before any file.
  public init(verdicts: [CheckRule: Verdict] = [:]) { self.verdicts = verdicts }

  /// Goes by a file and a node of it from now on; what is known of its questions stays known.
  public mutating func follow(_ file: ClusterFile, _ node: Node) {
    checks = file.checks(for: node)
    edition += 1
    // A node that asks nothing now may ask again, and what was found out is still so.
    if !checks.questions.isEmpty { verdicts = Health(verdicts: verdicts).carried(over: checks.rules).verdicts }
    statistics = statistics.filter { checks.questions[$0.key] != nil }
  }

  /// Takes note of an answer at a time in seconds since the beginning of 1970; gives the verdicts that became others.
  public mutating func note(
    _ question: CheckQuestion, _ outcome: CheckOutcome, seconds: Double, at time: Int
  ) -> [Transition] {
    // One that was on its way when the file changed is nobody's any more.
    guard let asked = checks.questions[question] else { return [] }
    var statistics = statistics[question] ?? Statistics()
    statistics.seconds = seconds
    if outcome == .passed { statistics.passes += 1 } else { statistics.failures += 1 }
    var transitions: [Transition] = []
    for rule in asked.rules {
      var verdict = verdicts[rule] ?? Verdict()
      let (former, reason) = (verdict.state, verdict.reason)
      if verdict.note(outcome, rule, at: time) {
        transitions.append(Transition(rule: rule, former: former, verdict: verdict))
      }
      if verdict.reason != reason { edition += 1 }
      verdicts[rule] = verdict
    }
    statistics.transitions += UInt64(transitions.count)
    if !transitions.isEmpty { edition += 1 }
    self.statistics[question] = statistics
    return transitions
  }

  /// How many questions are answered as they should be by all that count their answers, and how many are not; the rest is
  /// not known yet.
  public var counts: (up: Int, down: Int) {
    var counts = (up: 0, down: 0)
    for question in checks.questions.keys {
      switch state(of: question) {
      case .up: counts.up += 1
      case .down: counts.down += 1
      case .unknown: break
      }
    }
    return counts
  }

  /// What a question has come to: down where any of those that count its answers is.
  public func state(of question: CheckQuestion) -> HealthState {
    let states = (checks.questions[question]?.rules ?? []).map { verdicts[$0]?.state ?? .unknown }
    if states.contains(.down) { return .down }
    return states.contains(.unknown) ? .unknown : .up
  }
}
