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
  /// Throws ``ApplyError``, ``NotConverged``, or ``BrokenOff`` where `wait`, `observe` or `replan` throw.
  @discardableResult
  public func apply(
    _ first: [Change], wait: () throws -> Void = {}, then second: [Change] = [], before: HostState, keepsPartial: Bool
  ) throws -> [Change] {
    var progress = sink.carryOut(first, shouldStop: shouldStop)
    if progress.isWhole && !second.isEmpty {
      do {
        try wait()
      } catch {
        let takenBack = keepsPartial ? nil : takeBack(progress.done, before: before)
        throw BrokenOff(reason: error, done: progress.done, planned: first.count + second.count, takenBack: takenBack)
      }
      progress.append(sink.carryOut(second, shouldStop: shouldStop))
    }
    if !progress.isWhole {
      var error = ApplyError(progress: progress, planned: first.count + second.count)
      if !keepsPartial { error.takenBack = takeBack(progress.done, uncertain: progress.uncertain, before: before) }
      throw error
    }
    let rest: Plan
    do {
      rest = try replan(try observe())
    } catch {
      throw BrokenOff(reason: error, done: progress.done, planned: first.count + second.count)
    }
    if !rest.isEmpty { throw NotConverged(rest: rest) }
    return progress.done
  }

  /// Takes steps back, last first, and reads the kernel to see whether all is as it was `before`; nil for no steps.
  ///
  /// Of the `uncertain` steps those are taken back that the kernel turns out to have done.
  public func takeBack(_ done: [Change], uncertain: [Change] = [], before: HostState) -> TakenBack? {
    if done.isEmpty && uncertain.isEmpty { return nil }
    var toUndo = done
    // Where the kernel cannot be read, what is known to be done is still taken back; the last reading says the rest.
    if !uncertain.isEmpty, let now = try? observe() { toUndo += Undo.done(of: uncertain, in: now) }
    let undone = sink.carryOutAll(Undo.changes(for: toUndo, before: before))
    var takenBack = TakenBack(done: undone.done, failures: undone.failures)
    do {
      takenBack.remains = Undo.remains(of: done + uncertain, before: before, after: try observe())
    } catch {
      takenBack.unread = "\(error)"
    }
    return takenBack
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
  public var remains: [String] = []
  /// Why the kernel could not be read back, so that nobody knows what remains; or nil.
  public var unread: String?

  /// Whether everything is known to be as it was before.
  public var isWhole: Bool { remains.isEmpty && unread == nil }

  init(done: [Change], failures: [StepFailure]) {
    self.done = done
    self.failures = failures
  }
}

/// Every step so far was done, and then the kernel could not be read: to wait for connections, or to prove the end.
public struct BrokenOff: Error {
  /// Why it could not.
  public var reason: any Error
  /// The steps that were done.
  public var done: [Change]
  /// How many steps the plan had.
  public var planned: Int
  /// The undo, or nil where the steps are left in place.
  public var takenBack: TakenBack?

  init(reason: any Error, done: [Change], planned: Int, takenBack: TakenBack? = nil) {
    self.reason = reason
    self.done = done
    self.planned = planned
    self.takenBack = takenBack
  }
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
