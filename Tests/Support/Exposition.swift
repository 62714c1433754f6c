/// A document in Prometheus' text exposition format, read by a reader that knows nothing of who wrote it.
package struct Exposition {
  /// What HELP and TYPE say of a metric.
  package struct Metric {
    package var name: String
    package var help: String
    package var kind: String
    /// The labels of its samples, each once, in the order in which they come.
    package var labels: [String] = []
  }

  /// A line with a number.
  package struct Sample {
    package var name: String
    package var labels: [(name: String, value: String)]
    package var value: String

    package init(name: String, labels: [(name: String, value: String)], value: String) {
      self.name = name
      self.labels = labels
      self.value = value
    }

    /// What makes it another series than any other, whatever the order of its labels; an empty one is as good as absent.
    package var series: String {
      let words = labels.filter { !$0.value.isEmpty }.sorted { $0.name < $1.name }.map {
        "\($0.name)=\($0.value.debugDescription)"
      }
      return "\(name){\(words.joined(separator: ","))}"
    }
  }

  package private(set) var metrics: [Metric] = []
  package private(set) var samples: [Sample] = []

  /// Reads a document; throws where a line is none, a sample has no HELP and TYPE in front of it, or a metric is in two pieces.
  package init(_ text: String) throws {
    var seen: Set<String> = []
    for line in text.utf8.split(separator: UInt8(ascii: "\n")).map({ String(Substring($0)) }) {
      if line.hasPrefix("# HELP ") {
        let words = line.split(separator: " ", maxSplits: 3)
        guard words.count == 4, seen.insert(String(words[2])).inserted else { throw Self.failure(line) }
        metrics.append(Metric(name: String(words[2]), help: String(words[3]), kind: ""))
      } else if line.hasPrefix("# TYPE ") {
        let words = line.split(separator: " ")
        guard words.count == 4, metrics.last?.name == String(words[2]) else { throw Self.failure(line) }
        metrics[metrics.count - 1].kind = String(words[3])
      } else {
        let sample = try Self.sample(line)
        guard metrics.last?.name == sample.name, metrics.last?.kind.isEmpty == false else { throw Self.failure(line) }
        for label in sample.labels where !metrics[metrics.count - 1].labels.contains(label.name) {
          metrics[metrics.count - 1].labels.append(label.name)
        }
        samples.append(sample)
      }
    }
  }

  /// The series that are there more than once.
  package var repeated: [String] {
    Dictionary(grouping: samples, by: \.series).filter { $0.value.count > 1 }.keys.sorted()
  }

  private static func failure(_ line: String) -> TestFailure {
    TestFailure(description: "no line of the exposition format: \(line.debugDescription)")
  }

  /// `name{label="value",…} 1`
  private static func sample(_ line: String) throws -> Sample {
    var rest = Substring(line).unicodeScalars
    let name = String(rest.prefix { $0 != "{" })
    rest = rest.dropFirst(name.unicodeScalars.count + 1)
    var labels: [(name: String, value: String)] = []
    while let first = rest.first, first != "}" {
      if first == "," { rest = rest.dropFirst() }
      let label = String(rest.prefix { $0 != "=" })
      rest = rest.dropFirst(label.unicodeScalars.count + 1)
      guard rest.popFirst() == "\"" else { throw failure(line) }
      var value = String.UnicodeScalarView()
      while let scalar = rest.popFirst(), scalar != "\"" {
        guard scalar == "\\" else {
          value.append(scalar)
          continue
        }
        switch rest.popFirst() {
        case "n": value.append("\n")
        case "\\": value.append("\\")
        case "\"": value.append("\"")
        default: throw failure(line)
        }
      }
      labels.append((label, String(value)))
    }
    guard rest.popFirst() == "}", rest.popFirst() == " ", Double(String(rest)) != nil else { throw failure(line) }
    return Sample(name: name, labels: labels, value: String(rest))
  }
}
