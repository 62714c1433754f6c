import LVSModel
import Testing

/// Some of the seeds of a test, so that its portions run side by side.
struct Portion: Sendable, CustomTestStringConvertible {
  let seeds: Range<UInt64>

  var testDescription: String { "seeds \(seeds.lowerBound) to \(seeds.upperBound - 1)" }

  /// The portions of a range of seeds.
  static func all(_ seeds: Range<UInt64>) -> [Portion] {
    stride(from: seeds.lowerBound, to: seeds.upperBound, by: 250).map {
      Portion(seeds: $0..<min($0 + 250, seeds.upperBound))
    }
  }

  /// Whether what is said of each leg of each seed is nothing.
  func check(_ faults: (_ seed: UInt64, inout Course, Course.Leg) throws -> Faults) throws {
    for seed in seeds {
      var course = try Course(seed: seed)
      for leg in try course.legs() {
        let found = try faults(seed, &course, leg)
        #expect(found.words == [], "seed \(seed), with these steps:\n\(Course.words(found.steps))")
      }
    }
  }
}

/// What is wrong with steps, in words.
struct Faults {
  var words: [String]
  var steps: [Change]
}
