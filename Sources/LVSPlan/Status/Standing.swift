import LVSModel

/// How a real server stands in a service, or a service among its real servers; the worst comes first.
public enum Standing: Int, Sendable, CaseIterable, Comparable {
  /// Its checks fail; of a service: too few of its real servers get new connections.
  case down
  /// The file has it, and the kernel does not.
  case missing
  /// The kernel has it, and the file would not: apply takes it away.
  case foreign
  /// Its settings are not those of the file.
  case changed
  /// It is at its upper threshold.
  case overloaded
  /// It has active connections, and no packet passes.
  case noAnswer
  /// It gets no new connections, and has some left.
  case draining
  /// It gets no new connections, and has none left.
  case drained
  /// It is the fallback, and others serve.
  case spare
  /// It gets new connections.
  case serving

  public static func < (one: Self, other: Self) -> Bool { one.rawValue < other.rawValue }

  /// The word for it in documents and on screens.
  public var word: String {
    switch self {
    case .noAnswer: "no answer"
    case .foreign: "not in the file"
    case .down, .missing, .changed, .overloaded, .draining, .drained, .spare, .serving: "\(self)"
    }
  }
}

extension RealServerStatus {
  /// How it stands, the worst first; a kernel that keeps no rates cannot tell that nothing passes.
  public func standings(in service: ServiceID, estimatesRates: Bool) -> [Standing] {
    var standings: [Standing] = []
    if health?.state == .down { standings.append(.down) }
    switch mark {
    case .missing: return standings + [.missing]
    case .foreign: standings.append(.foreign)
    case .changed: standings.append(.changed)
    case nil: break
    }
    guard isInTable else { return standings.isEmpty ? [isFallback ? .spare : .drained] : standings }
    if isOverloaded { standings.append(.overloaded) }
    if estimatesRates && isSilent { standings.append(.noAnswer) }
    if settings.weight == 0 && health?.state != .down {
      standings.append(connectionsLeft(in: service) > 0 ? .draining : .drained)
    }
    return standings.isEmpty ? [.serving] : standings
  }

  /// The worst that is to be said of it.
  public func standing(in service: ServiceID, estimatesRates: Bool) -> Standing {
    standings(in: service, estimatesRates: estimatesRates)[0]
  }

  /// The connections that a drain waits for; where the counters cannot tell, all there are.
  public func connectionsLeft(in service: ServiceID) -> UInt64 {
    counters.open(in: service).map(UInt64.init) ?? counters.connections
  }

  /// Whether it has active connections and nothing of them passes: of what passes both ways its replies, else what is sent
  /// to it.
  private var isSilent: Bool {
    guard counters.active > 0 else { return false }
    return settings.forward == .nat ? counters.traffic.packetRateOut == 0 : counters.traffic.packetRateIn == 0
  }
}

extension ServiceStatus {
  /// How it stands: itself, or its worst real server. One of several that is down leaves the service up, and is seen at once
  /// all the same.
  public func standing(estimatesRates: Bool) -> Standing {
    if let ownStanding { return ownStanding }
    return realServers.lazy.map { $0.standing(in: id, estimatesRates: estimatesRates) }.min() ?? .serving
  }

  /// What is wrong with itself, the worst of it; nil where nothing is.
  public var ownStanding: Standing? {
    switch mark {
    case .missing: .missing
    case .foreign: .foreign
    case .changed: isDown ? .down : .changed
    case nil: isDown ? .down : nil
    }
  }

  /// Whether new connections find nobody, or fewer real servers are up than the file asks for.
  public var isDown: Bool { mark != .missing && (serving == 0 || health?.isUp == false) }
}
