import LVSModel
import LVSPlan
import LVSText

extension NodePlan {
  /// Writes the plan for a reader: one line a step, aligned, what differs as old → new, and a footer that counts.
  ///
  /// Unless it is verbose, the same change to many services is folded into a line with a count.
  public func writeText(_ style: Style, isVerbose: Bool = false, to sink: inout TextSink) {
    sink.write("\(heading(style)) of \(Printable(cluster).text)\n")
    writeChanges(style, folding: !isVerbose, to: &sink)
    let shown = isVerbose ? plan.unmanaged[...] : plan.unmanaged.prefix(20)
    for id in shown {
      sink.write(style.paint("  ? \(padded("unmanaged")) \(id)  not in the file, left alone", .dim) + "\n")
    }
    let more = plan.unmanaged.count - shown.count
    if more > 0 { sink.write(style.paint("  ? \(padded("unmanaged")) and \(more) more", .dim) + "\n") }
    sink.write(footer + "\n")
    for line in findings.lines { sink.write(line.text(style) + "\n") }
  }

  /// One sentence: how much there is to do.
  public var footer: String {
    if plan.isEmpty { return "Nothing to change: \(Printable(node).text) is what the file says." }
    return "\(counted(plan.changes.count, "change")): \(plan.summary.words)."
  }

  /// `director1 (director)`.
  fileprivate func heading(_ style: Style) -> String {
    "\(style.paint(Printable(node).text, .bold)) (\(printable(roleWords)))"
  }

  private struct Line {
    var action: Action?
    var kind: String
    var name: String
  }

  /// Two passes: the longest name decides where the details begin, and no line is kept until all are known.
  private func writeChanges(_ style: Style, folding: Bool, to sink: inout TextSink) {
    let rows = PlanRows(self, folding: folding)
    // Names far longer than the rest would push every detail off the screen.
    let widest = 56
    var nameWidth = 0
    forEachLine(rows) { line, _ in
      if nameWidth < widest { nameWidth = min(max(nameWidth, displayColumns(line.name)), widest) }
    }
    forEachLine(rows) { line, row in
      let symbol = line.action.map { style.paint($0.symbol, $0.ink) } ?? " "
      sink.write("  \(symbol) \(padded(line.kind)) \(line.name)")
      let details = row.map { self.details(of: $0) { Printable($0).text } } ?? ""
      if !details.isEmpty {
        let width = displayColumns(line.name)
        // A line that the padding alone would break at 80 columns does with less of it.
        let room = 80 - 18 - width - displayColumns(details)
        let full = max(0, nameWidth - width)
        let padding = room < 0 ? full : min(full, room)
        sink.write(String(repeating: " ", count: padding + 2) + details)
      }
      sink.write("\n")
    }
  }

  /// A line a row, and one without a row for a service that is itself unchanged above its real servers.
  private func forEachLine(_ rows: PlanRows, _ body: (Line, PlanRow?) -> Void) {
    var current: ServiceID?
    for row in rows {
      switch row.change.subject {
      case .service(let id): current = id
      case .realServer(let id, _) where id != current && row.fold == nil:
        body(Line(kind: "service", name: id.description), nil)
        current = id
      default: break
      }
      body(
        Line(action: row.change.action, kind: row.change.kindWords, name: Printable(name(of: row)).text), row)
    }
  }

  private func name(of row: PlanRow) -> String {
    guard case .realServer(_, let id) = row.change.subject else {
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

extension Collection<NodePlan> {
  /// Writes the plans of several nodes, one after the other; nodes without changes take a line each.
  public func writeText(_ style: Style, isVerbose: Bool = false, to sink: inout TextSink) {
    var idle = ""
    var (changes, differing) = (0, 0)
    for plan in self {
      if plan.plan.isEmpty && plan.plan.unmanaged.isEmpty && plan.findings.isEmpty {
        idle += "\(plan.heading(style)): nothing to change\n"
      } else {
        plan.writeText(style, isVerbose: isVerbose, to: &sink)
        sink.write("\n")
      }
      changes += plan.plan.changes.count
      if !plan.plan.isEmpty { differing += 1 }
    }
    if !idle.isEmpty { sink.write(idle + "\n") }
    sink.write("\(counted(changes, "change")) on \(differing) of \(counted(count, "node")).\n")
  }
}
