import LVSModel
import LVSPlan
import Testing

/// What plans come to, for ten thousand random machines and targets, on a kernel of values.
struct SimulatedPlanTests {
  @Test(arguments: Portion.all(of: 5000))
  func `a plan is refused nowhere, loses nothing on its way and leaves nothing to do`(portion: Portion) throws {
    for seed in portion.seeds {
      var course = try Course(seed: seed)
      for leg in try course.legs() {
        let end = leg.rehearsed(leg.plan.changes)
        try leg.check(end, seed, leg.plan.changes)
      }
    }
  }

  @Test(arguments: Portion.all(of: 1500))
  func `a plan in two stages likewise`(portion: Portion) throws {
    for seed in portion.seeds {
      var course = try Course(seed: seed)
      for leg in try course.legs() {
        let staged = leg.plan.staged(observed: leg.before)
        let steps = staged.first + staged.second
        try leg.check(leg.rehearsed(steps), seed, steps)
      }
    }
  }

  @Test(arguments: Portion.all(of: 1500))
  func `a teardown takes away all that is lvsctl's, refused nowhere and losing nothing`(portion: Portion) throws {
    for seed in portion.seeds {
      var course = try Course(seed: seed)
      guard let last = try course.legs().last else { continue }
      let (before, memory) = (course.arrive(last), course.memory)
      let part = memory.part(of: last.target)
      let plan = Planner.teardown(last.target, observed: before, memory: part)
      let leg = Course.Leg(
        before: before, target: last.target, plan: plan, quietInterfaces: last.quietInterfaces,
        servedHere: last.servedHere)
      let staged = plan.staged(observed: before)
      for steps in [plan.changes, staged.first + staged.second] {
        let end = leg.rehearsed(steps)
        #expect(end.refusals.isEmpty, "seed \(seed): \(end.refusals) in\n\(Course.words(steps))")
        #expect(end.simulation.losses == [], "seed \(seed), in\n\(Course.words(steps))")
        let left = end.state.left(of: last.target, part, withheld: plan.withheld)
        #expect(left == [], "seed \(seed), in\n\(Course.words(steps))")
      }
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

/// What an undo comes to, likewise.
struct SimulatedUndoTests {
  @Test(arguments: Portion.all(of: 2500))
  func `an undo brings the machine back from any step, refused nowhere and losing nothing`(portion: Portion) throws {
    for seed in portion.seeds {
      var course = try Course(seed: seed)
      for leg in try course.legs() {
        var steps = leg.plan.changes
        if seed % 4 == 0 {
          let staged = leg.plan.staged(observed: leg.before)
          steps = staged.first + staged.second
        }
        var way = Rehearsal(leg.before)
        way.carryOut(course.cut(steps))
        let undo = Undo.changes(for: way.done, before: leg.before)
        var back = Rehearsal(way.state, watching: leg.passage(from: way.state, to: leg.before))
        let rest = back.takeBack(undo, of: way.done, before: leg.before)
        let words = "seed \(seed), after\n\(Course.words(way.done))\nback by\n\(Course.words(undo))"
        #expect(back.refusals.isEmpty, "\(words)")
        #expect(back.simulation.losses == [], "\(words)")
        #expect(back.state.differences(from: leg.before.loading(way.done)) == [], "\(words)")
        #expect(Undo.remains(of: way.done, before: leg.before, after: back.state) == [], "\(words)")
        // Only what went with the last address of a device was no step, and is left to a second look.
        #expect(rest.allSatisfy { $0.kind == "route" }, "\(words)\nand\n\(Course.words(rest))")
      }
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
    #expect(refused > 50 && lost > 50 && left > 10, "\(refused) \(lost) \(left)")
  }

  @Test(arguments: Portion.all(of: 1000))
  func `a change that nobody confirmed is taken back from what is there, likewise`(portion: Portion) throws {
    for seed in portion.seeds {
      var course = try Course(seed: seed)
      for leg in try course.legs() {
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
        let words = "seed \(seed), after\n\(Course.words(way.done))\nback by\n\(Course.words(undo))"
        #expect(reversal.foreign == [] && reversal.withheld == [], "\(words)")
        #expect(back.refusals.isEmpty, "\(words)")
        #expect(back.simulation.losses == [], "\(words)")
        #expect(back.state.differences(from: leg.before.loading(way.done)) == [], "\(words)")
      }
    }
  }
}

/// Some of the seeds of a test, so that its portions run side by side.
struct Portion: Sendable, CustomTestStringConvertible {
  let seeds: Range<UInt64>

  var testDescription: String { "seeds \(seeds.lowerBound) to \(seeds.upperBound - 1)" }

  static func all(of count: UInt64) -> [Portion] {
    stride(from: 0, to: count, by: 250).map { Portion(seeds: $0..<min($0 + 250, count)) }
  }
}

extension Course.Leg {
  /// Checks the end of the way to the target.
  func check(_ end: Rehearsal, _ seed: UInt64, _ steps: [Change]) throws {
    let rest = try Planner.plan(target, observed: end.state)
    if end.refusals.isEmpty && end.simulation.losses.isEmpty && rest.isEmpty { return }
    let words = "seed \(seed), in\n\(Course.words(steps))"
    #expect(end.refusals.map(\.description) == [], "\(words)")
    #expect(end.simulation.losses == [], "\(words)")
    #expect(rest.words == [], "\(words)")
  }
}
