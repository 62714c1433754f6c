/// Numbers that look random and are the same for the same seed: splitmix64 of Steele, Lea and Flood, "Fast splittable
/// pseudorandom number generators" (2014).
struct Jitter {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// The next number, at least 0 and below 1.
  mutating func next() -> Double {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
    return Double((mixed ^ mixed >> 31) >> 11) * 0x1p-53
  }
}
