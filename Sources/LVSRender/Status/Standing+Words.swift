import LVSModel
import LVSPlan
import LVSText

extension Standing {
  /// The sign in front of a row; those of drift are the signs of a diff.
  var sign: String {
    switch self {
    case .down: "!"
    case .missing: "+"
    case .foreign: "-"
    case .changed: "~"
    case .overloaded: "^"
    case .noAnswer: "?"
    case .draining: ">"
    case .drained: "="
    case .spare, .serving: " "
    }
  }

  /// Its colour.
  var ink: Style.Ink? {
    switch self {
    case .down, .missing, .overloaded: .red
    case .foreign, .changed, .noAnswer, .draining, .drained: .yellow
    case .spare: .dim
    case .serving: nil
    }
  }
}

extension RealServerStatus {
  /// How it stands, in words, the worst first: `down 3m: http 503`.
  func words(_ standings: [Standing], in service: ServiceID, at time: Int?) -> String {
    var words = standings.compactMap { standing -> String? in
      switch standing {
      case .down:
        return "down" + age(at: time) + (isInTable ? "" : ", taken out") + (health?.reason.map { ": \($0)" } ?? "")
      case .changed: if case .changed(let words) = mark { return words } else { return nil }
      case .draining: return "draining\(drainAge(at: time)), \(connectionsLeft(in: service)) left"
      case .drained: return health?.state == .drained ? "drained\(age(at: time))" : "drained"
      case .spare: return "fallback, not needed"
      case .serving: return isFallback ? "fallback" : nil
      case .missing, .foreign, .overloaded, .noAnswer: return standing.word
      }
    }
    if isFallback && standings[0] != .serving && standings[0] != .spare { words.append("fallback") }
    return words.joined(separator: ", ")
  }

  private func drainAge(at time: Int?) -> String { health?.state == .drained ? age(at: time) : "" }

  private func age(at time: Int?) -> String { health?.age(at: time) ?? "" }
}

extension ServerHealth {
  /// ` 3m`: since when, as long as both times are known.
  fileprivate func age(at time: Int?) -> String {
    guard let since, let time else { return "" }
    return " " + shortTime(time - since)
  }
}

extension ServerSummary {
  /// The worst that there is to say of it in any service.
  func words(at time: Int?) -> String {
    switch standing {
    case .down: "down" + (health?.age(at: time) ?? "") + (health?.reason.map { ": \($0)" } ?? "")
    case .draining, .drained: standing.word + (health?.state == .drained ? health?.age(at: time) ?? "" : "")
    case .changed: "differs from the file"
    case .serving: ""
    case .spare: "fallback, not needed"
    default: standing.word
    }
  }
}

extension ServiceStatus {
  /// How it stands, and how it is set: `1 down, 2 of 3 serve, wlc`. `isClosed` is whether its real servers are not shown,
  /// and `isPart` whether only some of them are in the report.
  func words(isClosed: Bool, isPart: Bool, estimatesRates: Bool) -> String {
    var words: [String] = []
    switch ownStanding {
    case .missing: words.append(Standing.missing.word)
    case .foreign: words.append(Standing.foreign.word)
    case .down: words.append(downWords)
    default: break
    }
    if case .changed(let difference) = mark { words.append(difference) }
    if isUnmanaged { words.append(Standing.foreign.word) }
    let wrong = isClosed && mark != .missing ? wrongWords(estimatesRates) : []
    words += wrong
    if wrong.isEmpty && ownStanding != .down && mark != .missing && !isPart {
      let all = realServers.count { $0.mark != .missing && !($0.isFallback && !$0.isInTable) }
      if serving != all { words.append("\(serving) of \(all) serve") } else if isClosed { words.append("\(all) serve") }
    }
    if isServedByFallback == true { words.append("the fallback serves") }
    return (words + [settings.words]).joined(separator: ", ")
  }

  /// `1 down, 2 drained`: what its real servers stand for, each by its worst.
  private func wrongWords(_ estimatesRates: Bool) -> [String] {
    var counts: [Standing: Int] = [:]
    for server in realServers { counts[server.standing(in: id, estimatesRates: estimatesRates), default: 0] += 1 }
    return Standing.allCases.compactMap { standing in
      guard standing != .serving && standing != .spare, let count = counts[standing] else { return nil }
      return "\(count) \(standing.word)"
    }
  }

  private var downWords: String {
    if realServers.isEmpty { return "down, no real servers" }
    if let health, !health.isUp, serving > 0 { return "down, \(health.up) up of quorum \(health.quorum)" }
    return "down, none serves"
  }
}

extension ServiceSettings {
  /// The settings in one line: `wlc`, `sh, sh-port, persistence 300 s`.
  fileprivate var words: String {
    var words = [scheduler.name] + schedulerFlags.words(for: scheduler)
    if let persistence { words.append(persistence.words) }
    if onePacket { words.append("one-packet") }
    return words.joined(separator: ", ")
  }
}

extension Persistence {
  fileprivate var words: String {
    guard case .map(let fields) = fieldValue else { return "persistence \(timeout) s" }
    let others = fields.dropFirst().map { " \($0.name) \($0.value.text)" }
    return "persistence \(timeout) s" + others.joined()
  }
}
