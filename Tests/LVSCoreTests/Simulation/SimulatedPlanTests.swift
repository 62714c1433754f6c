import LVSModel
import LVSPlan
import Testing

/// What plans and their undo come to, for ten thousand random machines and files, on a kernel of values.
struct SimulatedPlanTests {
  static let portions = 0..<20
  private static let perPortion: UInt64 = 500

  private static func seeds(_ portion: Int) -> Range<UInt64> {
    UInt64(portion) * perPortion..<(UInt64(portion) + 1) * perPortion
  }

  @Test(arguments: portions)
  func `a plan is refused nowhere, loses nothing on its way and leaves nothing to do`(portion: Int) throws {
    for seed in Self.seeds(portion) {
      var course = try Course(seed: seed)
      for leg in try course.legs() {
        let end = leg.rehearsed(leg.plan.changes)
        #expect(end.refusals.isEmpty, "seed \(seed): \(end.refusals.first?.description ?? "") in\n\(leg.words)")
        #expect(end.simulation.losses == [], "seed \(seed), in\n\(leg.words)")
        let rest = try Planner.plan(leg.target, observed: end.state)
        #expect(rest.isEmpty, "seed \(seed): \(rest.words) is left of\n\(leg.words)")
      }
    }
  }
}
