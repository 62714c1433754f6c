import LVSModel
import LVSPlan
import Testing

/// What plans come to for random machines and targets, two pairs to a seed, on a kernel of values.
///
/// The seeds of these tests and of ``SimulatedUndoTests`` are ten thousand pairs together.
struct SimulatedPlanTests {
  @Test(arguments: Portion.all(0..<2000))
  func `a plan is refused nowhere, loses nothing on its way and leaves nothing to do`(portion: Portion) throws {
    try portion.check { _, _, leg in
      let end = leg.rehearsed(leg.plan.changes)
      return Faults(words: end.faults + (try leg.rest(end)), steps: leg.plan.changes)
    }
  }

  @Test(arguments: Portion.all(2000..<2600))
  func `a plan in two stages likewise`(portion: Portion) throws {
    try portion.check { _, _, leg in
      let steps = leg.stagedSteps
      let end = leg.rehearsed(steps)
      return Faults(words: end.faults + (try leg.rest(end)), steps: steps)
    }
  }

  @Test(arguments: Portion.all(2600..<3200))
  func `a teardown takes away all that is lvsctl's, refused nowhere and losing nothing`(portion: Portion) throws {
    try portion.check { seed, course, last in
      let before = course.arrive(last)
      let part = course.memory.part(of: last.target)
      let plan = Planner.teardown(last.target, observed: before, memory: part)
      let leg = Course.Leg(
        before: before, target: last.target, plan: plan, quietInterfaces: last.quietInterfaces,
        servedHere: last.servedHere)
      let steps = seed % 2 == 0 ? plan.changes : leg.stagedSteps
      let end = leg.rehearsed(steps)
      return Faults(words: end.faults + end.state.left(of: last.target, part, withheld: plan.withheld), steps: steps)
    }
  }

  @Test func `a plan with its VIPs first is found to lose traffic`() throws {
    var found = 0
    for seed in 0..<200 as Range<UInt64> {
      var course = try Course(seed: seed)
      guard let leg = try course.legs().first else { continue }
      let vips = leg.plan.changes.filter { $0.kind == "address" && $0.action == .create }
      let end = leg.rehearsed(vips + leg.plan.changes.filter { !vips.contains($0) })
      if !end.simulation.losses.isEmpty { found += 1 }
    }
    #expect(found > 50)
  }
}
