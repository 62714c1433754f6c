import LVSKernel
import LVSModel
import LVSPlan
import LVSText

/// How a run ended that did not reach its goal.
public enum RunEnd: Error {
  /// The kernel refused a step, or the run was ended between two of them.
  case refused(ApplyError)
  /// Every step was accepted, and yet the kernel does not hold what the plan is for.
  case notConverged(NotConverged)
  /// The kernel could not be read: to wait for connections, or to prove the end.
  case brokenOff(BrokenOff)
  /// Everything was done and proved, and then nobody confirmed, for this reason; nil where there was nothing to take back.
  case unconfirmed(reason: Message, done: [Change], TakenBack?)
  /// What an earlier run did could not all be taken back.
  case notTakenBack(TakenBack)
  /// Something else, which is a bug.
  case other(any Error)
}

extension RunEnd {
  /// Whether the machine is as it was before.
  public var isTakenBack: Bool {
    switch self {
    case .refused(let error):
      error.progress.done.isEmpty && error.progress.uncertain.isEmpty || error.takenBack?.isWhole == true
    case .brokenOff(let error): error.takenBack?.isWhole == true
    case .unconfirmed(_, _, let takenBack): takenBack?.isWhole ?? true
    case .notConverged, .notTakenBack, .other: false
    }
  }

  /// What became of the steps.
  public var steps: StepsTaken {
    var steps = StepsTaken()
    switch self {
    case .refused(let error):
      steps.refused = error.progress.failure?.change
      steps.done = error.progress.done
      steps.uncertain = error.progress.uncertain
      steps.note(error.takenBack)
    case .notConverged(let error):
      steps.done = error.done
      steps.remains = error.rest.changes.map { "\($0.kind) \($0.id)" }
    case .brokenOff(let error):
      steps.done = error.done
      steps.note(error.takenBack)
    case .unconfirmed(_, let done, let takenBack):
      steps.done = done
      steps.note(takenBack)
    case .notTakenBack(let takenBack):
      steps.refused = takenBack.failures.first?.change
      steps.note(takenBack)
    case .other: break
    }
    return steps
  }
}

extension StepsTaken {
  fileprivate mutating func note(_ takenBack: TakenBack?) {
    guard let takenBack else { return }
    undone = takenBack.done
    isTakenBack = takenBack.isWhole
    remains = takenBack.remains
  }
}
