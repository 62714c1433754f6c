import LVSModel
import LVSText

/// Parts that several documents share.
enum OutputSchemas {
  static let version = ("format_version", SchemaPart.const(.integer(1)))
  static let text = SchemaPart.type("string")

  static func said(_ help: String) -> SchemaPart.Members { [("description", .string(help))] }

  /// The roles of a node, two of them joined by +.
  static var roles: [String] {
    let directing = [RoleRequest.director, .standby].map(\.rawValue)
    let realserver = RoleRequest.realserver.rawValue
    return directing + [realserver] + directing.map { "\($0)+\(realserver)" }
  }

  static var roleOrNull: JSONText.Value {
    roleOrNull("What the node is by the file; two roles are joined by +. Null where no file was named.")
  }

  static func roleOrNull(_ help: String) -> JSONText.Value {
    .object([("enum", .array(roles.map(JSONText.Value.string) + [.null])), ("description", .string(help))])
  }

  static func nameOrNull(_ help: String) -> JSONText.Value { SchemaPart.type("string", "null", with: said(help)) }

  static var serviceIDs: JSONText.Value { SchemaPart.list(SchemaPart.text("^\(FieldSchemas.serviceID)$")) }

  static func daemons(_ form: FieldSchemas.Form) -> JSONText.Value {
    SchemaPart.map(
      SyncRole.allCases.map { ("\($0.word)?", SchemaPart.map(FieldSchemas.syncDaemon(form))) })
  }

  /// What names a service: the keys of one with an address, and of one with a firewall mark.
  static var identities: [SchemaPart.Members] {
    [
      [
        ("vip", FieldSchemas.address), ("port", SchemaPart.integer(0...65535)),
        ("protocol", SchemaPart.words(TransportProtocol.allCases.map(\.word))),
      ],
      [
        ("fwmark", SchemaPart.integer(1...Int(UInt32.max))),
        ("family", SchemaPart.words(AddressFamily.allCases.map(\.word))),
      ],
    ]
  }

  // MARK: Findings and changes

  static var finding: JSONText.Value {
    SchemaPart.map([
      ("code", SchemaPart.words(FindingCode.examined.map(\.rawValue))),
      (
        "severity",
        SchemaPart.described(
          SchemaPart.words(Finding.Severity.allCases.map(\.rawValue)),
          "An error is something with which the cluster cannot work as the file says.")
      ),
      ("node", nameOrNull("The node it is about, null for the cluster as a whole.")),
      ("subject", SchemaPart.type("string", with: said("The thing it is about: an address, an interface, a service."))),
      ("message", SchemaPart.type("string", with: said("One whole sentence."))),
      ("facts", SchemaPart.named(text, with: said("What the sentence rests on."))),
      ("help", nameOrNull("What to do.")),
    ])
  }

  static var findings: JSONText.Value {
    SchemaPart.list(
      SchemaPart.ref("finding"),
      with: said("What there is to say of the node beyond the plan, errors first; apply does not mend it."))
  }

  static var change: JSONText.Value {
    let kinds = Changes.ofEachKind.map(\.kind)
    let rules = Action.allCases.map(rule) + Changes.ofEachKind.map(rule)
    return SchemaPart.map(
      [
        ("action", SchemaPart.words(Action.allCases.map(\.rawValue))), ("kind", SchemaPart.words(kinds)),
        (
          "id",
          SchemaPart.type(
            "string",
            with: [("minLength", .integer(1))] + said("What names the thing among those of its kind."))
        ),
        (
          "before",
          SchemaPart.type(
            "object", "null", with: said("What it is, in the cluster file's words; in an update only what differs."))
        ),
        ("after", SchemaPart.type("object", "null", with: said("What it should be; null where it goes."))),
      ], with: [("allOf", .array(rules))])
  }

  private static func rule(_ action: Action) -> JSONText.Value {
    let (before, after) =
      switch action {
      case .create: ("null", "object")
      case .update: ("object", "object")
      case .delete: ("object", "null")
      }
    return rule("action", action.rawValue, [("before", SchemaPart.type(before)), ("after", SchemaPart.type(after))])
  }

  private static func rule(_ change: Change) -> JSONText.Value {
    let fields = SchemaPart.orNull(SchemaPart.map(FieldSchemas.fields(of: change)))
    let id = FieldSchemas.idPattern(of: change).map { [("id", JSONText.Value.object([("pattern", .string($0))]))] }
    return rule("kind", change.kind, [("before", fields), ("after", fields)] + (id ?? []))
  }

  private static func rule(_ key: String, _ word: String, _ properties: SchemaPart.Members) -> JSONText.Value {
    let condition = JSONText.Value.object([(key, SchemaPart.const(.string(word)))])
    return .object([
      ("if", .object([("properties", condition)])), ("then", .object([("properties", .object(properties))])),
    ])
  }
}
