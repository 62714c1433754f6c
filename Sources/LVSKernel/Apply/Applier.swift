import LVSCore

/// Carries out a plan, proves it by observing and planning again, and takes it back when a step is refused.
public struct Applier<Sink: StepSink> {
  private let sink: Sink
  private let observe: () throws -> HostState
  private let replan: (HostState) throws -> Plan
  private let shouldStop: () -> Bool

  /// Creates an applier.
  ///
  /// `observe` reads the kernel anew each time, `replan` plans from what it found, and `shouldStop` is asked between
  /// steps.
  public init(
    sink: Sink, observe: @escaping () throws -> HostState, replan: @escaping (HostState) throws -> Plan,
    shouldStop: @escaping () -> Bool = { false }
  ) {
    self.sink = sink
    self.observe = observe
    self.replan = replan
    self.shouldStop = shouldStop
  }

  /// Carries out steps that were planned against `before`; returns them as they were done, for ``takeBack(_:before:)``.
  ///
  /// Between `first` and `second` it waits for as long as `wait` takes, which returns early when it is asked to stop.
  /// Throws ``ApplyError``, ``NotConverged``, or what `observe` and `replan` throw.
  @discardableResult
  public func apply(
    _ first: [Change], wait: () throws -> Void = {}, then second: [Change] = [], before: HostState, keepsPartial: Bool
  ) throws -> [Change] {
    var progress = sink.carryOut(first, shouldStop: shouldStop)
    if progress.isWhole && !second.isEmpty {
      do {
        try wait()
      } catch {
        _ = try takeBack(progress.done, before: before)
        throw error
      }
      progress.append(sink.carryOut(second, shouldStop: shouldStop))
    }
    if !progress.isWhole {
      var error = ApplyError(progress: progress, planned: first.count + second.count)
      if !keepsPartial { error.takenBack = try takeBack(progress.done, uncertain: progress.uncertain, before: before) }
      throw error
    }
    let rest = try replan(try observe())
    if !rest.isEmpty { throw NotConverged(rest: rest) }
    return progress.done
  }

  /// Takes steps back, last first, and reads the kernel to see whether all is as it was `before`; nil for no steps.
  public func takeBack(_ done: [Change], uncertain: [Change] = [], before: HostState) throws -> TakenBack? {
    let touched = done + uncertain
    if touched.isEmpty { return nil }
    let undone = sink.carryOutAll(Undo.changes(for: done, before: before))
    return TakenBack(
      done: undone.done, failures: undone.failures,
      remains: Undo.remains(of: touched, before: before, after: try observe()))
  }
}

extension Progress {
  /// Whether every step was done.
  var isWhole: Bool { failure == nil && !wasInterrupted }

  fileprivate mutating func append(_ next: Progress) {
    done += next.done
    uncertain += next.uncertain
    failure = next.failure
    wasInterrupted = next.wasInterrupted
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

/// What became of an undo.
public struct TakenBack: Equatable, Sendable {
  /// The steps of the undo that were done.
  public var done: [Change]
  /// The steps of the undo that were refused.
  public var failures: [StepFailure]
  /// What of the things that were touched is not as it was before, read back from the kernel.
  public var remains: [String]
}

/// A plan that was not carried out to its end.
public struct ApplyError: Error, Equatable, Sendable {
  /// What was done and which step was refused.
  public var progress: Progress
  /// How many steps the plan had.
  public var planned: Int
  /// The undo, or nil where none was wanted or nothing was done.
  public var takenBack: TakenBack?

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
