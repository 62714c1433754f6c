import LVSModel
import LVSPlan
import LVSText

extension UnfinishedRun {
  /// The document of an `apply --format json` that failed: a plan's, as far as there was one, with why it ended.
  package var json: JSONText.Value {
    let members = planMembers(
      cluster: JSONText.Value(optional: cluster), node: JSONText.Value(optional: node),
      role: JSONText.Value(optional: role), plan, findings)
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

extension JSONText.Value {
  fileprivate init(optional text: String?) { self = text.map(JSONText.Value.string) ?? .null }
}

extension Change {
  /// What a step does, and to what; its settings are in the plan.
  fileprivate var identityJSON: JSONText.Value {
    .object([("action", .string(action.rawValue)), ("kind", .string(kind)), ("id", .string(id))])
  }
}
