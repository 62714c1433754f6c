import LVSModel
import LVSSandbox
import LVSText

/// Whether a client stays with its real server.
extension Rehearsal {
  /// The most services that are looked at, and requests to each.
  private static let services = 20
  private static let requests = 6

  func checkPersistence(_ stage: Stage) throws {
    let trials = stage.trials.filter { $0.settings.persistence != nil && stage.obstacle(to: $0) == nil }
    for trial in trials.prefix(Self.services) {
      let source = stage.topology.sources[trial.vip.family]?.last
      let attempt = try stage.attempt(trial, count: Self.requests, from: [source].compactMap(\.self))
      let servers = Set(attempt.answers.compactMap(\.name))
      let who = servers.isEmpty ? "nobody" : servers.sorted().joined(separator: " and ")
      note(
        CheckResult(
          .persistence, servers.count == 1 && attempt.lost == 0 ? .pass : .fail,
          "\(trial.service): \(attempt.answered) of \(Self.requests) requests of one client answered, by \(who)"))
    }
  }
}
