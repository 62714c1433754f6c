import LVSSystem

/// What the inside tells the outside of a job, a line each.
enum Report: Equatable {
  /// The guard has started what is guarded, which heads this process group.
  case guarding(group: Int32)
  /// The program has been started.
  case begun
  /// It has ended; with its exit status, and how many bytes it wrote to stdout and to stderr.
  case ended(status: Int32, output: Int, errors: Int)
  /// It could not be started, and why.
  case failed(String)

  /// Its line.
  var line: String {
    switch self {
    case .guarding(let group): "guarding \(group)\n"
    case .begun: "begun\n"
    case .ended(let status, let output, let errors): "ended \(status) \(output) \(errors)\n"
    case .failed(let reason): "failed \(String(reason.map { $0.isNewline ? " " : $0 }))\n"
    }
  }

  /// Reads a line, without its end.
  init?(line: String) {
    let words = line.split(separator: " ")
    switch words.first {
    case "guarding" where words.count == 2:
      guard let group = Int32(words[1]), group > 1 else { return nil }
      self = .guarding(group: group)
    case "begun": self = .begun
    case "ended" where words.count == 4:
      guard let status = Int32(words[1]), let output = Int(words[2]), let errors = Int(words[3]) else { return nil }
      self = .ended(status: status, output: output, errors: errors)
    case "failed": self = .failed(String(line.dropFirst("failed ".count)))
    default: return nil
    }
  }
}

/// The lines of a report as they come.
struct ReportReader {
  private var rest: [UInt8] = []

  /// Takes bytes, and gives what the lines say that are whole now.
  mutating func take(_ bytes: [UInt8]) -> [Report] {
    rest += bytes
    var reports: [Report] = []
    while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
      if let report = Report(line: String(decoding: rest[..<end], as: UTF8.self)) { reports.append(report) }
      rest.removeSubrange(...end)
    }
    return reports
  }
}
