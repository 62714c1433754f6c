import LVSModel
import LVSPlan
import LVSText

extension NodePlan {
  /// The document of `diff --format json` and `apply --format json`.
  public var json: JSONText.Value {
    .object(
      planMembers(cluster: cluster, node: node, role: role, plan, findings))
  }
}

/// The members of a plan's document, in their order.
func planMembers(
  cluster: String?, node: String?, role: String?, _ plan: Plan, _ findings: [Finding]
) -> [(String, JSONText.Value)] {
  let summary = plan.summary
  return [
    ("format_version", .integer(1)),
    ("cluster", JSONText.Value(cluster)),
    ("node", JSONText.Value(node)),
    ("role", JSONText.Value(role)),
    ("changes", .maps(plan.changes) { $0.json }),
    ("unmanaged", .array(plan.unmanaged.map { .string($0.description) })),
    (
      "summary",
      .object([
        ("create", .integer(summary.create)), ("update", .integer(summary.update)),
        ("delete", .integer(summary.delete)),
      ])
    ),
    ("findings", findings.json),
  ]
}

extension JSONText.Value {
  /// A text, or null where there is none.
  init(_ text: String?) { self = text.map(JSONText.Value.string) ?? .null }
}

extension Collection<NodePlan> where Self: Sendable {
  /// The document of a comparison for every node.
  public var json: JSONText.Value {
    .object([("format_version", .integer(1)), ("nodes", .maps(self) { $0.json })])
  }
}

extension Change {
  /// The change as a map of the JSON document.
  public var json: JSONText.Value {
    let fields = fields
    return .object([
      ("action", .string(action.rawValue)),
      ("kind", .string(kind)),
      ("id", .string(id)),
      ("before", fields.before.map(JSONText.Value.init) ?? .null),
      ("after", fields.after.map(JSONText.Value.init) ?? .null),
    ])
  }
}
