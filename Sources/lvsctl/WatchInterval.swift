import LVSText

/// How often a watch looks.
struct WatchInterval: CustomStringConvertible {
  /// From 0.1 to 86400.
  let seconds: Double

  static let standard = WatchInterval(seconds: 2)

  private init(seconds: Double) { self.seconds = seconds }

  init(written text: String) throws(BadTime) { seconds = try Seconds.betweenLooks(text) }

  var description: String { seconds == seconds.rounded() ? String(Int(seconds)) : String(seconds) }
}

extension WatchInterval {
  /// Arguments in which a bare `--watch` or `-w` has its interval: the parser knows no option whose value can be left out.
  static func written(in arguments: [String]) -> [String] {
    arguments.enumerated().map { index, argument in
      guard argument == "--watch" || argument == "-w" else { return argument }
      let next = arguments.dropFirst(index + 1).first
      return next.flatMap { WrittenTime($0) } == nil ? "--watch=\(standard)" : argument
    }
  }
}
