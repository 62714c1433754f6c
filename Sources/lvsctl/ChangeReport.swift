import CProcess
import Glibc
import LVSNode
import LVSPlan
import LVSSystem
import LVSText

/// Tells an operator on stderr what happens on the way of a change, and holds back the signals that would cut it.
final class ChangeReport {
  private let showPlan: (NodePlan) -> Void
  private var signals: HeldSignals?
  private var steps: StepProgress?
  private var drain = DrainProgress(names: [:])

  /// `showPlan` is told the plan before the first step, for stdout.
  init(_ showPlan: @escaping (NodePlan) -> Void) { self.showPlan = showPlan }

  var events: NodeEvents {
    NodeEvents(shouldStop: { self.signals?.areWaiting ?? false }, signals: { self.signals }, tell: tell)
  }

  private func tell(_ event: NodeEvent) {
    switch event {
    case .note(let message):
      steps?.clear()
      Terminal.report(message)
    case .finding(let finding):
      steps?.clear()
      Terminal.report(finding)
    case .waitsForLock: overwriteOnTerminal("Waiting for another lvsctl to end.")
    case .endsWaitForLock: overwriteOnTerminal("")
    case .planned(let report):
      drain = DrainProgress(names: report.serverNames)
      showPlan(report)
    case .beginsChanging:
      if signals == nil { signals = HeldSignals() }
      if steps == nil { steps = StepProgress() }
      lvsctl_last_words_changing(1)
    case .stepsDone(let count): steps?.show(count)
    case .draining(let left, let seconds): drain.show(left, seconds: seconds)
    case .endsChanging:
      lvsctl_last_words_changing(0)
      steps?.clear()
    case .awaitsConfirmation(let seconds):
      Terminal.report("Waiting \(Int(seconds)) seconds for lvsctl confirm; without it everything is taken back.")
    }
  }

  private func overwriteOnTerminal(_ line: Message) {
    if isatty(STDERR_FILENO) == 1 { Terminal.overwrite(line) }
  }
}

extension NodeEvents {
  /// For a command that looks alone: notes go to stderr.
  static var told: NodeEvents {
    NodeEvents { event in
      switch event {
      case .note(let message): Terminal.report(message)
      case .finding(let finding): Terminal.report(finding)
      default: break
      }
    }
  }
}
