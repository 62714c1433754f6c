import Glibc
import LVSConfig
import LVSKernel
import LVSModel
import LVSSandbox
import LVSText

/// What lvsctld makes of real servers that die.
extension Rehearsal {
  /// Runs lvsctld on the active director: a real server dies and comes back, then all of a service do.
  func checkHealth(_ stage: Stage) throws {
    guard stage.trials.contains(where: \.isChecked) else { return }
    let questions = Questions(stage.file)
    let sound = sound(stage)
    let meant = { (trial: Trial) in trial.isChecked && sound(trial) && questions.obstacles[trial.service] == nil }
    guard let victim = stage.dispensable(meant) else {
      let obstacle = stage.trials.lazy.compactMap { questions.obstacles[$0.service] }.first
      return skipHealth(obstacle ?? "No checked service has two real servers that answer and are no directors.")
    }
    guard let programs = request.programs, let lvsctld = programs.lvsctld else {
      return skipHealth("lvsctld is neither beside lvsctl nor where the system has its programs.")
    }
    let process = try RunningCommand([lvsctld, programs.file], in: stage.network[stage.active].name)
    defer {
      // Ended in good order it leaves the table as it is.
      process.send(SIGTERM)
      _ = process.wait(limit: 20)
    }
    let trial = victim.trials[0]
    let patience = 20 + trial.patience
    do {
      try make([.health]) { try checkDeath(of: victim.station, trial, stage, within: patience) }
      try make([.allDown]) { try checkAllDown(trial, stage, within: patience) }
    } catch let late as NeverHappened {
      let words = process.errors.lines.suffix(2).joined(separator: " / ")
      note(CheckResult(.health, node: victim.station, .fail, "\(late.description). lvsctld says: \(words)"))
    }
  }

  private func skipHealth(_ reason: Message) {
    note(CheckResult(.health, .skip, reason))
    note(CheckResult(.allDown, .skip, reason))
  }

  private func checkDeath(of station: String, _ trial: Trial, _ stage: Stage, within patience: Int) throws {
    try stage.waitForWeights(of: [station], trial, toBeServing: true, within: patience)
    try stage.setIsolated(true, station)
    try stage.waitForWeights(of: [station], trial, toBeServing: false, within: patience)
    let without = try stage.attempt(trial, Shares(trial, requests: 8))
    try stage.setIsolated(false, station)
    try stage.waitForWeights(of: [station], trial, toBeServing: true, within: patience)
    let isBack = try stage.waitForAnswers(by: station, trial)
    let words: Message =
      "\(station) died and was taken out of \(trial.service); \(without.answered) of \(without.answers.count) requests were answered by the others"
    note(
      CheckResult(
        .health, node: station, without.lost == 0 && isBack ? .pass : .fail,
        isBack ? "\(words), and it was given some when it was back." : "\(words). It was given none when it was back."))
  }

  private func checkAllDown(_ trial: Trial, _ stage: Stage, within patience: Int) throws {
    let directors = Set(stage.file.directors.map(\.name))
    let stations = Set(trial.weighted.map(\.station)).subtracting(directors)
    for station in stations { try stage.setIsolated(true, station) }
    try stage.waitForWeights(of: stations, trial, toBeServing: false, within: patience)
    let dead = try stage.attempt(trial, count: 8)
    for station in stations { try stage.setIsolated(false, station) }
    try stage.waitForWeights(of: stations, trial, toBeServing: true, within: patience)
    let words: Message = "With all real servers of \(trial.service) dead \(dead.answered) of 8 requests were answered"
    guard let fallback = trial.fallback else {
      return note(CheckResult(.allDown, .pass, "\(words): it has no `fallback`. All of them came back."))
    }
    let name = fallback.id.address.isLoopback ? stage.active : fallback.station
    let isServed = dead.answers(by: name) == 8
    note(
      CheckResult(
        .allDown, isServed ? .pass : .fail, "\(words), all by the fallback, \(name)\(isServed ? "" : ", were to be")."))
  }
}

extension Stage {
  /// Waits until real servers of a service get new connections, or none.
  fileprivate func waitForWeights(
    of stations: Set<String>, _ trial: Trial, toBeServing isServing: Bool, within seconds: Int
  ) throws {
    let what = isServing ? "get new connections" : "get none"
    try eventually("\(stations.sorted().joined(separator: ", ")) \(what) of \(trial.service)", within: seconds) {
      let table = try on(active) {
        var query = ObservationQuery()
        query.readsServices = true
        return try KernelConnection().observe(query).state.services[trial.service]?.realServers ?? [:]
      }
      return trial.weighted.filter { stations.contains($0.station) }.allSatisfy { member in
        (table[member.id]?.weight ?? 0 > 0) == isServing
      }
    }
  }
}
