extension Finding {
  /// So many findings of one code are told in full; the others are counted.
  static let shown = 3
}

extension [Finding] {
  /// Whether there is an error among them.
  public var hasError: Bool { contains { $0.severity == .error } }

  /// The findings for a reader: a line each, their help below, and those of one code beyond a few as a count; without any
  /// no line.
  public var lines: [TextLine] {
    grouped.flatMap { group in
      var lines: [TextLine] = []
      for (index, finding) in group.shown.enumerated() {
        var line = TextLine("  ")
        line.append(finding.severity.rawValue, finding.severity.ink)
        line.append(": \(finding.message.text)")
        lines.append(line)
        let next = index + 1 < group.shown.count ? group.shown[index + 1].help : nil
        if let help = finding.help, help != next { lines.append(TextLine("    \(help.text)", .dim)) }
      }
      if group.more > 0 { lines.append(TextLine("    and \(group.more) more (\(group.shown[0].code.rawValue))", .dim)) }
      return lines
    }
  }

  /// How many there are of a severity.
  public func count(of severity: Finding.Severity) -> Int { count { $0.severity == severity } }

  /// How many there are of each severity, in words: `1 error, 2 warnings`.
  public var counts: String {
    Finding.Severity.allCases.compactMap { severity in
      let number = count(of: severity)
      return number == 0 ? nil : counted(number, severity.rawValue)
    }.joined(separator: ", ")
  }

  /// The list of a review comment, without any nothing.
  public var markdown: String {
    if isEmpty { return "" }
    var text = "\n"
    for group in grouped {
      for finding in group.shown {
        let help = finding.help.map { " " + markdownText($0.text) } ?? ""
        text += "- **\(finding.severity.rawValue)**: \(markdownText(finding.message.text))\(help)\n"
      }
      if group.more > 0 { text += "- and \(group.more) more (\(group.shown[0].code.rawValue))\n" }
    }
    return text
  }

  /// The findings of each code and severity, the first few and how many there are beyond.
  private var grouped: [(shown: [Finding], more: Int)] {
    var places: [FindingKind: Int] = [:]
    var groups: [(shown: [Finding], more: Int)] = []
    for finding in self {
      let kind = FindingKind(code: finding.code, severity: finding.severity)
      let place = places[kind] ?? groups.count
      if place == groups.count {
        places[kind] = place
        groups.append(([], 0))
      }
      if groups[place].shown.count < Finding.shown {
        groups[place].shown.append(finding)
      } else {
        groups[place].more += 1
      }
    }
    return groups
  }
}

/// What findings that are told together have in common.
private struct FindingKind: Hashable {
  var code: FindingCode
  var severity: Finding.Severity
}

extension Finding.Severity {
  fileprivate var ink: Style.Ink {
    switch self {
    case .error: .red
    case .warning: .yellow
    case .note: .dim
    }
  }
}
