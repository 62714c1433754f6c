import LVSText

/// What a rehearsal looks at.
public enum CheckName: String, Sendable, CaseIterable {
  /// The file is applied on every node.
  case apply
  /// A second apply has nothing to do.
  case secondApply = "second-apply"
  /// Only the director that is active for a VIP answers ARP and neighbour discovery for it, from the beginning to the end.
  case vipOwner = "vip-owner"
  /// Every real server with a weight answers whatever it is sent.
  case answers
  /// Requests are shared out as scheduler and weights say.
  case shares
  /// Replies of real servers by direct routing and tunnels pass no director.
  case directReturn = "direct-return"
  /// Replies of real servers by NAT pass the director.
  case natReturn = "nat-return"
  /// A client stays with its real server.
  case persistence
  /// A real server that dies fails what it is sent, and nothing else.
  case serverDown = "server-down"
  /// A real server that is drained loses nothing.
  case drain
  /// The standby takes over from a director that dies.
  case failover
  /// A real server that dies is taken out by its checks, and comes back with them.
  case health
  /// What clients of a checked service get when all of its real servers are dead.
  case allDown = "all-down"
  /// The file is applied in the place of an older one, under traffic.
  case change
}

/// What came of a check.
public struct CheckResult: Equatable, Sendable {
  /// How it ended.
  public enum Outcome: String, Sendable, CaseIterable {
    case pass
    case fail
    /// It could not be made; the evidence says why.
    case skip
  }

  /// What was looked at.
  public var name: CheckName
  /// The node that it is about; nil for the whole cluster.
  public var node: String?
  /// How it ended.
  public var result: Outcome
  /// What that rests on, and where it failed the cause as far as it is known.
  public var evidence: Message

  /// Creates a result.
  public init(_ name: CheckName, node: String? = nil, _ result: Outcome, _ evidence: Message) {
    self.name = name
    self.node = node
    self.result = result
    self.evidence = evidence
  }
}

/// What came of a rehearsal.
public struct RehearsalReport: Equatable, Sendable {
  /// Who answered how often: of a service, and a machine.
  public struct Tally: Equatable, Sendable {
    /// The service.
    public var service: String
    /// How many requests were sent.
    public var requests: Int
    /// The answers of each machine, in the order of the file.
    public var answers: [(machine: String, count: Int)]
    /// How many had no answer.
    public var lost: Int

    /// Creates a row.
    public init(service: String, requests: Int, answers: [(machine: String, count: Int)], lost: Int) {
      self.service = service
      self.requests = requests
      self.answers = answers
      self.lost = lost
    }

    public static func == (a: Self, b: Self) -> Bool {
      a.service == b.service && a.requests == b.requests && a.lost == b.lost
        && a.answers.elementsEqual(b.answers) { $0 == $1 }
    }
  }

  /// The cluster's name.
  public var cluster: String
  /// The checks, in the order in which they were made.
  public var checks: [CheckResult] = []
  /// Who answered.
  public var tallies: [Tally] = []

  /// Creates a report without checks.
  public init(cluster: String) { self.cluster = cluster }

  /// Whether no check failed.
  public var passed: Bool { !checks.contains { $0.result == .fail } }

  /// How many checks ended so.
  public func count(_ outcome: CheckResult.Outcome) -> Int { checks.count { $0.result == outcome } }
}
