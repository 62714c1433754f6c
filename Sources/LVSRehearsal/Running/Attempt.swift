import LVSKernel
import LVSModel
import LVSSandbox
import LVSSystem
import LVSText

/// Requests that were sent to a service, and what became of them.
struct Attempt {
  let trial: Trial
  let answers: [Answer]
  /// How many requests the director gave to each real server, by the kernel's own count.
  let scheduled: [RealServerID: Int]

  /// How many had an answer.
  var answered: Int { answers.count { $0.name != nil } }
  /// How many had none.
  var lost: Int { answers.count - answered }

  /// How many the machine answered.
  func answers(by station: String) -> Int { answers.count { $0 == .from(station) } }

  /// How many were given to the machine.
  func sent(to station: String) -> Int {
    trial.members.reduce(0) { $0 + ($1.station == station ? scheduled[$1.id, default: 0] : 0) }
  }
}

extension Stage {
  /// Sends about so many requests to a service, in the way its scheduler shares them out by.
  func attempt(_ trial: Trial, _ shares: Shares, limit: Double = 3) throws -> Attempt {
    let sources = shares.needsSources ? topology.sources[trial.vip.family] ?? [] : []
    return try attempt(trial, count: shares.requests, from: sources, holding: shares.holds, limit: limit)
  }

  /// Sends requests to a service.
  func attempt(
    _ trial: Trial, count: Int, from sources: [IPAddress] = [], holding: Bool = false, limit: Double = 3
  ) throws -> Attempt {
    let before = try given(trial)
    let answers = try ask(
      network[topology.client], trial.question(from: sources), count: count, holding: holding, abreast: 16,
      limit: limit)
    return Attempt(trial: trial, answers: answers, scheduled: try news(of: trial, since: before, about: count))
  }

  /// What the active director has given to real servers of a service so far.
  private struct Given {
    /// The connections that it has in its table, each with its real server.
    var connections: [Endpoint: RealServerID] = [:]
    /// How many there were, of a service whose connections are no sooner there than they are gone.
    var counts: [RealServerID: UInt64] = [:]
  }

  private func given(_ trial: Trial) throws -> Given {
    if trial.settings.onePacket {
      let counters = try counters()[trial.service]?.realServers ?? [:]
      return Given(counts: counters.mapValues(\.traffic.connections))
    }
    return Given(connections: try connections(of: trial, at: active))
  }

  /// The connections of a service that a director has in its table, by the client's end, each with its real server.
  func connections(of trial: Trial, at director: String) throws -> [Endpoint: RealServerID] {
    try on(director) {
      var found: [Endpoint: RealServerID] = [:]
      try ConnectionTable.read { row in
        guard row.vip == trial.vip && row.vipPort == trial.port else { return }
        // Real servers of firewall marks have no port in the table of services, and one in that of connections.
        let member = trial.members.first { $0.id.address == row.realServer.address && $0.port == row.realServer.port }
        found[Endpoint(row.client, row.clientPort)] = member?.id ?? row.realServer
      }
      return found
    }
  }

  /// How many requests were given to each real server since.
  private func news(of trial: Trial, since before: Given, about count: Int) throws -> [RealServerID: Int] {
    if trial.settings.onePacket {
      var news: [RealServerID: Int] = [:]
      // The kernel adds its counters up every other second (ip_vs_est.c).
      _ = try? eventually("the kernel has counted", within: 5) {
        news = try given(trial).counts.reduce(into: [:]) {
          $0[$1.key] = Int($1.value - before.counts[$1.key, default: 0])
        }
        return news.values.reduce(0, +) >= count
      }
      return news
    }
    return try given(trial).connections.reduce(into: [:]) { news, connection in
      if before.connections[connection.key] != connection.value { news[connection.value, default: 0] += 1 }
    }
  }

  private func counters() throws -> [ServiceID: ServiceCounters] {
    try on(active) {
      var query = ObservationQuery()
      query.readsCounters = true
      return try KernelConnection().observe(query).activity?.counters ?? [:]
    }
  }
}
