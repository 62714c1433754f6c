import LVSKernel
import LVSModel
import LVSNode
import LVSSandbox
import LVSText

/// What draining a real server does to its clients.
extension Rehearsal {
  /// Drains one under traffic: its connections live on, new ones go elsewhere, and none fails.
  func checkDrain(_ stage: Stage) throws {
    let sound = sound(stage)
    let victim = stage.dispensable { trial in
      sound(trial) && trial.transport == .tcp && trial.settings.persistence == nil
        && !Shares(trial, requests: 1).isOfOne
    }
    guard let victim, let trial = victim.trials.first else {
      return note(
        CheckResult(
          .drain, .skip, "No TCP service without persistence has two real servers that answer and are no directors."))
    }
    let client = stage.network[stage.topology.client]
    guard let connection = try stage.connection(to: trial, answeredBy: victim.station) else {
      return note(
        CheckResult(
          .drain, node: victim.station, .fail, "No connection to \(trial.service) was given to \(victim.station)."))
    }
    defer { connection.close() }
    let visitors = try Visitors(at: client, to: trial.vip.description, port: trial.port)
    defer { visitors.stop() }
    try eventually("visitors are answered") { visitors.answered > 10 }
    try stage.setDrained(true, victim.station)
    var isDrained = true
    defer { if isDrained { try? stage.setDrained(false, victim.station) } }
    let settled = visitors.answered
    try eventually("visitors are answered while a real server is drained") { visitors.answered > settled + 20 }
    let during = try stage.attempt(trial, count: 8)
    let isAlive = connection.isAlive()
    try stage.setDrained(false, victim.station)
    isDrained = false
    let isBack = try stage.waitForAnswers(by: victim.station, trial)
    visitors.stop()

    var faults: [Message] = []
    if let first = visitors.failures.first {
      faults.append("\(counted(visitors.failed, "connection")) failed: \(first).")
    }
    if during.answers(by: victim.station) > 0 { faults.append("It was given new connections while it was drained.") }
    if !isAlive { faults.append("The connection that it had was cut.") }
    if !isBack { faults.append("It was given none when it was back.") }
    let words: Message = "Drained under \(counted(visitors.answered, "connection")) and brought back"
    note(
      CheckResult(
        .drain, node: victim.station, faults.isEmpty ? .pass : .fail,
        faults.isEmpty ? "\(words), it lost none." : "\(words). \(faults.joined(separator: " "))"))
  }
}

extension Stage {
  /// A connection to a service that a machine has been given; nil where it is given none.
  ///
  /// Those that others are given stay open until then, so that schedulers which look at open ones come to it.
  func connection(to trial: Trial, answeredBy station: String) throws -> LongConnection? {
    var others: [LongConnection] = []
    defer { for connection in others { connection.close() } }
    for _ in 0..<3 * max(8, trial.weighted.reduce(0) { $0 + min(20, Int($1.settings.weight)) }) {
      guard
        let connection = try? LongConnection(
          from: network[topology.client], to: trial.vip.description, port: trial.port)
      else { continue }
      if connection.server == station { return connection }
      others.append(connection)
    }
    return nil
  }

  /// Drains a real server on every director, or brings it back.
  func setDrained(_ isDrained: Bool, _ station: String) throws {
    let machine = file.machines.first { $0.name == station }
    guard let index = machine?.realServer else { return }
    for director in directors {
      let request = DrainRequest(file, file.realServers[index].name, drains: isDrained)
      _ = try on(director) { try request.carryOut(NodeEvents { _ in }) }
    }
  }
}
