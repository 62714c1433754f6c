import LVSText

/// A metric of the exposition format: its samples follow its HELP and TYPE without a gap.
struct Metric: Sendable {
  enum Kind: String {
    case counter, gauge
  }

  var name: String
  var kind: Kind
  var help: String

  init(_ name: String, _ kind: Kind, _ help: String) {
    self.name = name
    self.kind = kind
    self.help = help
  }

  /// Writes the metric with its samples; without any nothing is written.
  func write<Value: CustomStringConvertible>(
    _ samples: some Sequence<([(String, String)], Value)>, to sink: inout TextSink
  ) {
    var isFirst = true
    for (labels, value) in samples {
      if isFirst { sink.write("# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n") }
      isFirst = false
      let pairs = labels.map { "\($0)=\"\(Self.escaped($1))\"" }
      sink.write("\(name){\(pairs.joined(separator: ","))} \(value)\n")
    }
  }

  /// A label's value with what the format escapes.
  private static func escaped(_ value: String) -> String {
    var text = ""
    for character in value.unicodeScalars {
      switch character {
      case "\\": text += #"\\"#
      case "\"": text += #"\""#
      case "\n": text += #"\n"#
      default: text.unicodeScalars.append(character)
      }
    }
    return text
  }
}
