extension NodePlan {
  /// The plan for a reader: one line a step, aligned, what differs as old → new, and a footer that counts.
  ///
  /// Unless it is verbose, the same change to many services is folded into a line with a count.
  public func text(_ style: Style, isVerbose: Bool = false) -> String {
    var lines = ["\(heading(style)) of \(Printable(cluster).text)"]
    lines += changeLines(style, folding: !isVerbose)
    let shown = isVerbose ? plan.unmanaged[...] : plan.unmanaged.prefix(20)
    lines += shown.map { style.paint("  ? \(padded("unmanaged")) \($0)  not in the file, left alone", .dim) }
    let more = plan.unmanaged.count - shown.count
    if more > 0 { lines.append(style.paint("  ? \(padded("unmanaged")) and \(more) more", .dim)) }
    lines.append(footer)
    lines += findings.lines.map { $0.text(style) }
    return lines.map { $0 + "\n" }.joined()
  }

  /// One sentence: how much there is to do.
  public var footer: String {
    if plan.isEmpty { return "Nothing to change: \(Printable(node).text) is what the file says." }
    return "\(counted(plan.changes.count, "change")): \(counts)."
  }

  /// `director1 (director)`.
  fileprivate func heading(_ style: Style) -> String {
    "\(style.paint(Printable(node).text, .bold)) (\(printable(role)))"
  }

  private struct Line {
    var action: Action?
    var kind: String
    var name: String
    var details = ""
  }

  private func changeLines(_ style: Style, folding: Bool) -> [String] {
    let lines = lines(folding: folding)
    // Names far longer than the rest would push every detail off the screen.
    let nameWidth = min(lines.map { displayColumns($0.name) }.max() ?? 0, 56)
    return lines.map { line in
      let symbol = line.action.map { style.paint($0.symbol, $0.ink) } ?? " "
      let text = "  \(symbol) \(padded(line.kind)) \(line.name)"
      if line.details.isEmpty { return text }
      let width = displayColumns(line.name)
      // A line that the padding alone would break at 80 columns does with less of it.
      let room = 80 - 18 - width - displayColumns(line.details)
      let full = max(0, nameWidth - width)
      let padding = room < 0 ? full : min(full, room)
      return text + String(repeating: " ", count: padding + 2) + line.details
    }
  }

  /// A line a row, and one without a symbol for a service that is itself unchanged above its real servers.
  private func lines(folding: Bool) -> [Line] {
    var lines: [Line] = []
    var current: ServiceID?
    for row in rows(folding: folding) {
      switch row.change {
      case .service(let id, _): current = id
      case .realServer(let id, _, _) where id != current && row.fold == nil:
        lines.append(Line(kind: "service", name: id.description))
        current = id
      default: break
      }
      let details = details(of: row) { Printable($0).text }
      lines.append(
        Line(
          action: row.change.action, kind: row.change.kindWords, name: Printable(name(of: row)).text, details: details))
    }
    return lines
  }

  private func name(of row: PlanRow) -> String {
    guard case .realServer(_, let id, _) = row.change else {
      return row.change.id + (row.fold.map { " and \($0.count - 1) more" } ?? "")
    }
    let name = serverNames[id.address].map { " (\($0))" } ?? ""
    guard let fold = row.fold else { return "  -> \(id)\(name)" }
    return "  -> \(id.address)\(name) in \(fold.count) services"
  }

  /// The kind, padded to the longest.
  private func padded(_ kind: String) -> String {
    kind + String(repeating: " ", count: max(0, 11 - kind.count))
  }
}

extension [NodePlan] {
  /// The plans of several nodes, one after the other; nodes without changes take a line each.
  public func text(_ style: Style, isVerbose: Bool = false) -> String {
    var sections: [String] = []
    var idle = ""
    for plan in self {
      if plan.plan.isEmpty && plan.plan.unmanaged.isEmpty && plan.findings.isEmpty {
        idle += "\(plan.heading(style)): nothing to change\n"
      } else {
        sections.append(plan.text(style, isVerbose: isVerbose))
      }
    }
    if !idle.isEmpty { sections.append(idle) }
    let changes = reduce(0) { $0 + $1.plan.changes.count }
    let differing = count { !$0.plan.isEmpty }
    sections.append("\(counted(changes, "change")) on \(differing) of \(counted(count, "node")).\n")
    return sections.joined(separator: "\n")
  }
}
