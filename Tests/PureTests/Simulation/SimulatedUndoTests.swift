import LVSModel
import LVSPlan
import Testing

/// What an undo comes to, for random machines and targets, on a kernel of values.
struct SimulatedUndoTests {
  @Test(arguments: Portion.all(3200..<4500))
  func `an undo brings the machine back from any step, refused nowhere and losing nothing`(portion: Portion) throws {
    try portion.check { seed, course, leg in
      var way = Rehearsal(leg.before)
      way.carryOut(course.cut(seed % 4 == 0 ? leg.stagedSteps : leg.plan.changes))
      let undo = Undo.changes(for: way.done, before: leg.before)
      var back = Rehearsal(way.state, watching: leg.passage(from: way.state, to: leg.before))
      let rest = back.takeBack(undo, of: way.done, before: leg.before)
      // Only what went with the last address of a device was no step, and is left to a second look.
      let unforeseen = rest.filter { $0.kind != "route" }.map { "\($0.kind) \($0.id) is left to a second look" }
      let remains = Undo.remains(of: way.done, before: leg.before, after: back.state)
      return Faults(
        words: back.faults + back.state.differences(from: leg.before.loading(way.done)) + unforeseen + remains,
        steps: way.done + undo)
    }
  }

  @Test(arguments: Portion.all(4500..<5000))
  func `a change that nobody confirmed is taken back from what is there, likewise`(portion: Portion) throws {
    try portion.check { _, course, leg in
      var way = Rehearsal(leg.before)
      way.carryOut(course.cut(leg.plan.changes))
      var change = UnconfirmedChange(
        UnconfirmedChange.Heading(cluster: "c", node: "n", role: "director", since: 7), formerMemory: nil,
        keptMemory: MachineMemory())
      change.add(way.done, before: leg.before)
      let reversal = Reversal(change, now: way.state)
      let undo = Undo.changes(for: reversal.done, before: reversal.goal)
      var back = Rehearsal(way.state, watching: leg.passage(from: way.state, to: leg.before))
      _ = back.takeBack(undo, of: reversal.done, before: reversal.goal)
      return Faults(
        words: back.faults + back.state.differences(from: leg.before.loading(way.done)) + reversal.foreign
          + reversal.withheld,
        steps: way.done + undo)
    }
  }

  @Test func `an undo that is not reversed is found to be refused, to lose traffic or to leave something`() throws {
    var (refused, lost, left) = (0, 0, 0)
    for seed in 0..<200 as Range<UInt64> {
      var course = try Course(seed: seed)
      for leg in try course.legs() {
        var way = Rehearsal(leg.before)
        way.carryOut(leg.plan.changes)
        let undo = Undo.changes(for: way.done.reversed(), before: leg.before)
        var back = Rehearsal(way.state, watching: leg.passage(from: way.state, to: leg.before))
        back.carryOut(undo)
        if !back.refusals.isEmpty { refused += 1 }
        if !back.simulation.losses.isEmpty { lost += 1 }
        if !back.state.differences(from: leg.before.loading(way.done)).isEmpty { left += 1 }
      }
    }
    #expect(refused > 50 && lost > 50 && left > 10, "\(refused) refused, \(lost) lost, \(left) left")
  }
}
