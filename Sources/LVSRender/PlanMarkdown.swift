import LVSPlan
import LVSText

extension NodePlan {
  /// Writes the plan as a section of a review comment: a table, folded away where it is long, unless it is verbose.
  public func writeMarkdown(isVerbose: Bool = false, to sink: inout TextSink) {
    sink.write(markdown(limit: markdownLimit, folding: !isVerbose))
  }

  /// The section, with a table of at most so many bytes; `others` have the same plan.
  fileprivate func markdown(limit: Int, folding: Bool, sharedBy others: PlanSurvey.Names = .init()) -> String {
    var text = "### \(others.behind(node)) (\(markdownText(roleWords))): "
    text += plan.isEmpty ? "nothing to change\n" : "\(counted(plan.changes.count, "change"))"
    if !plan.isEmpty {
      text += others.count > 0 ? " each" : ""
      text += "\n\n\(plan.summary.words).\(isRemoval ? " `lvsctl teardown` makes them." : "")\n\n"
      text += table(limit: limit - text.utf8.count, folding: folding)
    }
    if !plan.unmanaged.isEmpty {
      let services = plan.unmanaged.prefix(20).map { "`\($0)`" }.joined(separator: ", ")
      let more = plan.unmanaged.count > 20 ? " and \(plan.unmanaged.count - 20) more" : ""
      text += "\nNot in the file and left alone: \(services)\(more).\n"
    }
    return text + findings.markdown
  }

  private func table(limit: Int, folding: Bool) -> String {
    let rows = PlanRows(self, folding: folding)
    let isLong = folding && rows.count > 20
    var text = isLong ? "<details><summary>The plan, in order</summary>\n\n" : ""
    text += "| | kind | what | change |\n| --- | --- | --- | --- |\n"
    var shown = 0
    for row in rows {
      let details = details(of: row, word: markdownCode)
      let line = "| \(row.change.action.symbol) | \(row.change.kindWords) | \(name(of: row)) | \(details) |\n"
      guard text.utf8.count + line.utf8.count <= limit else { break }
      text += line
      shown += 1
    }
    if shown < rows.count { text += "\n… and \(rows.count - shown) more lines, which `lvsctl diff` shows.\n" }
    return isLong ? text + "\n</details>\n" : text
  }

  private func name(of row: PlanRow) -> String {
    let names = row.names(serverNames, vipNames).map(markdownCode)
    let inWords = names.isEmpty ? "" : " (\(names.joined(separator: " → ")))"
    guard let fold = row.fold else { return markdownCode(row.change.id) + inWords }
    guard case .realServer(_, let id) = row.change.subject else {
      return "\(markdownCode(row.change.id))\(inWords) and \(fold.count - 1) more"
    }
    return "\(markdownCode(id.address.description))\(inWords) in \(fold.count) services"
  }

  /// The steps as part of a sentence: `create address …, update sysctl …`.
  fileprivate var sentence: String {
    PlanRows(self, folding: true).map { row in
      let details = details(of: row, word: markdownCode)
      return "\(row.change.action.rawValue) \(row.change.kindWords) \(name(of: row))"
        + (details.isEmpty ? "" : " (\(details))")
    }.joined(separator: ", ")
  }
}

extension Collection<NodePlan> {
  /// Writes the plans of several nodes, short enough for one comment: the total, the nodes without changes in one line, and
  /// a section for each of the others, in their order. Nodes with one plan share a section, and a standby that repeats its
  /// director is one line, unless it is verbose.
  public func writeMarkdown(isVerbose: Bool = false, to sink: inout TextSink) {
    let survey = PlanSurvey(self, folding: !isVerbose)
    let head = survey.head
    sink.write(head)
    var room = markdownLimit - head.utf8.count
    var left = survey.sections.count
    for section in survey.sections {
      // A table has its heading and a few lines, or is not begun.
      let limit = Swift.max(room / left, 1000)
      guard room >= limit else { break }
      let text = "\n" + survey.markdown(section, of: self, limit: limit - 1, folding: !isVerbose)
      room -= text.utf8.count
      left -= 1
      sink.write(text)
    }
    let hidden = survey.sections.suffix(left).reduce(0) { $0 + $1.sharedBy.count + 1 }
    if hidden > 0 { sink.write("\n… and \(counted(hidden, "node")) more, which `lvsctl diff` shows.\n") }
  }
}

extension PlanSurvey {
  fileprivate var head: String {
    let total = summary.count
    var text = "## \(markdownCode(cluster)): "
    if total == 0 {
      text += "nothing to change on \(counted(nodes, "node"))\n"
    } else {
      text += "\(counted(total, "change")) on \(differing) of \(counted(nodes, "node"))\n\n\(summary.words)."
      text += differing > 1 ? " The nodes stand in the order in which to bring them to the file.\n" : "\n"
      if idle.count > 0 { text += "Nothing to change on \(idle.words).\n" }
    }
    return text
  }

  fileprivate func markdown(
    _ section: Section, of plans: some Collection<NodePlan>, limit: Int, folding: Bool
  ) -> String {
    if section.mayRepeat, let twin = twin(of: section, in: plans) {
      return twin.markdown(sharedBy: section.sharedBy)
    }
    return plans[place: section.place].markdown(limit: limit, folding: folding, sharedBy: section.sharedBy)
  }
}

extension PlanSurvey.Twin {
  /// One line for a standby that does what its director does, and how the two differ.
  fileprivate func markdown(sharedBy others: PlanSurvey.Names) -> String {
    let steps = counted(count, "change") + (others.count > 0 ? " each" : "")
    let differences = [
      director.plan.isEmpty ? nil : "only there \(director.sentence)",
      standby.plan.isEmpty ? nil : "only here \(standby.sentence)",
    ].compactMap(\.self)
    let exception = differences.isEmpty ? "" : " but for: \(differences.joined(separator: "; "))"
    return "**\(others.behind(standby.node))** (\(markdownText(standby.roleWords))): \(steps), "
      + "the same as on \(markdownCode(director.node)) below\(exception).\n"
  }
}

extension PlanSurvey.Names {
  /// The first of them, and how many there are beyond.
  fileprivate var words: String {
    first.map(markdownCode).joined(separator: ", ") + (count > first.count ? " and \(count - first.count) more" : "")
  }

  /// A node and these.
  fileprivate func behind(_ node: String) -> String {
    markdownCode(node) + (count > 0 ? ", \(words)" : "")
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
