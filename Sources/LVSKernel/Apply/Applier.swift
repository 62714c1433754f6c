import LVSCore

/// Carries out a plan, proves it by observing and planning again, and takes it back when a step is refused.
public struct Applier<Sink: StepSink> {
  private let sink: Sink
  private let observe: () throws -> HostState
  private let shouldStop: () -> Bool

  /// Creates an applier; `observe` reads the kernel anew each time, `shouldStop` is asked between steps.
  public init(sink: Sink, observe: @escaping () throws -> HostState, shouldStop: @escaping () -> Bool = { false }) {
    self.sink = sink
    self.observe = observe
    self.shouldStop = shouldStop
  }

  /// Carries out `plan`, made against `before`.
  ///
  /// Throws ``ApplyError``, or what `observe` throws.
  public func apply(_ plan: Plan, before: HostState, target: Target, prune: Bool, keepsPartial: Bool) throws {
    let progress = sink.carryOut(plan.changes, shouldStop: shouldStop)
    if progress.failure == nil && !progress.wasInterrupted {
      try prove(target, prune: prune)
      return
    }
    var error = ApplyError(progress: progress, planned: plan.changes.count)
    let touched = progress.done + progress.uncertain
    if !keepsPartial && !touched.isEmpty {
      let undo = Undo.changes(for: progress.done, before: before)
      let undone = sink.carryOutAll(undo)
      error.undone = undone.done
      error.undoFailures = undone.failures
      error.remains = Undo.remains(of: touched, before: before, after: try observe())
      error.isUndone = true
    }
    throw error
  }

  /// Observes again and plans again: an empty plan is the proof.
  private func prove(_ target: Target, prune: Bool) throws {
    let rest = try Planner.plan(target, observed: try observe(), prune: prune)
    if !rest.isEmpty { throw NotConverged(rest: rest) }
  }
}

extension StepSink {
  /// Carries out every step that can be, past those that are refused.
  func carryOutAll(_ changes: [Change]) -> (done: [Change], failures: [StepFailure]) {
    var done: [Change] = []
    var failures: [StepFailure] = []
    var rest = changes
    while !rest.isEmpty {
      let progress = carryOut(rest, shouldStop: { false })
      done += progress.done
      guard let failure = progress.failure else { break }
      failures.append(failure)
      let dealtWith = Set(progress.done).union([failure.change])
      rest.removeAll { dealtWith.contains($0) }
    }
    return (done, failures)
  }
}

/// A plan that was not carried out to its end.
public struct ApplyError: Error, Equatable, Sendable {
  /// What was done and which step was refused.
  public var progress: Progress
  /// How many steps the plan had.
  public var planned: Int
  /// Whether what was done was taken back; not so where that was not wanted or nothing was done.
  public var isUndone = false
  /// The steps of the undo that were done.
  public var undone: [Change] = []
  /// The steps of the undo that were refused.
  public var undoFailures: [StepFailure] = []
  /// What of the things that were touched is not as it was before, read back from the kernel.
  public var remains: [String] = []

  init(progress: Progress, planned: Int) {
    self.progress = progress
    self.planned = planned
  }
}

/// Every step was accepted, and yet the kernel does not hold what the file says.
public struct NotConverged: Error, Equatable, Sendable {
  /// What is still to do.
  public var rest: Plan
}
