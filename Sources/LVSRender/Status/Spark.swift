/// A minute as a line of bars, the latest at its right; each is the mean of three seconds, measured against the highest.
enum Spark {
  static let width = 20
  static let seconds = 60.0

  private static let bars = Array("▁▂▃▄▅▆▇█")

  /// The bars of samples by their age in seconds; where nothing was looked at there is a blank.
  static func line(_ samples: [(age: Double, rate: Double)]) -> String {
    var sums = [Double](repeating: 0, count: width)
    var counts = [Int](repeating: 0, count: width)
    for sample in samples where sample.age >= 0 && sample.age < seconds {
      let place = width - 1 - Int(sample.age / seconds * Double(width))
      sums[place] += sample.rate
      counts[place] += 1
    }
    let means = zip(sums, counts).map { $1 == 0 ? nil : $0 / Double($1) }
    let highest = means.compactMap { $0 }.max() ?? 0
    return String(
      means.map { mean -> Character in
        guard let mean else { return " " }
        return highest == 0 ? bars[0] : bars[min(7, Int(mean / highest * 7.99))]
      })
  }
}
