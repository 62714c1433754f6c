import CProcess
import LVSKernel
import LVSModel
import LVSNode
import LVSPlan
import LVSSystem
import LVSText

/// The part of a command that changes this machine: carry out, prove, or take back, and tell how it ended.
struct ChangeRun {
  /// The end of a run that did not reach its goal.
  struct Ended: Error {
    var failure: Failure
    /// Whether the machine is as it was before.
    var isTakenBack: Bool
  }

  /// What was seen last while the plan is carried out.
  private final class LastLook {
    var look = Observed()
  }

  private let session: NodeSession
  private let observed: HostState
  private let signals: HeldSignals
  private let progress = StepProgress()
  private let removal: GracefulRemoval
  private let applier: Applier<TransientSysctlSink<KernelSink>>

  /// `remember` is told what sysctls are to be set back to, before they are set for a while.
  init(
    session: NodeSession, observed: HostState, signals: HeldSignals,
    remember: @escaping ([String: String]) throws -> Void = { _ in },
    replan: @escaping (Observed) throws(Failure) -> Plan
  ) {
    let last = LastLook()
    self.session = session
    self.observed = observed
    self.signals = signals
    let removal = GracefulRemoval(
      session.kernel, remember: remember, signals: signals, report: Terminal.report)
    self.removal = removal
    applier = Applier(
      sink: TransientSysctlSink(KernelSink(session.kernel, report: progress.show), removal.sysctls),
      observe: {
        removal.end()
        last.look = try session.observe()
        return last.look.state
      },
      // What it plans from is what it has just observed, and the interfaces go with it.
      replan: { state in
        last.look.state = state
        return try replan(last.look)
      },
      shouldStop: { signals.areWaiting })
  }

  /// Carries out steps in one go.
  func carryOut(_ changes: [Change], keepsPartial: Bool) throws -> [Change] {
    try ending { try applier.apply(changes, before: observed, keepsPartial: keepsPartial) }
  }

  /// Carries out a plan in two stages, and waits between them for connections to end.
  func carryOut(_ staged: StagedPlan, graceful seconds: Double, keepsPartial: Bool) throws -> [Change] {
    let progress = DrainProgress(names: session.file.serverNames)
    removal.begin(staged)
    defer { removal.end() }
    return try ending {
      try applier.apply(
        staged.first, wait: { try removal.wait(atMost: seconds, progress: progress.show) },
        then: staged.second, before: observed, keepsPartial: keepsPartial)
    }
  }

  private func ending(_ body: () throws -> [Change]) throws -> [Change] {
    defer { progress.clear() }
    lvsctl_last_words_changing(1)
    defer { lvsctl_last_words_changing(0) }
    do {
      return try body()
    } catch let error as ApplyError {
      let hasDoneNothing = error.progress.done.isEmpty && error.progress.uncertain.isEmpty
      let isTakenBack = hasDoneNothing || error.takenBack?.isWhole == true
      throw Ended(
        failure: Failure(ApplyReport.status(of: error), ApplyReport.text(error)), isTakenBack: isTakenBack)
    } catch let error as BrokenOff {
      throw Ended(
        failure: Failure(.refused, ApplyReport.text(error)), isTakenBack: error.takenBack?.isWhole == true)
    } catch let error as NotConverged {
      throw Ended(failure: Failure(.refused, ApplyReport.text(error)), isTakenBack: false)
    } catch {
      throw Ended(failure: Failure(describing: error), isTakenBack: false)
    }
  }

  /// Waits for `lvsctl confirm`; nil when it came, otherwise how the command ends, with the steps taken back.
  func wait(for confirmation: Confirmation, of done: [Change], within seconds: Double) -> Ended? {
    Terminal.report(
      "Waiting \(Int(seconds)) seconds for lvsctl confirm; without it everything is taken back.")
    let ending: Confirmation.Ending
    do {
      ending = try confirmation.wait(atMost: seconds, signals: signals)
    } catch {
      return unkept("Nobody can confirm: \(error).", takeBack(done))
    }
    switch ending {
    case .confirmed: return nil
    case .expired: return unkept("Nobody confirmed in time.", takeBack(done))
    case .interrupted:
      return unkept("Ended on request before anybody confirmed.", takeBack(done))
    }
  }

  /// Takes back what nobody confirmed.
  private func takeBack(_ done: [Change]) -> TakenBack? {
    lvsctl_last_words_changing(1)
    defer { lvsctl_last_words_changing(0) }
    return applier.takeBack(done, before: observed)
  }

  private func unkept(_ reason: Message, _ takenBack: TakenBack?) -> Ended {
    let lines = takenBack.map(ApplyReport.lines) ?? ["Nothing had been changed."]
    let isBack = takenBack?.isWhole ?? true
    let failure = Failure(isBack ? .negative : .refused, ([reason] + lines).joined(separator: "\n"))
    return Ended(failure: failure, isTakenBack: isBack)
  }
}
