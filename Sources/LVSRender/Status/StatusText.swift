import LVSModel
import LVSPlan
import LVSText

extension StatusReport {
  /// Writes the report for a reader, with a newline after each line. A row of the table never passes the `width` of a
  /// terminal; without one it is a pipe or a file, and the last column is as long as it is.
  public func writeText(_ style: Style, width: Int? = nil, to sink: inout TextSink) {
    forEachLine(width: width) { sink.write($0.text(style) + "\n") }
  }

  /// Makes the report's lines one by one: the head, the table, what differs from the file, what else there is to say.
  public func forEachLine(width: Int?, _ body: (TextLine) -> Void) {
    let totals = StatusTotals(self)
    for line in head(totals).lines { body(line) }
    if mayReadIPVS && (identity?.isDirecting ?? true || !services.isEmpty) {
      body(TextLine())
      if services.isEmpty {
        body(TextLine(isFiltered ? "No virtual services among those asked for." : "No virtual services."))
      } else {
        forEachRow(totals, StatusRows(report: self, layout: StatusLayout(width: width, hasHistory: false)), body)
      }
    }
    if drift?.isEmpty == false || !findings.isEmpty { body(TextLine()) }
    forEachFault(body)
  }

  private func forEachRow(_ totals: StatusTotals, _ rows: StatusRows, _ body: (TextLine) -> Void) {
    body(rows.layout.titles("service, real servers"))
    for service in services {
      body(rows.row(service))
      for server in service.realServers { body(rows.row(server, in: service)) }
    }
    if services.count > 1 { body(rows.row(totals)) }
  }

  /// What differs from the file, then what else there is to say.
  func forEachFault(_ body: (TextLine) -> Void) {
    if let drift, !drift.isEmpty {
      for conflict in drift.conflicts { body(TextLine("  ! \(conflict.message.text)", .red)) }
      if !drift.changes.isEmpty { body(TextLine("Drift, live → file:", .bold)) }
      for change in drift.changes { body(line(change)) }
      if !findings.isEmpty { body(TextLine()) }
    }
    for line in findings.lines { body(line) }
  }

  /// `  ~ real server tcp 192.168.147.100:80 -> 192.168.147.4:80 (web1)  weight 5 → 1`
  private func line(_ change: Change) -> TextLine {
    var line = TextLine("  ")
    line.append(change.action.symbol, change.action.ink)
    line.append(" \(change.kind.replacing("_", with: " ")) \(change.id)")
    if case .realServer(_, let id) = change.subject, let name = identity?.serverNames[id.address] {
      line.append(" (\(name))")
    }
    line.append("  " + change.driftWords)
    return line
  }
}
