import Glibc
import LVSModel
import LVSNode
import LVSPlan

/// What lvsctld has done and found so far, for metrics and for `systemctl status`.
struct KeepingAccount {
  /// The cluster's name.
  private(set) var cluster: String
  /// The node, once it is known.
  private(set) var node: Node?
  /// Steps that brought back what something else had changed, by the kind of thing.
  private(set) var mends: [String: UInt64] = [:]
  /// Times that something turned out to be contested by another program.
  private(set) var contests: UInt64 = 0
  /// Rounds, those that did not come to their end among them.
  private(set) var rounds: UInt64 = 0
  /// How many seconds the last one took that came to its end.
  private(set) var roundSeconds = 0.0
  /// Rounds that did not come to their end.
  private(set) var failures: UInt64 = 0
  /// Whether the last round came to its end.
  private(set) var isKept = false
  /// When a round last came to its end, in seconds since the beginning of 1970.
  private(set) var lastSuccess = 0
  /// Whether the file was taken when it was read last.
  private(set) var isConfigurationValid = true
  /// When a file was last taken, in seconds since the beginning of 1970.
  private(set) var configurationTime = time(nil)
  /// The most seconds that a question was late since the metrics were written last.
  private(set) var lateness = 0.0

  private var told: String?
  /// How the checks stood at an edition of the book; it takes a walk through all of them.
  private var counted: (edition: Int, counts: (up: Int, down: Int))?

  init(cluster: String) { self.cluster = cluster }

  /// A round was made, which took so many seconds.
  mutating func note(_ round: KeptRound, seconds: Double) {
    node = round.node
    for mend in round.mends { mends[mend.kind, default: 0] += 1 }
    contests += UInt64(round.contests.count)
    if round.failure != nil { return }
    rounds += 1
    roundSeconds = seconds
    isKept = true
    lastSuccess = time(nil)
  }

  mutating func noteFailure() {
    isKept = false
    rounds += 1
    failures += 1
  }

  mutating func note(lateness: Double) { self.lateness = lateness }

  mutating func noteConfiguration(isValid: Bool, cluster: String) {
    isConfigurationValid = isValid
    self.cluster = cluster
    if isValid { configurationTime = time(nil) }
  }

  /// One line on how it stands, where that is another one than was told last.
  mutating func statusChange(_ book: CheckBook) -> String? {
    var words = node.map { "\($0.name) (\($0.roleWord)) of \(cluster)" } ?? "not applied yet"
    let count = book.checks.questions.count
    if count > 0 {
      if counted?.edition != book.edition { counted = (book.edition, book.counts) }
      let (up, down) = counted?.counts ?? (0, 0)
      words += "; \(count) checks: \(up) up, \(down) down"
      if up + down < count { words += ", \(count - up - down) unknown" }
    }
    if !isKept { words += "; the last round failed, see the log" }
    if !isConfigurationValid { words += "; the file was faulty when it was read last, and an earlier one is in force" }
    return words == told ? nil : words
  }

  /// The line has been told.
  mutating func noteTold(_ words: String) { told = words }
}
