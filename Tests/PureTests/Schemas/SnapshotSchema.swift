import LVSModel
import LVSText

/// Examples/snapshot.schema.json: what `snapshot` prints, and `diff --against` reads.
enum SnapshotSchema {
  static var document: JSONText.Value {
    SchemaPart.document(
      "lvsctl snapshot",
      "What `lvsctl snapshot` prints and `lvsctl diff --against` reads: what one node holds, without counters, in a fixed "
        + "order.", SchemaPart.map(node),
      defs: [
        ("service", service), ("real_server", realServer),
        ("sync_daemon", SchemaPart.map(FieldSchemas.syncDaemon(.state))),
        ("tunnel", FieldSchemas.tunnel),
      ])
  }

  private static var node: SchemaPart.Members {
    let names = { (help: String) in
      SchemaPart.list(OutputSchemas.text, isSet: true, with: OutputSchemas.said(help))
    }
    return [
      OutputSchemas.version, ("cluster", OutputSchemas.nameOrNull("The cluster's name; null where no file was named.")),
      ("node", OutputSchemas.nameOrNull("The node's name; null where no file was named.")),
      ("role", OutputSchemas.roleOrNull),
      ("modules", names("Loaded kernel modules, of those that a file can need.")),
      (
        "sysctls",
        SchemaPart.named(
          OutputSchemas.text,
          with: OutputSchemas.said(
            "The sysctls under \(folders) that everybody may read, with their values now."))
      ),
      (
        "sysctls_withheld",
        names("Sysctls of the same kind that the node has and whose values are not told, such as keys.")
      ),
      ("links", SchemaPart.named(SchemaPart.map(FieldSchemas.link(.state)))),
      ("addresses", SchemaPart.list(SchemaPart.map(place("address", [("label", label)])))),
      ("routes", SchemaPart.list(SchemaPart.map(place("destination", [])))),
      (
        "timeouts",
        SchemaPart.map(
          FieldSchemas.timeouts(.state),
          with: OutputSchemas.said("Connection timeouts in seconds, of those that were read."))
      ),
      ("sync_daemons", daemons(nil)), ("services", SchemaPart.list(SchemaPart.ref("service"))), ("managed", memory),
    ]
  }

  private static var folders: String {
    let folders = SysctlName.clusterFolders
    return folders.dropLast().joined(separator: ", ") + " and \(folders.last ?? "")"
  }

  private static let label = SchemaPart.type(
    "string", "null", with: [("maxLength", .integer(FieldSchemas.longestName))])

  /// An address or a route.
  private static func place(_ key: String, _ more: SchemaPart.Members) -> SchemaPart.Members {
    [
      (key, FieldSchemas.address), ("prefix_length", SchemaPart.integer(0...128)),
      ("interface", FieldSchemas.interface),
    ] + more + [
      (
        "protocol",
        SchemaPart.integer(
          0...255, with: OutputSchemas.said("Who put it there; \(ownershipMark) is lvsctl."))
      )
    ]
  }

  private static func daemons(_ help: String?) -> JSONText.Value {
    SchemaPart.map(
      SyncRole.allCases.map { ("\($0.word)?", SchemaPart.ref("sync_daemon")) }, with: help.map(OutputSchemas.said) ?? []
    )
  }

  private static var service: JSONText.Value {
    let servers = ("real_servers", SchemaPart.list(SchemaPart.ref("real_server")))
    return .object([
      (
        "oneOf",
        .array(
          OutputSchemas.identities.map { SchemaPart.map($0 + FieldSchemas.service(.state) + [servers]) })
      )
    ])
  }

  private static var realServer: JSONText.Value {
    SchemaPart.map(
      [("address", FieldSchemas.address), ("port", SchemaPart.integer(0...65535))] + FieldSchemas.realServer(.state))
  }

  /// Beside these it has what its type of check asks.
  private static var verdict: JSONText.Value {
    let positive = SchemaPart.type("integer", with: [("minimum", .integer(1))])
    let members: SchemaPart.Members = [
      ("type", SchemaPart.words(["tcp", "http", "https", "udp", "exec"])), ("address", FieldSchemas.address),
      ("port", SchemaPart.integer(0...65535)), ("timeout", positive), ("fall", positive), ("rise", positive),
      ("state", SchemaPart.words(HealthState.allCases.map(\.rawValue))),
      ("since", SchemaPart.type("integer", "null")), ("reason", SchemaPart.type("string", "null")),
    ]
    return SchemaPart.type(
      "object", with: [("properties", .object(members)), ("required", .array(members.map { .string($0.0) }))])
  }

  private static var memory: JSONText.Value {
    let said = OutputSchemas.said
    return SchemaPart.map(
      [
        ("vips", SchemaPart.list(FieldSchemas.address)),
        ("fwmarks", SchemaPart.list(SchemaPart.map(OutputSchemas.identities[1]))),
        ("cluster?", SchemaPart.type("string", with: said("The cluster that the machine was last brought to."))),
        ("node?", SchemaPart.type("string", with: said("The node that it was then."))),
        (
          "role?",
          SchemaPart.type("string", with: said("The role that --role asked for and that a later apply keeps."))
        ),
        ("sysctls?", SchemaPart.named(OutputSchemas.text, with: said("Sysctls before lvsctl first set them."))),
        (
          "devices?",
          SchemaPart.list(
            FieldSchemas.interface, isSet: true,
            with: said("Devices that were down, or not there, before lvsctl brought them up."))
        ),
        (
          "timeouts?",
          SchemaPart.map(
            FieldSchemas.timeouts(.state), with: said("Connection timeouts before lvsctl first set them."))
        ),
        ("sync_daemons?", daemons("The sync daemons that ran before lvsctl first started or stopped one.")),
        (
          "sync?",
          SchemaPart.described(SchemaPart.ref("sync_daemon"), "The sync daemon as the file last asked for it.")
        ),
        (
          "drains?",
          SchemaPart.named(
            SchemaPart.type("integer"),
            with: said("Names of drained real servers, and since when, in seconds since the beginning of 1970."))
        ),
        (
          "verdicts?",
          SchemaPart.list(
            verdict, with: said("What lvsctld found of the health of real servers, each question with its answer."))
        ),
      ],
      with: said(
        "What earlier applies remember: the VIPs and firewall marks whose services are lvsctl's, and what was there "
          + "before; what is not remembered is left out."))
  }
}
