extension NodePlan {
  /// The plan as a section of a review comment: a table, folded away where it is long.
  public var markdown: String {
    let summary = plan.summary
    var text = "### `\(markdownCode(node))` (\(role)): "
    text += plan.isEmpty ? "nothing to change\n" : "\(counted(plan.changes.count, "change"))\n\n"
    if !plan.isEmpty {
      text += "\(summary.create) to create, \(summary.update) to update, \(summary.delete) to delete.\n\n"
      let isLong = plan.changes.count > 20
      if isLong { text += "<details><summary>The plan, in order</summary>\n\n" }
      text += "| | kind | what | change |\n| --- | --- | --- | --- |\n"
      for change in plan.changes { text += row(change) }
      if isLong { text += "\n</details>\n" }
    }
    if !plan.unmanaged.isEmpty {
      let services = plan.unmanaged.prefix(20).map { "`\($0)`" }.joined(separator: ", ")
      let more = plan.unmanaged.count > 20 ? " and \(plan.unmanaged.count - 20) more" : ""
      text += "\nNot in the file and left alone: \(services)\(more).\n"
    }
    return text
  }

  private func row(_ change: Change) -> String {
    let fields = change.fields
    let details: String =
      switch (fields.before, fields.after) {
      case (let before?, let after?):
        zip(before, after).map { "\($0.name) `\(markdownCode($0.value.text))` → `\(markdownCode($1.value.text))`" }
          .joined(separator: ", ")
      case (nil, let after?): after.map { "\($0.name) `\(markdownCode($0.value.text))`" }.joined(separator: ", ")
      case (_, nil): ""
      }
    let kind = change.kind.replacing("_", with: " ")
    return "| \(change.action.symbol) | \(kind) | `\(markdownCode(change.id))` | \(details) |\n"
  }
}

/// Text that stays inside a code span of a table cell.
private func markdownCode(_ text: String) -> String {
  text.replacing("`", with: "'").replacing("|", with: "\\|")
}
