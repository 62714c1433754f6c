import ArgumentParser

/// How often a watch looks.
struct WatchInterval: ExpressibleByArgument, CustomStringConvertible {
  /// From 0.1 to 86400.
  let seconds: Double

  static let standard = WatchInterval(seconds: 2)

  private init(seconds: Double) { self.seconds = seconds }

  init?(argument: String) {
    guard Self.isNumber(argument), let seconds = Double(argument), (0.1...86400).contains(seconds) else { return nil }
    self.seconds = seconds
  }

  var description: String { seconds == seconds.rounded() ? String(Int(seconds)) : String(seconds) }
}

extension WatchInterval {
  /// Arguments in which a bare `--watch` has its interval: the parser knows no option whose value can be left out.
  static func written(in arguments: [String]) -> [String] {
    arguments.enumerated().map { index, argument in
      guard argument == "--watch" else { return argument }
      let next = arguments.dropFirst(index + 1).first
      return next.map(isNumber) == true ? argument : "--watch=\(standard)"
    }
  }

  private static func isNumber(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2e }
  }
}
