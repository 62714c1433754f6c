import LVSText

/// Examples/validate.schema.json: what `validate` prints.
enum ValidateSchema {
  static var document: JSONText.Value {
    let severity = { (severity: Finding.Severity) in
      JSONText.Value.object([
        ("properties", .object([("severity", SchemaPart.const(.string(severity.rawValue)))]))
      ])
    }
    let diagnostics = { (rule: String, severity: JSONText.Value) in
      JSONText.Value.object([
        ("properties", .object([("diagnostics", .object([(rule, severity)]))]))
      ])
    }
    return SchemaPart.document(
      "lvsctl validate",
      "What `lvsctl validate --format json` prints. Lines and columns count from 1, and columns count characters.",
      SchemaPart.map(
        [
          OutputSchemas.version, ("file", OutputSchemas.text), ("valid", SchemaPart.type("boolean")),
          ("diagnostics", SchemaPart.list(diagnostic)),
        ],
        with: [
          ("if", .object([("properties", .object([("valid", SchemaPart.const(.boolean(true)))]))])),
          ("then", diagnostics("items", severity(.warning))), ("else", diagnostics("contains", severity(.error))),
        ]), defs: [])
  }

  private static var diagnostic: JSONText.Value {
    let place = SchemaPart.type("integer", "null", with: [("minimum", .integer(1))])
    return SchemaPart.map(
      [
        (
          "code",
          SchemaPart.described(
            SchemaPart.words(FindingCode.faults.map(\.rawValue)), "`lvsctl validate --explain CODE` tells more.")
        ),
        ("severity", SchemaPart.words([Finding.Severity.error, .warning].map(\.rawValue))),
        ("message", SchemaPart.type("string", with: [("minLength", .integer(1))])),
      ] + ["line", "column", "end_line", "end_column"].map { ($0, place) } + [
        ("help", OutputSchemas.nameOrNull("What to do instead."))
      ])
  }
}
