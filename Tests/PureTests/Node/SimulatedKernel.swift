import Glibc
import LVSKernel
import LVSModel
import LVSPlan

/// A kernel of values: carries steps out on a state, refuses what the kernel would refuse and what it is told to.
final class SimulatedKernel: StepSink {
  private var simulation: Simulation
  private var refusals: [Change]
  private(set) var log: [Change] = []

  init(_ state: HostState, refusing refusals: [Change] = []) {
    simulation = Simulation(state)
    self.refusals = refusals
  }

  var state: HostState { simulation.state }

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
          StepRefusal(change: change, errno: EPERM, message: "Operation not permitted (errno 1)"))
        if pastRefusals { continue }
        return progress
      }
      log.append(change)
      do throws(SimulatedRefusal) {
        progress.done += try simulation.carryOut(change)
      } catch {
        if error.hasGoneAlong {
          progress.done.append(change)
          continue
        }
        progress.failures.append(StepRefusal(change: change, errno: error.errno, message: "\(error.reason)"))
        if error.isHalfDone, let half = change.firstHalf { progress.done.append(half) }
        if !pastRefusals { return progress }
      }
    }
    return progress
  }
}
