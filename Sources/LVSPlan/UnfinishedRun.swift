import LVSModel
import LVSText

/// What came of something that was to change a node and did not reach its end; what is not known of the node is nil.
public struct UnfinishedRun: Equatable, Sendable {
  /// The cluster's name.
  public var cluster: String?
  /// The node's name.
  public var node: String?
  /// The node's role, as in ``NodePlan``.
  public var role: String?
  /// What was to be done; nothing where it ended before there was a plan.
  public var plan = Plan()
  /// What there is to say of the node beyond the plan.
  public var findings: [Finding] = []
  /// Why it ended: whole sentences.
  public var message: Message
  /// The errno it ended with, positive; nil where there is none.
  public var errno: Int32?
  /// What became of the steps.
  public var steps = StepsTaken()

  /// Creates an account of which only the reason is known.
  public init(message: Message) { self.message = message }
}

/// What became of the steps of a plan that was not carried out to its end.
public struct StepsTaken: Equatable, Sendable {
  /// The step that was refused, if any.
  public var refused: Change?
  /// The steps that were done, in order.
  public var done: [Change] = []
  /// Steps that were sent and whose answer was lost: they may be done or not.
  public var uncertain: [Change] = []
  /// The steps that took them back, in order.
  public var undone: [Change] = []
  /// Whether the node is known to hold what it held before; nil where nothing was taken back.
  public var isTakenBack: Bool?
  /// The things, each as `KIND ID`, that are not as they were before, or where nothing was taken back not as the plan
  /// wants them.
  public var remains: [String] = []

  /// Creates an account of no steps.
  public init() {}
}
