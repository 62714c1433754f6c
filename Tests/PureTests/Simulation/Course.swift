import LVSModel
import LVSPlan

/// A machine's way to a former file, and from there to the next one.
struct Course {
  /// The way from a state to a target.
  struct Leg {
    let before: HostState
    let target: Target
    let plan: Plan
    let quietInterfaces: Set<String>
    let servedHere: Set<ServiceID>

    /// Steps carried out from the leg's beginning, with an eye on what must not be lost until their end.
    func rehearsed(_ steps: [Change]) -> Rehearsal {
      var unwatched = Rehearsal(before)
      unwatched.carryOut(steps)
      var watched = Rehearsal(before, watching: passage(from: before, to: unwatched.state))
      watched.carryOut(steps)
      return watched
    }

    /// The steps of both stages of a graceful run.
    var stagedSteps: [Change] {
      let staged = plan.staged(observed: before)
      return staged.first + staged.second
    }

    /// What is still to do at the end, in words.
    func rest(_ end: Rehearsal) throws -> [String] {
      try Planner.plan(target, observed: end.state).changes.map { "\($0.kind) \($0.id) is still to do" }
    }

    func passage(from before: HostState, to after: HostState) -> Passage {
      Passage(from: before, to: after, quietInterfaces: quietInterfaces, servedHere: servedHere)
    }
  }

  /// Steps in words, one a line.
  static func words(_ steps: [Change]) -> String { Plan(changes: steps).words.joined(separator: "\n") }

  private(set) var pair: RandomPair
  /// What is remembered of the machine after the legs so far.
  private(set) var memory = MachineMemory()

  init(seed: UInt64) throws { pair = try RandomPair(seed: seed) }

  /// The two legs; the second is left out where the plan is refused because of what others did.
  mutating func legs() throws -> [Leg] {
    let first = leg(pair.pristine, pair.former, try Planner.plan(pair.former, observed: pair.pristine))
    let arrived = arrive(first)
    pair.remember(memory)
    let changed = try pair.changed(arrived)
    guard let plan = try? Planner.plan(pair.target, observed: changed) else { return [first] }
    return [first, leg(changed, pair.target, plan)]
  }

  private func leg(_ before: HostState, _ target: Target, _ plan: Plan) -> Leg {
    Leg(
      before: before, target: target, plan: plan, quietInterfaces: pair.quietInterfaces,
      servedHere: pair.former.servedHere.union(pair.target.servedHere))
  }

  /// Goes a leg, remembers what an apply does, and returns the machine at its end.
  mutating func arrive(_ leg: Leg) -> HostState {
    var rehearsal = Rehearsal(leg.before)
    rehearsal.carryOut(leg.plan.changes)
    memory.note(leg.target, leg.before)
    memory.note(rehearsal.done)
    memory.keepOnly(leg.target, leg.before, rehearsal.done)
    return rehearsal.state
  }

  /// Some of the steps, from the first on.
  mutating func cut(_ steps: [Change]) -> [Change] { pair.cut(steps) }
}
