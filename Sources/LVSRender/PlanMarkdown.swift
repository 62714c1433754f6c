import LVSPlan
import LVSText

extension NodePlan {
  /// Writes the plan as a section of a review comment: a table, folded away where it is long.
  public func writeMarkdown(to sink: inout TextSink) { sink.write(markdown(limit: markdownLimit)) }

  fileprivate func markdown(limit: Int) -> String {
    var text = "### \(markdownCode(node)) (\(markdownText(roleWords))): "
    text += plan.isEmpty ? "nothing to change\n" : "\(counted(plan.changes.count, "change"))\n\n\(counts).\n\n"
    if !plan.isEmpty { text += table(limit: limit - text.utf8.count) }
    if !plan.unmanaged.isEmpty {
      let services = plan.unmanaged.prefix(20).map { "`\($0)`" }.joined(separator: ", ")
      let more = plan.unmanaged.count > 20 ? " and \(plan.unmanaged.count - 20) more" : ""
      text += "\nNot in the file and left alone: \(services)\(more).\n"
    }
    return text + findings.markdown
  }

  private func table(limit: Int) -> String {
    let rows = PlanRows(self, folding: true)
    let isLong = rows.count > 20
    var text = isLong ? "<details><summary>The plan, in order</summary>\n\n" : ""
    text += "| | kind | what | change |\n| --- | --- | --- | --- |\n"
    var shown = 0
    for row in rows {
      let line = line(row)
      guard text.utf8.count + line.utf8.count <= limit else { break }
      text += line
      shown += 1
    }
    if shown < rows.count { text += "\n… and \(rows.count - shown) more lines, which `lvsctl diff` shows.\n" }
    return isLong ? text + "\n</details>\n" : text
  }

  private func line(_ row: PlanRow) -> String {
    let details = details(of: row, word: markdownCode)
    return "| \(row.change.action.symbol) | \(row.change.kindWords) | \(name(of: row)) | \(details) |\n"
  }

  private func name(of row: PlanRow) -> String {
    guard case .realServer(_, let id) = row.change.subject else {
      return markdownCode(row.change.id) + (row.fold.map { " and \($0.count - 1) more" } ?? "")
    }
    let name = serverNames[id.address].map { " (\(markdownCode($0)))" } ?? ""
    guard let fold = row.fold else { return markdownCode(row.change.id) + name }
    return "\(markdownCode(id.address.description))\(name) in \(fold.count) services"
  }
}

extension Collection<NodePlan> {
  /// Writes the plans of several nodes, a section each, short enough for one comment.
  public func writeMarkdown(to sink: inout TextSink) {
    var room = markdownLimit
    for (index, plan) in enumerated() {
      if index > 0 { sink.write("\n") }
      let section = plan.markdown(limit: room / (count - index))
      room -= section.utf8.count
      sink.write(section)
    }
  }
}

/// Bytes of one comment: GitHub takes 65536 characters.
private let markdownLimit = 60_000

/// Text as a code span that stays one inside a table cell, whatever is in it.
private func markdownCode(_ text: String) -> String {
  let text = Printable(text).text
  if text.isEmpty { return "(empty)" }
  guard text.utf8.contains(where: { "`|\\".utf8.contains($0) }) else { return "`\(text)`" }
  // No code span can hold these in a cell, so here it is HTML, with everything that Markdown could read as a number.
  let escaped = text.unicodeScalars.map { scalar in
    let isPlain = !scalar.isASCII || scalar.properties.isAlphabetic || scalar.properties.numericType != nil
    return isPlain || scalar == " " ? String(scalar) : "&#\(scalar.value);"
  }
  return "<code>\(escaped.joined())</code>"
}
