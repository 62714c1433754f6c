import LVSModel
import LVSText

/// What came of something that was to change a node and did not reach its end; what is not known of the node is nil.
package struct UnfinishedRun: Equatable, Sendable {
  /// The cluster's name.
  package var cluster: String?
  /// The node's name.
  package var node: String?
  /// The node's role, as in ``NodePlan``.
  package var role: String?
  /// What was to be done; nothing where it ended before there was a plan.
  package var plan = Plan()
  /// What there is to say of the node beyond the plan.
  package var findings: [Finding] = []
  /// Why it ended: whole sentences.
  package var message: Message
  /// The errno it ended with, positive; nil where there is none.
  package var errno: Int32?
  /// What became of the steps.
  package var steps = StepsTaken()

  /// Creates an account of which only the reason is known.
  package init(message: Message) { self.message = message }
}

/// What became of the steps of a plan that was not carried out to its end.
package struct StepsTaken: Equatable, Sendable {
  /// The step that was refused, if any.
  package var refused: Change?
  /// The steps that were done, in order.
  package var done: [Change] = []
  /// Steps that were sent and whose answer was lost: they may be done or not.
  package var uncertain: [Change] = []
  /// The steps that took them back, in order.
  package var undone: [Change] = []
  /// Whether the node is known to hold what it held before; nil where nothing was taken back.
  package var isTakenBack: Bool?
  /// The things, each as `KIND ID`, that are not as they were before, or where nothing was taken back not as the plan
  /// wants them.
  package var remains: [String] = []

  /// Creates an account of no steps.
  package init() {}
}
