import LVSKernel
import LVSModel
import LVSPlan
import LVSText

/// The part of a change of this machine that touches it: carry out, prove, or take back.
public struct ChangeRun {
  /// What was seen last while the plan is carried out.
  private final class LastLook {
    var look = Observed()
  }

  private let observed: HostState
  private let events: NodeEvents
  private let removal: GracefulRemoval
  private let applier: Applier<TransientSysctlSink<KernelSink>>

  /// A run from what a session observed.
  ///
  /// `remember` is told what sysctls are to be set back to, before they are set for a while; `replan` plans from what is
  /// there later.
  public init(
    session: NodeSession, observed: HostState, _ events: NodeEvents,
    remember: @escaping ([String: String]) throws -> Void = { _ in },
    replan: @escaping (Observed) throws(NodeFailure) -> Plan
  ) {
    let last = LastLook()
    self.observed = observed
    self.events = events
    let removal = GracefulRemoval(
      session.kernel, remember: remember, shouldStop: events.shouldStop, signals: events.signals,
      report: events.note)
    self.removal = removal
    applier = Applier(
      sink: TransientSysctlSink(
        KernelSink(session.kernel, announcing: session.target.announced) { events.tell(.stepsDone($0)) },
        removal.sysctls),
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
      shouldStop: events.shouldStop)
  }

  /// Carries out a plan and returns the steps as they were done.
  ///
  /// Where `graceful` says how many seconds, real servers that leave get no new connections for so long, and then go.
  public func carryOut(_ plan: Plan, graceful: Double?, keepsPartial: Bool) throws(RunEnd) -> [Change] {
    events.tell(.beginsChanging)
    defer { events.tell(.endsChanging) }
    do {
      guard let graceful else {
        return try applier.apply(plan.changes, before: observed, keepsPartial: keepsPartial)
      }
      let staged = plan.staged(observed: observed)
      removal.begin(staged)
      defer { removal.end() }
      return try applier.apply(
        staged.first,
        wait: { try removal.wait(atMost: graceful) { events.tell(.draining($0, seconds: $1)) } },
        then: staged.second, before: observed, keepsPartial: keepsPartial)
    } catch let error as ApplyError {
      throw .refused(error)
    } catch let error as BrokenOff {
      throw .brokenOff(error)
    } catch let error as NotConverged {
      throw .notConverged(error)
    } catch {
      throw .other(error)
    }
  }

  /// Waits for `lvsctl confirm`; throws with the steps taken back where it does not come.
  func wait(for confirmation: Confirmation, of done: [Change], within seconds: Double) throws(RunEnd) {
    events.tell(.awaitsConfirmation(seconds: seconds))
    let ending: Confirmation.Ending
    do {
      ending = try confirmation.wait(atMost: seconds, shouldStop: events.shouldStop, signals: events.signals())
    } catch {
      throw unkept("Nobody can confirm: \(error).", done)
    }
    switch ending {
    case .confirmed: return
    case .expired: throw unkept("Nobody confirmed in time.", done)
    case .interrupted: throw unkept("Ended on request before anybody confirmed.", done)
    }
  }

  /// Takes back what nobody confirmed.
  private func unkept(_ reason: Message, _ done: [Change]) -> RunEnd {
    events.tell(.beginsChanging)
    defer { events.tell(.endsChanging) }
    return .unconfirmed(reason: reason, done: done, applier.takeBack(done, before: observed))
  }
}
