extension NodePlan {
  /// The plan for a reader: one line a step, aligned, what differs as old → new, and a footer that counts.
  ///
  /// Unless it is verbose, the same change to the real servers of many services is folded into a line with a count.
  public func text(_ style: Style, isVerbose: Bool = false) -> String {
    var lines = [style.paint("\(node)", .bold) + " (\(role)) of \(cluster)"]
    // What cuts connections is always shown.
    lines += changeLines(style, isVerbose ? nil : PlanFolds(plan.changes) { cut(by: $0).isEmpty })
    let shown = isVerbose ? plan.unmanaged[...] : plan.unmanaged.prefix(20)
    lines += shown.map { style.paint("  ? \(padded("unmanaged")) \($0)  not in the file, left alone", .dim) }
    let more = plan.unmanaged.count - shown.count
    if more > 0 { lines.append(style.paint("  ? \(padded("unmanaged")) and \(more) more", .dim)) }
    lines.append(footer)
    return lines.map { $0 + "\n" }.joined()
  }

  /// One sentence: how much there is to do.
  public var footer: String {
    if plan.isEmpty { return "Nothing to change: \(node) is what the file says." }
    let summary = plan.summary
    return "\(counted(plan.changes.count, "change")): \(summary.create) to create, \(summary.update) to update, "
      + "\(summary.delete) to delete."
  }

  private func changeLines(_ style: Style, _ folds: PlanFolds?) -> [String] {
    let rows = rows(folds)
    // Names far longer than the rest would push every detail off the screen.
    let width = min(rows.map(\.name.count).max() ?? 0, 56)
    return rows.map { row in
      let symbol = row.action.map { style.paint($0.symbol, $0.ink) } ?? " "
      let padding = String(repeating: " ", count: max(0, width - row.name.count))
      let line = "  \(symbol) \(row.label) \(row.name)"
      return row.details.isEmpty ? line : "\(line)\(padding)  \(row.details)"
    }
  }

  private struct Row {
    var action: Action?
    var label: String
    var name: String
    var details: String
  }

  /// A row a step, one for all steps of a fold, and one without a symbol for a service that is itself unchanged above
  /// its real servers.
  private func rows(_ folds: PlanFolds?) -> [Row] {
    var rows: [Row] = []
    var current: ServiceID?
    for (index, change) in plan.changes.enumerated() {
      let group = folds?[index]
      if let group {
        guard group.first == index else { continue }
      } else {
        switch change {
        case .service(let id, _): current = id
        case .realServer(let id, _, _) where id != current:
          rows.append(Row(label: padded("service"), name: id.description, details: ""))
          current = id
        default: break
        }
      }
      rows.append(
        Row(
          action: change.action, label: padded(change.kind.replacing("_", with: " ")),
          name: group?.fold.name(of: change, count: group?.count ?? 1, serverNames: serverNames) ?? name(of: change),
          details: group?.fold.keepsDetails == false ? "" : details(of: change)))
    }
    return rows
  }

  /// The kind, padded to the longest.
  private func padded(_ kind: String) -> String {
    kind + String(repeating: " ", count: max(0, 11 - kind.count))
  }

  private func name(of change: Change) -> String {
    switch change {
    case .realServer(_, let id, _):
      "  -> \(id)" + (serverNames[id.address].map { " (\($0))" } ?? "")
    default: change.id
    }
  }

  private func details(of change: Change) -> String {
    if case .sysctl(_, let difference) = change {
      return [difference.before, difference.after].compactMap { $0 }.joined(separator: " → ")
    }
    let fields = change.fields
    guard let after = fields.after else { return cut(by: change) }
    guard let before = fields.before else {
      return after.map { "\($0.name) \($0.value.text)" }.joined(separator: ", ")
    }
    return zip(before, after).map { "\($0.name) \($0.value.text) → \($1.value.text)" }.joined(separator: ", ")
  }

  /// What a removal costs the clients of now.
  private func cut(by change: Change) -> String {
    let connections: UInt32 =
      switch change {
      case .realServer(let service, let id, _): active[service]?[id] ?? 0
      case .service(let id, _): active[id]?.values.reduce(0, &+) ?? 0
      default: 0
      }
    return connections == 0 ? "" : "cuts \(counted(Int(connections), "active connection"))"
  }
}
