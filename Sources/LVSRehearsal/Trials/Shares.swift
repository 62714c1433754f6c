import LVSModel
import LVSText

/// How a scheduler shares requests out.
struct Shares {
  /// What the counts of real servers must be like.
  enum Rule: Equatable {
    /// Exactly their share, over whole rounds.
    case exact
    /// Their share, and at most so much of it more or less; or so many requests, where that is more.
    case within(fraction: Double, requests: Int)
    /// One real server has them all.
    case one
    /// Nothing can be said.
    case unknown(Message)
  }

  /// The rule.
  let rule: Rule
  /// How many requests there are to be.
  let requests: Int
  /// Whether connections stay open until the last was answered: the scheduler looks at open ones.
  let holds: Bool
  /// Whether they come from many addresses: the scheduler, or persistence, looks at them.
  let needsSources: Bool
  /// Whether the scheduler goes by weights, and not by who has one alone.
  private let weighs: Bool

  /// Whether one real server has all requests.
  var isOfOne: Bool { rule == .one }

  /// The most that are sent to one service.
  private static let most = 2000
  /// What schedulers by a hash of the client's address get: with fewer clients the shares say little.
  private static let clients = 64

  /// The shares of a trial for which about so many requests are to be sent.
  init(_ trial: Trial, requests wished: Int) {
    weighs = !["rr", "lc"].contains(trial.settings.scheduler.name)
    let weights = trial.weighted.map { Int($0.settings.weight) }
    let isTCP = trial.transport != .udp
    let sum = weights.reduce(0, +)
    let isOnePacket = trial.settings.onePacket
    if let persistence = trial.settings.persistence {
      let isMany = persistence.tellsSourcesApart
      rule = isMany && trial.settings.scheduler.name == "rr" ? .exact : .unknown("Clients are bound to real servers.")
      requests = rounded(min(max(wished, weights.count), Self.clients), to: weights.count)
      holds = false
      needsSources = isMany
      return
    }
    switch trial.settings.scheduler.name {
    case "rr":
      rule = .exact
      requests = rounded(wished, to: weights.count)
      holds = false
      needsSources = false
    case "wrr":
      let round = sum / weights.reduce(0, greatestCommonDivisor)
      requests = round <= Self.most ? rounded(wished, to: round) : wished
      rule = round <= Self.most ? .exact : .unknown("A round has \(round) requests, which is too many.")
      holds = false
      needsSources = false
    case "lc", "wlc", "sed", "nq":
      requests = wished
      holds = isTCP
      needsSources = false
      let name = trial.settings.scheduler.name
      if !isTCP && (isOnePacket || name == "sed" || name == "nq") {
        rule = .unknown("It goes by open connections, and datagrams have none.")
      } else {
        rule = .within(fraction: 0.2, requests: 2)
      }
    case "sh", "mh":
      rule = .within(fraction: 0.75, requests: 3)
      requests = max(wished, Self.clients)
      holds = false
      needsSources = true
    case "twos":
      rule = .within(fraction: 0.6, requests: 3)
      requests = max(wished, Self.clients)
      holds = isTCP
      needsSources = false
    case "lblc", "lblcr":
      rule = .unknown("It keeps to one real server until that has more connections than its weight.")
      requests = wished
      holds = false
      needsSources = false
    case "dh", "fo":
      rule = .one
      requests = min(wished, 10)
      holds = false
      needsSources = false
    default:
      rule = .unknown("\(trial.settings.scheduler) shares by its own rules.")
      requests = wished
      holds = false
      needsSources = false
    }
  }

  private func weight(_ member: Trial.Member) -> Int { weighs ? Int(member.settings.weight) : 1 }

  /// What is wrong with the numbers of requests that members got, of those that have a weight; nil for nothing.
  func fault(_ counts: [(member: Trial.Member, count: Int)]) -> Message? {
    let total = counts.reduce(0) { $0 + $1.count }
    let weights = counts.reduce(0) { $0 + weight($1.member) }
    guard total > 0, weights > 0 else { return "None of them was scheduled." }
    switch rule {
    case .unknown: return nil
    case .one:
      return counts.count(where: { $0.count > 0 }) == 1 ? nil : "One real server was to have them all."
    case .exact:
      for (member, count) in counts where count * weights != total * weight(member) {
        return "\(member.station) (\(member.id)) was to have \(total * weight(member) / weights)."
      }
    case .within(let fraction, let requests):
      for (member, count) in counts {
        let wanted = Double(total * weight(member)) / Double(weights)
        let bound = max(wanted * fraction, Double(requests))
        if abs(Double(count) - wanted) > bound {
          return "\(member.station) (\(member.id)) was to have \(Int(wanted.rounded())), \(Int(bound)) more or less."
        }
      }
    }
    return nil
  }

  /// The rule in words, for evidence.
  var words: Message {
    switch rule {
    case .exact: weighs ? "exactly as the weights say" : "exactly in turn"
    case .within(let fraction, let requests):
      "\(weighs ? "as the weights say" : "evenly"), within \(Int(fraction * 100)) % or \(requests) requests"
    case .one: "all by one"
    case .unknown(let reason): reason
    }
  }
}

private func rounded(_ number: Int, to unit: Int) -> Int { max(1, (number + unit - 1) / max(1, unit)) * max(1, unit) }

private func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int { b == 0 ? a : greatestCommonDivisor(b, a % b) }

extension Persistence {
  /// Whether clients of different networks, of 24 bits or 64, are different ones.
  fileprivate var tellsSourcesApart: Bool {
    switch netmask {
    case .ipv4(let bits): bits & 0x3f00 == 0x3f00
    case .ipv6(let length): length >= 64
    }
  }
}
