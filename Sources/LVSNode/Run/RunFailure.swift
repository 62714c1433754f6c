import LVSModel
import LVSPlan
import LVSText

/// Something that was to change this node and did not reach its end, with what is known of it.
public struct RunFailure: Error, MessageConvertible {
  /// Why, and how that is to be taken.
  public var failure: NodeFailure
  /// How the run of steps ended, nil where it did not begin or had come to its end.
  public var end: RunEnd?
  /// What was known by then.
  public var known: RunAccount

  /// The message of the failure.
  public var message: Message { failure.message }

  /// All of it as one value.
  public var account: UnfinishedRun {
    var account = UnfinishedRun(message: failure.message)
    account.cluster = known.cluster
    account.node = known.node
    account.role = known.role
    if let report = known.report {
      account.plan = report.plan
      account.findings = report.findings
    }
    account.errno = failure.errno
    if let end { account.steps = end.steps } else { account.steps.done = known.done }
    return account
  }
}

/// What is known of something that is to change this node, step by step.
public struct RunAccount: Sendable {
  /// The cluster's name.
  public internal(set) var cluster: String?
  /// The node's name.
  public internal(set) var node: String?
  /// The node's role, in words.
  public internal(set) var role: String?
  /// What is going to be done.
  public internal(set) var report: NodePlan?
  /// The steps that are done and proved.
  public internal(set) var done: [Change] = []

  var end: RunEnd?

  /// Nothing is known but perhaps the cluster.
  init(cluster: String? = nil) { self.cluster = cluster }

  /// Does something, and adds what is known by then to its failure.
  static func keeping<Outcome>(
    _ account: RunAccount, _ body: (inout RunAccount) throws(NodeFailure) -> Outcome
  ) throws(RunFailure) -> Outcome {
    var account = account
    do throws(NodeFailure) {
      return try body(&account)
    } catch {
      throw RunFailure(failure: error, end: account.end, known: account)
    }
  }

  /// Takes note of the node.
  mutating func note(_ session: NodeSession) {
    node = session.node.name
    role = session.role
  }
}
