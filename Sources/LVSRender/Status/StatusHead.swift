import LVSModel
import LVSPlan
import LVSText

/// What is said above the table.
struct StatusHead {
  /// Which node this is; nil without a file.
  var node: TextLine?
  /// What IPVS says of itself; nil where it is none of the node's business.
  var ipvs: TextLine?
  /// A line a question, each always there, so that an eye finds it where it was: drift and findings last.
  var answers: [TextLine] = []
  /// What keeps the table from saying all.
  var note: TextLine?

  /// All of it.
  var lines: [TextLine] { [node, ipvs].compactMap { $0 } + answers + [note].compactMap { $0 } }
}

extension StatusReport {
  /// What is said above the table, by what all services come to.
  func head(_ totals: StatusTotals) -> StatusHead {
    var head = StatusHead()
    if let identity {
      var line = TextLine(identity.node, .bold)
      line.append(" (\(identity.role)) of \(identity.cluster)")
      if let time { line.append(", \(utcText(time))") }
      head.node = line
    }
    let isDirecting = identity?.isDirecting ?? true
    if isDirecting || !services.isEmpty || !mayReadIPVS { head.ipvs = TextLine(ipvsWords) }
    if isDirecting && mayReadIPVS { head.answers = directorLines(totals) }
    if let realServer { head.answers += realServer.lines }
    if let drift { head.answers.append(.labelled("Drift", drift.words, drift.isEmpty ? .green : .red)) }
    if drift != nil || !findings.isEmpty {
      let ink: Style.Ink = findings.isEmpty ? .green : findings.hasError ? .red : .yellow
      head.answers.append(.labelled("Findings", findings.isEmpty ? "none" : findings.counts, ink))
    }
    if !estimatesRates {
      head.note = TextLine("Rates are blank: the kernel's estimator is off (net.ipv4.vs.run_estimation is 0).", .yellow)
    }
    return head
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

  private func directorLines(_ totals: StatusTotals) -> [TextLine] {
    var lines: [TextLine] = []
    if !vips.isEmpty { lines.append(.labelled("VIPs", vipWords)) }
    var services = ["\(totals.services)"]
    if totals.downServices > 0 { services.append("\(totals.downServices) down") }
    if totals.unmanagedServices > 0 { services.append("\(totals.unmanagedServices) not in the file") }
    lines.append(
      .labelled("Services", services.joined(separator: ", "), totals.downServices > 0 ? .red : nil))
    lines.append(.labelled("Servers", serverWords(totals), totals.hasServerFault ? .red : nil))
    let drains = totals.count(.draining) + totals.count(.drained)
    lines.append(.labelled("Drains", drainWords(totals), drains > 0 ? .yellow : nil))
    if drift == nil { return lines }
    lines.append(.labelled("Missing", missingWords(totals), totals.isMissingAny ? .red : nil))
    return lines
  }

  private var vipWords: String {
    let others = vips.filter { !$0.isHeld }
    let held = "\(vips.count - others.count) of \(vips.count) held"
    if others.isEmpty || others.count == vips.count { return held }
    let names = others.map { $0.address.description + ($0.name.map { " (\($0))" } ?? "") }
    return "\(held), not \(listed(names, atMost: 4))"
  }

  private func serverWords(_ totals: StatusTotals) -> String {
    let wrong = [Standing.down, .overloaded, .noAnswer].filter { totals.count($0) > 0 }
    let words =
      ["\(totals.serving) of \(totals.entries) serve"] + wrong.map { "\(totals.count($0)) \($0.word)" }
      + [counted(totals.machines, "machine")]
    return words.joined(separator: ", ")
  }

  private func drainWords(_ totals: StatusTotals) -> String {
    let (draining, drained) = (totals.count(.draining), totals.count(.drained))
    if draining + drained == 0 { return "none" }
    var words: [String] = []
    if draining > 0 {
      words.append("\(draining) draining, \(counted(Int(clamping: totals.connectionsLeft), "connection")) left")
    }
    if drained > 0 { words.append("\(drained) drained") }
    return words.joined(separator: ", ")
  }

  private func missingWords(_ totals: StatusTotals) -> String {
    var words: [String] = []
    if totals.missingServices > 0 { words.append(counted(totals.missingServices, "service")) }
    if totals.count(.missing) > 0 { words.append(counted(totals.count(.missing), "real server")) }
    if totals.count(.foreign) > 0 { words.append("\(counted(totals.count(.foreign), "real server")) not in the file") }
    return words.isEmpty ? "none" : words.joined(separator: ", ")
  }
}

extension StatusTotals {
  fileprivate var hasServerFault: Bool { count(.down) + count(.overloaded) > 0 }

  fileprivate var isMissingAny: Bool { missingServices + count(.missing) + count(.foreign) > 0 }
}

extension StatusReport.Drift {
  fileprivate var words: String {
    if isEmpty { return "none, this node is what the file says" }
    return changes.isEmpty ? "the file cannot be applied here" : "\(counted(changes.count, "difference")) from the file"
  }
}
