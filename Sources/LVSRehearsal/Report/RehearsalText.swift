import LVSText

extension CheckResult {
  /// The check on one line of a terminal.
  public var line: TextLine {
    var line: TextLine
    switch result {
    case .pass: line = TextLine("ok    ", .green)
    case .fail: line = TextLine("FAIL  ", .boldRed)
    case .skip: line = TextLine("skip  ", .yellow)
    }
    let width = CheckName.allCases.map(\.rawValue.utf8.count).max() ?? 0
    line.append(name.rawValue + String(repeating: " ", count: width - name.rawValue.utf8.count + 2), .bold)
    if let node { line.append(node + "  ") }
    line.append(evidence.text)
    return line
  }
}

extension RehearsalReport {
  /// Who answered how often, a row a service.
  public var table: [TextLine] {
    if tallies.isEmpty { return [] }
    let width = max(7, tallies.map { displayColumns($0.service) }.max() ?? 0)
    var lines = [TextLine("service" + String(repeating: " ", count: width - 7) + "  requests  answered by", .dim)]
    for tally in tallies {
      let count = String(tally.requests)
      var line = TextLine(tally.service + String(repeating: " ", count: width - displayColumns(tally.service) + 2))
      line.append(String(repeating: " ", count: max(0, 8 - count.utf8.count)) + count + "  ")
      line.append(tally.answers.map { "\($0.machine) \($0.count)" }.joined(separator: "  "))
      if tally.lost > 0 { line.append("  nobody \(tally.lost)", .red) }
      lines.append(line)
    }
    return lines
  }

  /// The last line.
  public var verdict: TextLine {
    let numbers = "\(counted(count(.pass), "check")) passed, \(count(.fail)) failed, \(count(.skip)) skipped."
    return passed
      ? TextLine("\(cluster) works: " + numbers, .green) : TextLine("\(cluster) does not work: " + numbers, .boldRed)
  }
}
