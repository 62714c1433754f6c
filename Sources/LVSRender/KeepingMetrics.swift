import LVSModel
import LVSPlan
import LVSText

/// What lvsctld tells Prometheus of itself; the labels are those of ``StatusReport/writePrometheus(to:)``.
public struct KeepingMetrics: Sendable {
  private let node: [(String, String)]
  private let role: String
  private let book: CheckBook
  private let names: [IPAddress: String]
  private let mends: [String: UInt64]
  private let contests: UInt64
  private let rounds: UInt64
  private let failures: UInt64
  private let roundSeconds: Double
  private let isKept: Bool
  private let lastSuccess: Int
  private let isConfigurationValid: Bool
  private let configurationTime: Int
  private let lateness: Double
  private let revision: String

  /// Puts them together; times are in seconds since the beginning of 1970, `roundSeconds` and `lateness` are in seconds,
  /// `names` are those of real servers, `mends` counts by the kind of thing, and `revision` is the build's.
  public init(
    cluster: String, node: String, role: String, book: CheckBook, names: [IPAddress: String], mends: [String: UInt64],
    contests: UInt64, rounds: UInt64, failures: UInt64, roundSeconds: Double, isKept: Bool, lastSuccess: Int,
    isConfigurationValid: Bool, configurationTime: Int, lateness: Double, revision: String = ""
  ) {
    self.node = [("cluster", cluster), ("node", node)]
    self.role = role
    self.book = book
    self.names = names
    self.mends = mends
    self.contests = contests
    self.rounds = rounds
    self.failures = failures
    self.roundSeconds = roundSeconds
    self.isKept = isKept
    self.lastSuccess = lastSuccess
    self.isConfigurationValid = isConfigurationValid
    self.configurationTime = configurationTime
    self.lateness = lateness
    self.revision = revision
  }

  /// Writes them in the text exposition format.
  public func write(to sink: inout TextSink) {
    Metric("lvsctld_build_info", .gauge, "The lvsctld that wrote this; always 1.").write(
      [(node + [("version", Release.number), ("revision", revision)], 1)], to: &sink)
    Metric("lvsctld_info", .gauge, "The node's role; always 1.").write([(node + [("role", role)], 1)], to: &sink)
    Metric("lvsctld_kept", .gauge, "Whether the last round brought this node to what file, verdicts and drains say.")
      .write([(node, isKept ? 1 : 0)], to: &sink)
    Metric("lvsctld_last_success_timestamp_seconds", .gauge, "When a round last did so.")
      .write([(node, lastSuccess)], to: &sink)
    Metric(
      "lvsctld_rounds_total", .counter, "Rounds: looks at this node with what had to be done, or did not come about."
    )
    .write([(node, rounds)], to: &sink)
    Metric("lvsctld_round_duration_seconds", .gauge, "How long the last one took that came to its end.")
      .write([(node, roundSeconds)], to: &sink)
    Metric("lvsctld_round_failures_total", .counter, "Rounds that did not come to their end.").write(
      [(node, failures)], to: &sink)
    Metric("lvsctld_configuration_valid", .gauge, "Whether the cluster file was taken when it was read last.")
      .write([(node, isConfigurationValid ? 1 : 0)], to: &sink)
    Metric("lvsctld_configuration_timestamp_seconds", .gauge, "When the file that is in force was read.")
      .write([(node, configurationTime)], to: &sink)
    let kinds = mends.sorted { $0.key < $1.key }
    Metric("lvsctld_mends_total", .counter, "Steps that brought back what something else had changed, by kind.")
      .write(kinds.lazy.map { (node + [("kind", $0.key)], $0.value) }, to: &sink)
    Metric(
      "lvsctld_contests_total", .counter, "Times that another program was found to change one thing again and again."
    )
    .write([(node, contests)], to: &sink)
    Metric("lvsctld_check_lateness_seconds", .gauge, "The most that a check was late since the last time of writing.")
      .write([(node, lateness)], to: &sink)
    writeChecks(to: &sink)
  }

  private func writeChecks(to sink: inout TextSink) {
    let questions = book.checks.questions.keys.map { ($0, labels($0)) }.sorted { $0.1.key < $1.1.key }
    func write(_ metric: Metric, _ value: (CheckQuestion) -> some CustomStringConvertible) {
      metric.write(questions.map { ($0.1.labels, value($0.0)) }, to: &sink)
    }
    let known = questions.filter { book.state(of: $0.0) != .unknown }
    Metric(
      "lvsctld_check_up", .gauge, "Whether the check passes, as its fall and rise say; absent until that is known."
    )
    .write(known.lazy.map { ($0.1.labels, book.state(of: $0.0) == .up ? 1 : 0) }, to: &sink)
    func statistics(_ question: CheckQuestion) -> CheckBook.Statistics { book.statistics[question] ?? .init() }
    write(Metric("lvsctld_check_duration_seconds", .gauge, "How long the last answer took.")) {
      statistics($0).seconds
    }
    write(Metric("lvsctld_check_passes_total", .counter, "Answers as they should be.")) { statistics($0).passes }
    write(Metric("lvsctld_check_failures_total", .counter, "Answers that were not, and those that never came.")) {
      statistics($0).failures
    }
    write(Metric("lvsctld_check_transitions_total", .counter, "Times that the check's verdict became another one.")) {
      statistics($0).transitions
    }
  }

  /// A check's labels, and a text to sort by; two checks have never the same.
  private func labels(_ question: CheckQuestion) -> (labels: [(String, String)], key: String) {
    let server = question.address.withPort(question.port)
    let words = question.words
    let labels =
      node + [
        ("real_server", server), ("name", question.subject?.name ?? names[question.address] ?? ""), ("check", words),
      ]
    return (labels, "\(server) \(words)")
  }
}

extension CheckQuestion {
  /// How it is asked, in the words of the cluster file: `http /healthz host www.example.com`; with all that it depends on.
  var words: String {
    var words = [means.word]
    switch means {
    case .tcp: break
    case .http(let http):
      words.append(http.path)
      if let host = http.host { words += ["host", host] }
      if http.status != [200...299] {
        words += [
          "status",
          http.status.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }
            .joined(separator: ","),
        ]
      }
      if let body = http.body { words += ["body", quoted(body)] }
      if http.verifies { words.append("verify") }
    case .udp(let udp):
      if let send = udp.send { words += ["send", quoted(send)] }
      if let expect = udp.expect { words += ["expect", quoted(expect)] }
    case .exec(let command):
      words += command.map(quoted)
      if let subject { words += ["for", "\(subject.service)", subject.name] }
    }
    if timeout != Check.standardTimeout { words += ["timeout", "\(timeout)"] }
    return words.joined(separator: " ")
  }

  private func quoted(_ text: String) -> String { JSONText.compact(.string(text)) }
}
