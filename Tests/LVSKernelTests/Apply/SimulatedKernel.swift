import Glibc
import LVSKernel
import LVSModel

/// A kernel of values: carries steps out on a state, refuses what it is told to refuse.
final class SimulatedKernel: StepSink {
  private(set) var state: HostState
  private var refusals: [Change]
  private(set) var log: [Change] = []

  init(_ state: HostState, refusing refusals: [Change] = []) {
    self.state = state
    self.refusals = refusals
  }

  /// How often it was given steps.
  private(set) var calls = 0

  func carryOut(_ changes: [Change], pastRefusals: Bool, shouldStop: () -> Bool) -> Progress {
    calls += 1
    var progress = Progress()
    for change in changes {
      if shouldStop() {
        progress.wasInterrupted = true
        return progress
      }
      if refusals.contains(change) {
        progress.failures.append(
          StepFailure(change: change, errno: EPERM, message: "Operation not permitted (errno 1)"))
        if pastRefusals { continue }
        return progress
      }
      carryOut(change)
      progress.done.append(change)
    }
    return progress
  }

  private func carryOut(_ change: Change) {
    log.append(change)
    state[change.subject] = change.after
  }
}
