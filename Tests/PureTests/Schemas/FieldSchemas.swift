import LVSConfig
import LVSModel
import LVSText
import Testing

/// What the model writes, field by field: names and absence come from the model, and only the form of a value is here.
enum FieldSchemas {
  private static let word = SchemaPart.type("string")
  private static let seconds = SchemaPart.integer(0...Int(UInt32.max))

  private static let service: SchemaPart.Members = [
    ("scheduler", word),
    ("scheduler_flags", SchemaPart.list(SchemaPart.words(schedulerFlags), isSet: true)),
    (
      "persistence",
      .object([
        (
          "oneOf",
          .array([
            seconds,
            SchemaPart.map([
              ("timeout", seconds), ("netmask?", SchemaPart.type("string", "integer")), ("engine?", word),
            ]),
          ])
        )
      ])
    ),
    ("one_packet", SchemaPart.type("boolean")),
  ]

  private static let realServer: SchemaPart.Members = [
    (
      "forward",
      SchemaPart.anyOf([
        SchemaPart.words(
          [ForwardingMethod.dr, .nat, .tun(Tunnel()), .local, .bypass].map(\.word)),
        SchemaPart.text("^method-[0-7]$"),
      ])
    ),
    ("tunnel", SchemaPart.ref("tunnel")),
    ("weight", SchemaPart.integer(Int(Int32.min)...Int(Int32.max))),
    ("upper_threshold", SchemaPart.integer(0...Int(UInt32.max))),
    ("lower_threshold", SchemaPart.integer(0...Int(UInt32.max))),
  ]

  private static let syncDaemon: SchemaPart.Members = [
    ("interface", interface), ("id", SchemaPart.integer(0...Int(UInt32.max))), ("group", address),
    ("port", SchemaPart.integer(0...65535)), ("ttl", SchemaPart.integer(0...255)),
    ("maxlen", SchemaPart.integer(0...65535)),
  ]

  private static let timeouts: SchemaPart.Members = ["tcp", "tcp_fin", "udp"].map { ($0, seconds) }

  private static let others: SchemaPart.Members = [
    ("value", word), ("label", SchemaPart.type("string", with: [("maxLength", .integer(longestName))])),
    (
      "signed",
      SchemaPart.described(
        SchemaPart.type("boolean"), "Whether the address carries lvsctl's mark; only where apply --adopt signs it.")
    ),
    ("up", SchemaPart.type("boolean")),
  ]

  /// The words of `scheduler_flags`.
  private static var schedulerFlags: [String] {
    let key = FileMap.service.keys.first { $0.word == "scheduler_flags" }
    guard case .list(.word(let words), _, _)? = key?.meaning.value else { return [] }
    return words
  }

  static let address = SchemaPart.text("^[0-9A-Fa-f:.]+$")
  static let interface = SchemaPart.type(
    "string", with: [("minLength", .integer(1)), ("maxLength", .integer(longestName))])

  /// The most characters of an interface's name or a label: 15 bytes, each of which is three where it is not UTF-8
  /// (``KernelText``).
  static let longestName = 15 * 3

  /// The tunnel that `realServer` refers to.
  static let tunnel = SchemaPart.map([
    (
      "type",
      SchemaPart.anyOf([
        SchemaPart.words(Tunnel.Kind.allCases.map(\.word)),
        SchemaPart.text(
          "^kind-[0-9]+$", with: [("description", .string("A kind of tunnel that a kernel newer than lvsctl lists."))]),
      ])
    ),
    (
      "flags?",
      SchemaPart.integer(
        1...65535, with: [("description", .string("The kernel's flags of a tunnel of an unknown kind."))])
    ),
    ("port?", SchemaPart.integer(1...65535)),
    ("checksum?", SchemaPart.words(Tunnel.Checksum.allCases.filter { $0 != .none }.map(\.word))),
  ])

  // MARK: Documents

  /// How a document writes fields.
  enum Form {
    /// Those that differ, or are not the default: any of them may be there, and null is absence.
    case difference
    /// Those that are not the default.
    case state
    /// All of them; null is absence.
    case whole
  }

  /// The properties for the fields of a thing, which are those that the model has for it.
  static func properties(_ fields: [Field], of schemas: SchemaPart.Members, _ form: Form) -> SchemaPart.Members {
    #expect(fields.count == schemas.count || schemas.count == others.count)
    return fields.map { field in
      guard let schema = schemas.first(where: { $0.0 == field.name })?.1 else {
        Issue.record("the field \(field.name) has no schema")
        return (field.name, .null)
      }
      let orNull = field.value == .absent ? SchemaPart.orNull(schema) : schema
      switch (form, field.value) {
      case (.difference, _): return ("\(field.name)?", orNull)
      case (.whole, _): return (field.name, orNull)
      // What has but two values is written where it is the other one.
      case (.state, .boolean(let value)) where field.isDefault:
        return ("\(field.name)?", SchemaPart.const(.boolean(!value)))
      case (.state, _): return (field.isDefault ? "\(field.name)?" : field.name, schema)
      }
    }
  }

  static func service(_ form: Form) -> SchemaPart.Members {
    properties(ServiceSettings().fields, of: service, form)
  }

  static func realServer(_ form: Form) -> SchemaPart.Members {
    properties(RealServerSettings().fields, of: realServer, form)
  }

  static func syncDaemon(_ form: Form) -> SchemaPart.Members {
    properties(SyncDaemon(interface: "eth0").fields, of: syncDaemon, form)
  }

  static func timeouts(_ form: Form) -> SchemaPart.Members { properties(Timeouts().fields, of: timeouts, form) }

  static func link(_ form: Form) -> SchemaPart.Members {
    properties(LinkSettings(isUp: false).fields, of: others, form)
  }

  // MARK: Changes

  /// What `before` and `after` of such a change may hold.
  static func fields(of change: Change) -> SchemaPart.Members {
    switch change.subject {
    case .module: properties(ModuleSettings().fields, of: others, .difference)
    case .sysctl: [("value", word)]
    case .link: link(.state)
    case .address: properties(AddressSettings().fields, of: others, .difference)
    case .route: properties(RouteSettings().fields, of: others, .difference)
    case .service: service(.difference)
    case .realServer: realServer(.difference)
    case .timeouts: timeouts(.difference)
    case .syncDaemon: syncDaemon(.difference)
    }
  }

  /// How the ids of such changes are built, where there is a rule.
  static func idPattern(of change: Change) -> String? {
    switch change.subject {
    case .module, .sysctl, .link: nil
    case .address, .route: "^[0-9a-f:.]+/[0-9]+ dev .+$"
    case .service: "^\(serviceID)$"
    case .realServer: "^\(serviceID) -> \(endpoint)$"
    case .timeouts: "^timeouts$"
    case .syncDaemon: "^(?:\(SyncRole.allCases.map(\.word).joined(separator: "|")))$"
    }
  }

  static let endpoint = #"(?:[0-9.]+|\[[0-9a-f:.]+\]):[0-9]+"#

  /// The id of a service, without its ends.
  static var serviceID: String {
    let protocols = TransportProtocol.allCases.map(\.word).joined(separator: "|")
    return "(?:(?:\(protocols)) \(endpoint)|fwmark [0-9]+ ipv[46])"
  }
}
