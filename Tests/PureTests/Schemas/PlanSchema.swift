import LVSModel
import LVSText

/// Examples/plan.schema.json: what `diff` and `apply` print.
enum PlanSchema {
  static var document: JSONText.Value {
    SchemaPart.document(
      "lvsctl plan",
      "What `lvsctl diff --format json` and `lvsctl apply --format json` print: a plan for one node, or one for each node "
        + "where two cluster files are compared. An `apply` or `teardown` that failed prints the plan too, as far as there "
        + "was one, with why it ended.",
      .object([("oneOf", .array([SchemaPart.ref("plan"), SchemaPart.ref("nodes"), SchemaPart.ref("failed")]))]),
      defs: [
        ("plan", plan),
        (
          "nodes",
          SchemaPart.map([OutputSchemas.version, ("nodes", SchemaPart.list(SchemaPart.ref("plan")))])
        ),
        ("failed", failed), ("error", error), ("step", step),
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
        OutputSchemas.roleOrNull(
          "What the node is; two roles are joined by +. Null in a teardown of a machine that the file does not name, where "
            + "its last role is not remembered.")
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

  // MARK: A change that did not reach its end

  private static var failed: JSONText.Value {
    func ofPlan(_ name: String) -> (String, JSONText.Value) { (name, SchemaPart.ref("plan/properties/\(name)")) }
    return SchemaPart.map(
      [
        OutputSchemas.version, ("cluster", SchemaPart.type("string", "null")),
        ("node", SchemaPart.type("string", "null")), ("role", SchemaPart.orNull(SchemaPart.words(OutputSchemas.roles))),
        ofPlan("changes"), ofPlan("unmanaged"), ofPlan("summary"), ofPlan("findings"),
        ("error", SchemaPart.ref("error")),
      ],
      with: OutputSchemas.said(
        "What an apply or teardown that did not reach its end prints: what is not known of the node is null, and there are "
          + "no changes where it ended before there was a plan."))
  }

  private static var error: JSONText.Value {
    func steps(_ help: String) -> JSONText.Value {
      SchemaPart.list(SchemaPart.ref("step"), with: OutputSchemas.said(help))
    }
    let (message, least) = ([("minLength", JSONText.Value.integer(1))], [("minimum", JSONText.Value.integer(1))])
    return SchemaPart.map([
      (
        "message",
        SchemaPart.type(
          "string",
          with: message
            + OutputSchemas.said(
              "Why it ended and what to do, as on stderr; of a file with faults each one with its line and column."))
      ),
      (
        "errno",
        SchemaPart.type(
          "integer", "null", with: least + OutputSchemas.said("The errno of the refusal, as in errno(3)."))
      ),
      ("step", SchemaPart.described(SchemaPart.orNull(SchemaPart.ref("step")), "The step that was refused.")),
      (
        "done",
        steps("The steps that were done, in their order; also those of a plan that was made anew on the way.")
      ),
      ("uncertain", steps("Steps that were sent to the kernel and got no answer: done or not.")),
      ("undone", steps("The steps that took them back, in their order.")),
      (
        "taken_back",
        SchemaPart.type(
          "boolean", "null",
          with: OutputSchemas.said(
            "Whether the node is known to be as it was before; null where nothing was to be taken back."))
      ),
      (
        "remains",
        SchemaPart.list(
          OutputSchemas.text,
          with: OutputSchemas.said(
            "The things, each with its kind, that are not as they were before, or where nothing was taken back not as the "
              + "plan wants them."))
      ),
    ])
  }

  private static var step: JSONText.Value {
    SchemaPart.map(["action", "kind", "id"].map { ($0, SchemaPart.ref("change/properties/\($0)")) })
  }
}
