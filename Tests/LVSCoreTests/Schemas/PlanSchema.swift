import LVSModel
import LVSText

/// Examples/plan.schema.json: what `diff` and `apply` print.
enum PlanSchema {
  static var document: JSONText.Value {
    SchemaPart.document(
      "lvsctl plan",
      "What `lvsctl diff --format json` and `lvsctl apply --format json` print: a plan for one node, or one for each node "
        + "where two cluster files are compared.",
      .object([("oneOf", .array([SchemaPart.ref("plan"), SchemaPart.ref("nodes")]))]),
      defs: [
        ("plan", plan),
        (
          "nodes",
          SchemaPart.map([OutputSchemas.version, ("nodes", SchemaPart.list(SchemaPart.ref("plan")))])
        ),
        ("change", OutputSchemas.change), ("finding", OutputSchemas.finding), ("tunnel", FieldSchemas.tunnel),
      ])
  }

  private static var plan: JSONText.Value {
    let count = SchemaPart.integer(0...Int(Int32.max))
    return SchemaPart.map([
      OutputSchemas.version,
      ("cluster", SchemaPart.type("string", with: OutputSchemas.said("The cluster's name."))),
      ("node", SchemaPart.type("string", with: OutputSchemas.said("The node's name."))),
      (
        "role",
        SchemaPart.described(SchemaPart.words(OutputSchemas.roles), "What the node is; two roles are joined by +.")
      ),
      (
        "changes",
        SchemaPart.list(
          SchemaPart.ref("change"), with: OutputSchemas.said("The steps in their order, first to last."))
      ),
      (
        "unmanaged",
        SchemaPart.described(
          OutputSchemas.serviceIDs, "Services that the file says nothing about; they are left alone.")
      ),
      ("summary", SchemaPart.map(Action.allCases.map { ($0.rawValue, count) })),
      ("findings", OutputSchemas.findings),
    ])
  }
}
