/// What has come of a question once.
public enum CheckOutcome: Equatable, Sendable {
  /// It was answered as it should be.
  case passed
  /// It was not; a few words say how, as in `http 503`.
  case failed(String)
}

/// What a real server is taken for.
public enum HealthState: String, Hashable, Sendable, CaseIterable {
  /// It has not been asked yet, or has not yet failed often enough to be down; it serves.
  case unknown
  /// It answers as it should; it serves.
  case up
  /// It does not; it gets no new connections.
  case down
}

/// What the answers to a question have come to.
///
/// The first pass makes an unknown server up; only ``CheckRule/fall`` failures in a row make one down, and only
/// ``CheckRule/rise`` passes in a row bring it back. Of a verdict that was kept over a restart the state goes on, and the
/// rows begin anew.
public struct Verdict: Equatable, Sendable {
  /// The state.
  public private(set) var state: HealthState
  /// When it became so, in seconds since the beginning of 1970; nil where it has always been so.
  public private(set) var since: Int?
  /// Why it is down, in a few words; nil while it is not.
  public private(set) var reason: String?
  /// Answers of one kind since the last of the other: passes above 0, failures below.
  public private(set) var row = 0

  /// Creates a verdict; by itself the one of a question that was never asked.
  public init(_ state: HealthState = .unknown, since: Int? = nil, reason: String? = nil) {
    self.state = state
    self.since = since
    self.reason = reason
  }

  /// Takes note of an answer, at a time in seconds since the beginning of 1970; says whether the state is another now.
  public mutating func note(_ outcome: CheckOutcome, _ rule: CheckRule, at time: Int) -> Bool {
    let next: HealthState
    switch outcome {
    case .passed:
      row = max(0, row) + 1
      next = state == .down && row < rule.rise ? .down : .up
    case .failed(let words):
      row = min(0, row) - 1
      next = -row >= rule.fall ? .down : state
      if next == .down { reason = words }
    }
    if next != .down { reason = nil }
    guard next != state else { return false }
    state = next
    since = time
    return true
  }
}

/// What is known of the health of a machine's real servers, and what an operator wants of them.
public struct Health: Equatable, Sendable {
  /// The verdicts on what has been asked.
  public var verdicts: [CheckRule: Verdict]
  /// The real servers that are drained, by their names in the file, and since when, in seconds since the beginning of 1970.
  public var drains: [String: Int]

  /// Creates a health; by itself of a machine of which nothing is known.
  public init(verdicts: [CheckRule: Verdict] = [:], drains: [String: Int] = [:]) {
    self.verdicts = verdicts
    self.drains = drains
  }

  /// Whether nothing is known, and nothing wanted.
  public var isEmpty: Bool { verdicts.isEmpty && drains.isEmpty }
}
