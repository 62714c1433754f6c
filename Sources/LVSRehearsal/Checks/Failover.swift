import LVSKernel
import LVSModel
import LVSNode
import LVSPlan
import LVSSandbox
import LVSText

/// What a director that dies does to the cluster.
extension Rehearsal {
  /// The active director dies, and a standby is promoted as an operator does it.
  func checkFailover(_ stage: Stage) throws {
    let standby = stage.file.nodes.first { $0.directing?.role == .standby && $0.name != stage.active }?.name
    guard let standby else {
      return note(CheckResult(.failover, .skip, "There is one director, and nobody to take over from it."))
    }
    let former = stage.active
    let sound = sound(stage)
    let tried = { (trial: Trial) in sound(trial) && trial.weighted.contains { $0.station != former } }
    guard let trial = stage.trials.first(where: tried) else {
      return note(
        CheckResult(
          .failover, .skip, "No service is answered by all of its real servers, one of which is not \(former)."))
    }
    let connection = try stage.livingConnection(knownBy: standby)
    defer { connection?.close() }
    let before = try stage.neighbour(trial.vip)
    stage.keepalived?.end(on: former)
    try stage.setIsolated(true, former)
    stage.begin(reignOf: standby)
    var faults: [Message] = []
    let how: Message
    if let keepalived = stage.keepalived {
      how = "keepalived made \(standby) active"
      do {
        try eventually("\(standby) is active", within: 60) { try stage.isActive(standby) }
      } catch is NeverHappened {
        let words = keepalived.lastWords(of: standby)
        return note(
          CheckResult(
            .failover, node: standby, .fail, "\(former) died, and keepalived did not make it active: \(words)."))
      }
    } else {
      how = "\(standby) was promoted"
      do {
        try stage.holdExternalVIPs(at: standby)
        _ = try stage.apply(standby, role: .director)
      } catch let failure as RunFailure {
        return note(
          CheckResult(.failover, node: standby, .fail, "It could not be promoted. \(failure.failure.message)"))
      }
    }
    try stage.follow(stage.file)
    let moved = try stage.waitForNeighbour(trial.vip, otherThan: before)
    if !moved { faults.append("The client's neighbour entry for \(trial.vip) did not move.") }
    var answered = 0
    var asked = 0
    for trial in stage.trials.filter(tried).prefix(5) {
      let attempt = try stage.attempt(trial, Shares(trial, requests: 8))
      answered += attempt.answered
      // A director that is a real server as well takes that with it.
      asked += attempt.answers.count - attempt.sent(to: former)
    }
    if answered < asked {
      let causes = stage.servers.flatMap { stage.causes(at: $0, []) }
      faults.append("\(asked - answered) of \(asked) requests failed afterwards.\(stage.because(causes, of: standby))")
    }
    var survival: Message = ""
    if let connection {
      survival = " A connection from before lives on."
      if !connection.isAlive() { faults.append("A connection from before was lost in spite of `sync`.") }
    }
    note(
      CheckResult(
        .failover, node: standby, faults.isEmpty ? .pass : .fail,
        faults.isEmpty
          ? "\(former) died, \(how), and \(asked) of \(asked) requests were answered.\(survival)"
          : "\(former) died, and \(how). \(faults.joined(separator: " "))"))
  }
}

extension Stage {
  /// With `sync`, a connection that a standby has heard of; nil where nobody would.
  fileprivate func livingConnection(knownBy standby: String) throws -> LongConnection? {
    guard file.sync != nil else { return nil }
    let directors = Set(file.directors.map(\.name))
    let trial = trials.first { trial in
      trial.transport == .tcp && obstacle(to: trial) == nil
        && !trial.weighted.contains { directors.contains($0.station) }
    }
    guard let trial else { return nil }
    let before = try connections(of: trial, at: active)
    guard
      let connection = try? LongConnection(from: network[topology.client], to: trial.vip.description, port: trial.port)
    else { return nil }
    let news = try connections(of: trial, at: active).filter { before[$0.key] == nil }.keys
    try eventually("\(standby) hears of a connection") {
      // The master tells of a connection when enough of its packets have passed (sync_threshold).
      _ = connection.isAlive()
      return try connections(of: trial, at: standby).keys.contains(where: news.contains)
    }
    return connection
  }

  /// The hardware address that the client, or its router, has for a VIP.
  fileprivate func neighbour(_ vip: IPAddress) throws -> [UInt8]? {
    try on(topology.router ?? topology.client) {
      var query = ObservationQuery()
      query.readsInterfaces = true
      query.surroundings.readsNeighbours = true
      let surroundings = try KernelConnection().observe(query).surroundings
      return surroundings.neighbours?.first { $0.address == vip }?.hardwareAddress
    }
  }

  fileprivate func waitForNeighbour(_ vip: IPAddress, otherThan former: [UInt8]?) throws -> Bool {
    do {
      try eventually("the neighbour entry moves") {
        guard let now = try neighbour(vip), !now.isEmpty else { return former == nil }
        return now != former
      }
      return true
    } catch is NeverHappened {
      return false
    }
  }
}
