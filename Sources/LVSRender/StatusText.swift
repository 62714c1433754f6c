import LVSModel
import LVSPlan
import LVSText

extension StatusReport {
  /// Writes the report for a reader, with a newline after each line; notes move to lines of their own where that keeps it
  /// within `width` columns, and nothing is cut.
  public func writeText(_ style: Style, width: Int = 80, to sink: inout TextSink) {
    forEachLine(width: width) { sink.write($0.text(style) + "\n") }
  }

  /// Makes the report's lines one by one: the header, the table, what differs from the file, what else there is to say.
  public func forEachLine(width: Int, _ body: (TextLine) -> Void) {
    for line in header { body(line) }
    if mayReadIPVS {
      body(TextLine())
      if services.isEmpty {
        body(TextLine(isFiltered ? "No virtual services among those asked for." : "No virtual services."))
      } else {
        StatusTable(self).forEachLine(width: width, body)
      }
    }
    if let drift, !drift.isEmpty { forEachDriftLine(drift, body) }
    if findings.isEmpty { return }
    body(TextLine())
    for line in findings.lines { body(line) }
  }

  private var header: [TextLine] {
    var lines: [TextLine] = []
    if let identity {
      var line = TextLine(identity.node, .bold)
      line.append(" (\(identity.role)) of \(identity.cluster)")
      lines.append(line)
    }
    lines.append(TextLine(ipvsWords))
    if let drift { lines.append(summary(drift)) }
    if !findings.isEmpty {
      lines.append(TextLine("Findings: \(findings.counts)", findings.hasError ? .red : .yellow))
    }
    if !estimatesRates {
      lines.append(
        TextLine("Rates are blank: the kernel's estimator is off (net.ipv4.vs.run_estimation is 0).", .yellow))
    }
    return lines
  }

  private var ipvsWords: String {
    if !mayReadIPVS { return "This process may not read IPVS (CAP_NET_ADMIN), so its table is not shown" }
    guard let ipvs else { return "IPVS is not loaded (module ip_vs), so its table is empty" }
    let words = ["IPVS \(ipvs.versionText)", "connection table of \(ipvs.connectionTableSize) rows"]
    let daemons = syncDaemons.sorted { $0.key < $1.key }.map { role, daemon in
      "sync \(role.word) on \(daemon.interface) id \(daemon.id)"
    }
    return (words + (daemons.isEmpty ? ["no sync daemon"] : daemons)).joined(separator: ", ")
  }

  private func summary(_ drift: Drift) -> TextLine {
    if drift.isEmpty { return TextLine("No drift: this node is what the file says", .green) }
    if drift.changes.isEmpty { return TextLine("Drift: the file cannot be applied here", .red) }
    return TextLine("Drift: \(counted(drift.changes.count, "difference")) from the file", .red)
  }

  private func forEachDriftLine(_ drift: Drift, _ body: (TextLine) -> Void) {
    body(TextLine())
    for conflict in drift.conflicts { body(TextLine("  ! \(conflict.message.text)", .red)) }
    if !drift.changes.isEmpty { body(TextLine("Drift, live → file:", .bold)) }
    for change in drift.changes { body(line(change)) }
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

extension Change {
  /// What is wrong with the thing: it is missing, it should not be there, or its fields as old → new.
  fileprivate var driftWords: String {
    let fields = fields
    guard let before = fields.before else { return "missing" }
    guard let after = fields.after else { return "not in the file" }
    let differing = zip(before, after).map { old, new in
      let values = "\(old.value.text) → \(new.value.text)"
      return kind == "sysctl" ? values : "\(old.name) \(values)"
    }
    return differing.joined(separator: ", ")
  }
}
