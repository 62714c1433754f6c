import LVSModel
import LVSSandbox
import LVSText

/// Requests to every service: who answers, how they are shared out, and which way replies go.
extension Rehearsal {
  func checkTraffic(_ stage: Stage) throws {
    try make([.answers, .shares, .directReturn, .natReturn]) {
      let mark = stage.watch.mark()
      var attempts: [Attempt] = []
      for trial in stage.trials {
        if let obstacle = stage.obstacle(to: trial) {
          note(CheckResult(.shares, .skip, "\(trial.service): \(obstacle)"))
          continue
        }
        let shares = Shares(trial, requests: requests(of: stage))
        let attempt = try stage.attempt(trial, shares)
        attempts.append(attempt)
        note(tally(attempt, stage))
        note(result(of: shares, attempt))
      }
      try noteAnswers(attempts, stage)
      noteReturns(attempts, stage.watch.replies(since: mark), stage)
    }
  }

  /// Fewer requests a service where there are very many: what is to be seen is the same.
  private func requests(of stage: Stage) -> Int { max(4, min(request.requests, 12_000 / max(1, stage.trials.count))) }

  // MARK: Shares

  private func result(of shares: Shares, _ attempt: Attempt) -> CheckResult {
    let counts = attempt.trial.weighted.map { ($0, attempt.scheduled[$0.id, default: 0]) }
    let given: Message = counts.map { "\($0.station) \($1)" as Message }.joined(separator: ", ")
    let what: Message = "\(attempt.trial.service), \(attempt.trial.settings.scheduler): \(given)"
    if case .unknown(let reason) = shares.rule {
      return CheckResult(.shares, .skip, "\(what) of \(attempt.answers.count). \(reason)")
    }
    if let fault = shares.fault(counts) {
      return CheckResult(.shares, .fail, "\(what) of \(attempt.answers.count). \(fault)")
    }
    return CheckResult(.shares, .pass, "\(what), \(shares.words)")
  }

  private func tally(_ attempt: Attempt, _ stage: Stage) -> RehearsalReport.Tally {
    var stations: [String] = []
    for member in attempt.trial.members where !stations.contains(member.station) { stations.append(member.station) }
    return RehearsalReport.Tally(
      service: attempt.trial.service.description, requests: attempt.answers.count,
      answers: stations.map { ($0, attempt.answers(by: $0)) }, lost: attempt.lost)
  }

  // MARK: Answers

  private func noteAnswers(_ attempts: [Attempt], _ stage: Stage) throws {
    for station in stage.servers {
      let own = attempts.filter { attempt in attempt.trial.weighted.contains { $0.station == station } }
      if own.isEmpty { continue }
      let sent = own.reduce(0) { $0 + $1.sent(to: station) }
      let answered = own.reduce(0) { $0 + $1.answers(by: station) }
      let words: Message = "\(answered) of \(counted(sent, "request")) answered, to \(counted(own.count, "service"))."
      if answered > sent {
        note(
          CheckResult(
            .answers, node: station, .fail,
            """
            It answered \(counted(answered, "request")), and the director gave it \(sent): clients reach it past the \
            director.\(stage.because(stage.differenceWords(station), of: station))
            """))
        continue
      }
      if sent == 0, let other = own.lazy.compactMap({ $0.bypass }).first {
        note(
          CheckResult(
            .answers, node: station, .skip, "It was given nothing: clients reached \(other) past the director."))
        continue
      }
      if sent > 0 && answered == sent {
        note(CheckResult(.answers, node: station, .pass, words))
        continue
      }
      if sent == 0 && own.allSatisfy({ $0.answered == $0.answers.count && $0.mayLeaveOut(station) }) {
        note(
          CheckResult(
            .answers, node: station, .skip, "It was sent nothing: its schedulers or persistence chose others."))
        continue
      }
      let failing = own.filter { $0.answers(by: station) < max(1, $0.sent(to: station)) }
      var members: [(transport: Transport, port: UInt16)] = []
      for attempt in failing {
        for member in attempt.trial.weighted where member.station == station {
          members.append((attempt.trial.transport, member.port))
        }
      }
      let services: Message = failing.prefix(3).map { " \($0.trial.service)" as Message }.joined(separator: ",")
      note(
        CheckResult(
          .answers, node: station, .fail,
          "\(words) Without answer:\(services).\(stage.because(stage.causes(at: station, members), of: station))"))
    }
  }

  // MARK: The way back

  private func noteReturns(_ attempts: [Attempt], _ replies: [Watch.Reply], _ stage: Stage) {
    let sightings = Sightings(replies)
    let directors = Set(stage.file.directors.map(\.name))
    for station in stage.servers {
      var direct = Crossing()
      var nat = Crossing()
      for attempt in attempts {
        for member in attempt.trial.weighted where member.station == station {
          switch member.settings.forward {
          case .dr, .tun:
            let source = Endpoint(attempt.trial.vip, attempt.trial.port)
            direct.add(sightings, from: source, by: station, seen: source, directors.subtracting([station]))
          case .nat:
            nat.add(
              sightings, from: Endpoint(member.id.address, member.port), by: station,
              seen: Endpoint(attempt.trial.vip, attempt.trial.port), directors.subtracting([station]))
          case .local, .bypass, .unknown: break
          }
        }
      }
      if direct.isAsked { note(direct.directResult(station, active: stage.active)) }
      if nat.isAsked { note(nat.natResult(station, active: stage.active)) }
    }
  }
}

extension Attempt {
  /// A machine that answered more than it was given; nil where none did.
  fileprivate var bypass: String? {
    trial.weighted.map(\.station).first { answers(by: $0) > sent(to: $0) }
  }

  /// Whether the service may well have sent nothing to a real server that works.
  fileprivate func mayLeaveOut(_ station: String) -> Bool {
    switch Shares(trial, requests: 1).rule {
    case .one, .unknown: true
    case .exact, .within: false
    }
  }
}

extension Stage {
  /// The machines of real servers, in file order.
  var servers: [String] {
    var servers: [String] = []
    let stations = Set(trials.flatMap(\.members).map(\.station))
    for machine in file.machines where stations.contains(machine.name) { servers.append(machine.name) }
    return servers
  }

  /// Why a service cannot be tried, nil where it can.
  func obstacle(to trial: Trial) -> Message? {
    if let obstacle = trial.obstacle { return obstacle }
    if transports.contains(trial.transport) { return nil }
    return "This kernel has no \(trial.transport.rawValue.uppercased())."
  }
}

/// An address and a port.
struct Endpoint: Hashable {
  var address: String
  var port: UInt16

  init(_ address: IPAddress, _ port: UInt16) {
    self.address = address.description
    self.port = port
  }

  init(address: String, port: UInt16) {
    self.address = address
    self.port = port
  }
}

/// Replies of a machine, by the client's end, and which of them a director sent on.
private struct Crossing {
  private var own: Set<Endpoint> = []
  private var crossed: [String: Set<Endpoint>] = [:]
  private(set) var isAsked = false

  /// Adds what a machine sent from one address and port, and directors sent on from another, or the same.
  mutating func add(
    _ sightings: Sightings, from source: Endpoint, by station: String, seen: Endpoint, _ directors: Set<String>
  ) {
    isAsked = true
    let found = sightings.clients(of: station, from: source)
    own.formUnion(found)
    for director in directors {
      let passed = sightings.clients(of: director, from: seen).intersection(found)
      if !passed.isEmpty { crossed[director, default: []].formUnion(passed) }
    }
  }

  private var crossing: (director: String, count: Int)? {
    crossed.max { $0.value.count < $1.value.count }.map { ($0.key, $0.value.count) }
  }

  func directResult(_ station: String, active: String) -> CheckResult {
    if own.isEmpty { return CheckResult(.directReturn, node: station, .skip, "No reply of it was seen.") }
    let (director, count) = crossing ?? (active, 0)
    return CheckResult(
      .directReturn, node: station, count == 0 ? .pass : .fail,
      "\(count) of \(counted(own.count, "reply", "replies")) crossed \(director)")
  }

  func natResult(_ station: String, active: String) -> CheckResult {
    if own.isEmpty { return CheckResult(.natReturn, node: station, .skip, "No reply of it was seen.") }
    let (director, count) = crossing ?? (active, 0)
    return CheckResult(
      .natReturn, node: station, count == own.count ? .pass : .fail,
      "\(count) of \(counted(own.count, "reply", "replies")) crossed \(director)")
  }
}

/// Replies by who sent them, and from where.
private struct Sightings {
  private struct Origin: Hashable {
    var machine: String
    var source: Endpoint
  }

  private var clients: [Origin: Set<Endpoint>] = [:]

  init(_ replies: [Watch.Reply]) {
    for reply in replies {
      let source = Endpoint(address: reply.sourceAddress, port: reply.sourcePort)
      let client = Endpoint(address: reply.destinationAddress, port: reply.destinationPort)
      clients[Origin(machine: reply.machine, source: source), default: []].insert(client)
    }
  }

  func clients(of machine: String, from source: Endpoint) -> Set<Endpoint> {
    clients[Origin(machine: machine, source: source), default: []]
  }
}
