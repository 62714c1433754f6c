import LVSModel
import LVSPlan
import LVSText

extension UnfinishedRun {
  /// The document of a `diff`, `apply` or `teardown --format json` that failed: a plan's, as far as there was one, with why it ended.
  public var json: JSONText.Value {
    let members = planMembers(
      cluster: cluster, node: node, role: role, plan, findings)
    return .object(members + [("error", error)])
  }

  private var error: JSONText.Value {
    .object([
      ("message", .string(message.text)),
      ("errno", errno.map { .integer(Int($0)) } ?? .null),
      ("step", steps.refused.map(\.identityJSON) ?? .null),
      ("done", .maps(steps.done) { $0.identityJSON }),
      ("uncertain", .maps(steps.uncertain) { $0.identityJSON }),
      ("undone", .maps(steps.undone) { $0.identityJSON }),
      ("taken_back", steps.isTakenBack.map(JSONText.Value.boolean) ?? .null),
      ("remains", .array(steps.remains.map { .string($0) })),
    ])
  }
}

extension Change {
  /// What a step does, and to what; its settings are in the plan.
  fileprivate var identityJSON: JSONText.Value {
    .object([("action", .string(action.rawValue)), ("kind", .string(kind)), ("id", .string(id))])
  }
}
