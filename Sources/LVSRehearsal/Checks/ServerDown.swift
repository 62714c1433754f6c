import LVSModel
import LVSSandbox
import LVSText

/// What a real server that dies does to requests.
extension Rehearsal {
  /// The most services that are asked while it is dead.
  private static let services = 5

  /// Takes one real server off the network: what it is sent fails, and nothing else does; then it comes back.
  func checkServerDown(_ stage: Stage) throws {
    let sound = sound(stage)
    guard let victim = stage.dispensable({ !$0.isChecked && sound($0) }) else {
      return note(
        CheckResult(
          .serverDown, .skip, "No service without checks has two real servers that answer and are no directors."))
    }
    try stage.setIsolated(true, victim.station)
    var given = 0
    var lost = 0
    var lostElsewhere = 0
    for trial in victim.trials.prefix(Self.services) {
      let shares = Shares(trial, requests: 8)
      let attempt = try stage.attempt(trial, shares)
      given += attempt.sent(to: victim.station)
      lost += attempt.lost
      lostElsewhere += max(0, attempt.lost - attempt.sent(to: victim.station))
    }
    try stage.setIsolated(false, victim.station)
    let isBack = try stage.waitForAnswers(by: victim.station, victim.trials[0])
    let words: Message =
      "With \(victim.station) off the network \(counted(lost, "request")) failed, of \(given) that it was given."
    if lostElsewhere > 0 || lost < given {
      note(
        CheckResult(
          .serverDown, node: victim.station, .fail,
          lost < given
            ? "\(words) Somebody else answered for it." : "\(words) \(lostElsewhere) of the others failed too."))
    } else if !isBack {
      note(CheckResult(.serverDown, node: victim.station, .fail, "\(words) It did not answer when it was back."))
    } else {
      note(
        CheckResult(
          .serverDown, node: victim.station, .pass, "\(words) The others were answered, and so was it when it was back."
        ))
    }
  }
}

extension Stage {
  /// A real server that other ones of its services can do without, and those services that are meant; nil where there is
  /// none.
  ///
  /// It is no director: what happens to one that is would say little of real servers.
  func dispensable(_ isMeant: (Trial) -> Bool) -> (station: String, trials: [Trial])? {
    let directors = Set(file.directors.map(\.name))
    let meant = trials.filter(isMeant)
    for station in servers where !directors.contains(station) {
      let own = meant.filter { trial in
        let stations = Set(trial.weighted.map(\.station))
        return stations.contains(station) && stations.count > 1
      }
      if !own.isEmpty { return (station, own) }
    }
    return nil
  }

  /// Asks until a machine answers again; whether it did in time. ARP for one that was away takes seconds to be tried again.
  func waitForAnswers(by station: String, _ trial: Trial) throws -> Bool {
    let shares = Shares(trial, requests: 8)
    if shares.isOfOne { return true }
    do {
      try eventually("\(station) answers again") {
        let attempt = try attempt(trial, shares)
        return attempt.lost == 0 && (attempt.answers(by: station) > 0 || trial.settings.persistence != nil)
      }
      return true
    } catch is NeverHappened {
      return false
    }
  }
}
