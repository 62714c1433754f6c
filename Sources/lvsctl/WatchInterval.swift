import ArgumentParser

/// How often a watch looks.
struct WatchInterval: ExpressibleByArgument, CustomStringConvertible {
  /// From 0.1 to 86400.
  let seconds: Double

  static let standard = WatchInterval(seconds: 2)

  private init(seconds: Double) { self.seconds = seconds }

  init?(argument: String) {
    guard argument.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x2e }), let seconds = Double(argument),
      (0.1...86400).contains(seconds)
    else { return nil }
    self.seconds = seconds
  }

  var description: String { seconds == seconds.rounded() ? String(Int(seconds)) : String(seconds) }
}

extension WatchInterval {
  /// Arguments in which a bare `--watch` has its interval: the parser would take a file's name for one.
  static func written(in arguments: [String]) -> [String] {
    arguments.enumerated().map { index, argument in
      guard argument == "--watch" else { return argument }
      let next = arguments.dropFirst(index + 1).first
      let isInterval = next?.first.map { $0.isNumber || $0 == "." } == true
      return isInterval ? argument : "--watch=\(standard)"
    }
  }
}
