/// A small generator of numbers that look random and are the same for the same seed everywhere: splitmix64 of Steele,
/// Lea and Flood, "Fast splittable pseudorandom number generators" (2014).
struct Randomness {
  private var state: UInt64

  init(seed: Int) { state = UInt64(bitPattern: Int64(seed)) }

  private mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
    return mixed ^ mixed >> 31
  }

  /// A number of a range; the ranges here are so small that the remainder's bias does not matter.
  mutating func number(in range: ClosedRange<Int>) -> Int {
    range.lowerBound + Int(next() % UInt64(range.count))
  }

  /// True in `percent` of 100 cases.
  mutating func chance(_ percent: Int) -> Bool { number(in: 1...100) <= percent }

  /// One of several; there is at least one.
  mutating func one<Element>(of choices: [Element]) -> Element { choices[number(in: 0...choices.count - 1)] }

  /// Some of several, each with a chance of its own.
  mutating func some<Element>(of choices: [Element], percent: Int) -> [Element] {
    var chosen: [Element] = []
    for choice in choices where chance(percent) { chosen.append(choice) }
    return chosen
  }
}
