import LVSKernel
import LVSModel
import LVSPlan
import LVSText

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
  /// Where a step is refused because another program changed the same thing, or the end shows something new to do, it
  /// plans anew from what is there now; what it has done in all rounds is what an undo takes back.
  /// Throws ``ApplyError``, ``NotConverged``, or ``BrokenOff`` where `wait`, `observe` or `replan` throw.
  @discardableResult
  public func apply(
    _ first: [Change], wait: () throws -> Void = {}, then second: [Change] = [], before: HostState, keepsPartial: Bool
  ) throws -> [Change] {
    var account = Account(before: before, keepsPartial: keepsPartial, planned: first.count + second.count)
    var stages = Stages(first: first, second: second)
    for round in 1... {
      account.append(sink.carryOut(stages.first, shouldStop: shouldStop))
      if account.progress.isWhole && !stages.second.isEmpty {
        do {
          try wait()
        } catch {
          throw brokenOff(account, error)
        }
        account.append(sink.carryOut(stages.second, shouldStop: shouldStop))
        stages = Stages()
      }
      let failure = account.progress.failure
      if let failure, failure.isOutdated, round < Self.rounds, !shouldStop() {
        account.encounters.append(failure)
        account.progress.failures = []
      } else if !account.progress.isWhole {
        throw refused(account)
      }
      let rest: Plan
      do {
        rest = try replan(try observe())
      } catch {
        if failure != nil { throw brokenOff(account, error) }
        throw BrokenOff(reason: error, done: account.progress.done, planned: account.planned)
      }
      if rest.isEmpty { break }
      if failure == nil, round == Self.rounds || account.hasDone(rest) {
        throw NotConverged(rest: rest, done: account.progress.done, encounters: account.encounters)
      }
      stages = stages.again(for: rest.changes)
      account.planned = account.progress.done.count + stages.first.count + stages.second.count
    }
    return account.progress.done
  }

  private func refused(_ account: Account) -> ApplyError {
    var error = ApplyError(progress: account.progress, planned: account.planned)
    error.encounters = account.encounters
    if !account.keepsPartial {
      error.takenBack = takeBack(
        account.progress.done, uncertain: account.progress.uncertain, before: account.before)
    }
    return error
  }

  private func brokenOff(_ account: Account, _ reason: any Error) -> BrokenOff {
    let takenBack =
      account.keepsPartial
      ? nil : takeBack(account.progress.done, uncertain: account.progress.uncertain, before: account.before)
    return BrokenOff(
      reason: reason, done: account.progress.done, planned: account.planned, takenBack: takenBack)
  }

  /// Takes steps back, last first, and reads the kernel to see whether all is as it was `before`; nil for no steps.
  ///
  /// Of the `uncertain` steps those are taken back that the kernel turns out to have done. What the reading then shows to
  /// be different still, because another program was at it or because the kernel took more away than a step said, is put
  /// right too, as far as the steps touched it.
  public func takeBack(_ done: [Change], uncertain: [Change] = [], before: HostState) -> TakenBack? {
    if done.isEmpty && uncertain.isEmpty { return nil }
    var toUndo = done
    // Where the kernel cannot be read, what is known to be done is still taken back; the last reading says the rest.
    if !uncertain.isEmpty, let now = try? observe() { toUndo += Undo.done(of: uncertain, in: now) }
    var steps = Undo.changes(for: toUndo, before: before)
    var takenBack = TakenBack(done: [], failures: [])
    for round in 1...Self.rounds {
      let progress = sink.carryOut(steps, pastRefusals: true, shouldStop: { false })
      takenBack.done += progress.done
      takenBack.failures = progress.failures
      do {
        let missing = try sink.putBackSideEffects()
        let now = try observeAgain(done + uncertain, before)
        takenBack.remains = Undo.remains(of: done + uncertain, before: before, after: now)
        for words in missing where !takenBack.remains.contains(words) { takenBack.remains.append(words) }
        steps = Undo.rest(of: toUndo, before: before, after: now)
      } catch {
        takenBack.unread = "\(error)"
        break
      }
      if takenBack.remains.isEmpty {
        // What was refused and is as it was before all the same needs no word.
        takenBack.failures = []
        break
      }
      if steps.isEmpty || progress.isBroken || (round > 1 && progress.done.isEmpty) { break }
    }
    return takenBack
  }

  /// What is there after an undo; of the services that should be back and are not listed each is asked for by itself,
  /// since a list of many may miss some while another program writes.
  private func observeAgain(_ done: [Change], _ before: HostState) throws -> HostState {
    var now = try observe()
    let missing = Set(done.compactMap(\.subject.service)).filter {
      now.services[$0] == nil && before.services[$0] != nil
    }
    if !missing.isEmpty, let found = try sink.services(named: missing) {
      now.services.merge(found) { _, found in found }
    }
    return now
  }
}

extension Applier {
  /// How often it starts from what is there now, in all.
  static var rounds: Int { 3 }

  /// What has come of a run so far.
  private struct Account {
    let before: HostState
    let keepsPartial: Bool
    /// How many steps there are in all, those of later rounds too.
    var planned: Int
    var progress = Progress()
    /// Refusals after which it planned anew.
    var encounters: [StepRefusal] = []

    init(before: HostState, keepsPartial: Bool, planned: Int) {
      self.before = before
      self.keepsPartial = keepsPartial
      self.planned = planned
    }

    mutating func append(_ next: Progress) { progress.append(next) }

    /// Whether each step of a plan has been carried out before, to the same end: then the kernel does not hold it, or
    /// another program takes it back.
    func hasDone(_ plan: Plan) -> Bool {
      let goals = Set(progress.done.map(\.goal))
      return plan.changes.allSatisfy { goals.contains($0.goal) }
    }
  }
}

/// The steps before a wait, and those after it.
private struct Stages {
  var first: [Change] = []
  var second: [Change] = []

  /// The steps of a later plan: what was to be removed after the wait still is, and gets no new connections until then.
  func again(for changes: [Change]) -> Stages {
    if second.isEmpty { return Stages(first: changes) }
    let later = Set(second.map(\.goal))
    let removed = Set(second.compactMap(\.subject.service))
    var next = Stages()
    next.first = first.filter { change in
      if case .realServer(let service, _) = change.subject, change.after?.realServer?.weight == 0 {
        return removed.contains(service)
      }
      return false
    }
    for change in changes {
      if later.contains(change.goal) { next.second.append(change) } else { next.first.append(change) }
    }
    return next
  }
}

extension Progress {
  /// Whether every step was done.
  var isWhole: Bool { failures.isEmpty && !wasInterrupted }

  fileprivate mutating func append(_ next: Progress) {
    if done.isEmpty { done = next.done } else { done += next.done }
    uncertain += next.uncertain
    failures = next.failures
    wasInterrupted = next.wasInterrupted
    isBroken = next.isBroken
  }
}

/// What became of an undo.
public struct TakenBack: Equatable, Sendable {
  /// The steps of the undo that were done.
  public var done: [Change]
  /// The steps of the undo that were refused.
  public var failures: [StepRefusal]
  /// What of the things that were touched is not as it was before, read back from the kernel.
  public var remains: [String] = []
  /// Why the kernel could not be read back, so that nobody knows what remains; or nil.
  public var unread: Message?

  /// Whether everything is known to be as it was before.
  public var isWhole: Bool { remains.isEmpty && unread == nil }

  init(done: [Change], failures: [StepRefusal]) {
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
  /// Steps that were refused before, because another program had changed the same thing; each time all was planned anew.
  public var encounters: [StepRefusal] = []

  init(progress: Progress, planned: Int) {
    self.progress = progress
    self.planned = planned
  }

  /// Whether the last refusal, or one before it, was another program's doing.
  public var hasEncounters: Bool { !encounters.isEmpty || progress.failure?.isOutdated == true }
}

/// Every step was accepted, and yet the kernel does not hold what the file says.
public struct NotConverged: Error, Equatable, Sendable {
  /// What is still to do.
  public var rest: Plan
  /// The steps that were done; they stay.
  public var done: [Change]
  /// Steps that were refused because another program had changed the same thing; each time all was planned anew.
  public var encounters: [StepRefusal] = []
}
