import LVSModel
import LVSPlan
import LVSText

/// Examples/status.schema.json: what `status` prints.
enum StatusSchema {
  static var document: JSONText.Value {
    SchemaPart.document(
      "lvsctl status",
      "What `lvsctl status --format json` prints: the live table with its traffic, and how it differs from the file. Every "
        + "key is always there. With --watch each line is such a document.", SchemaPart.map(status),
      defs: [
        ("service", service), ("real_server", realServer),
        ("counters", traffic("Since they were last set to zero, up to date every two seconds.")),
        ("rates", SchemaPart.orNull(traffic("Per second; null where the kernel's estimator is off."))),
        ("change", OutputSchemas.change), ("finding", OutputSchemas.finding), ("tunnel", FieldSchemas.tunnel),
      ])
  }

  private static var status: SchemaPart.Members {
    let said = OutputSchemas.said
    return [
      OutputSchemas.version, ("time", OutputSchemas.nameOrNull("When it was looked, RFC 3339 in UTC.")),
      ("cluster", OutputSchemas.nameOrNull("The cluster's name; null where no file was named.")),
      ("node", OutputSchemas.nameOrNull("The node's name; null where no file was named.")),
      ("role", OutputSchemas.roleOrNull), ("ipvs", SchemaPart.orNull(ipvs)),
      ("sync_daemons", SchemaPart.described(OutputSchemas.daemons(.whole), "Those that run.")),
      ("vips", SchemaPart.list(vip, with: said("The VIPs of the file, on a director; elsewhere there are none."))),
      ("real_server", SchemaPart.orNull(realServerPart)),
      ("services", SchemaPart.list(SchemaPart.ref("service"))),
      (
        "drift",
        SchemaPart.described(
          SchemaPart.orNull(SchemaPart.list(SchemaPart.ref("change"))),
          "What apply would change; null where no file was named.")
      ),
      (
        "unmanaged",
        SchemaPart.described(
          SchemaPart.orNull(OutputSchemas.serviceIDs), "Services that the file says nothing about; they are left alone."
        )
      ),
      (
        "conflicts",
        SchemaPart.described(
          SchemaPart.orNull(SchemaPart.list(OutputSchemas.text)),
          "Sentences that say what would keep apply from doing anything.")
      ),
      (
        "findings",
        SchemaPart.list(SchemaPart.ref("finding"), with: said("What there is to say beyond the drift, errors first."))
      ),
    ]
  }

  private static var ipvs: JSONText.Value {
    SchemaPart.map(
      [
        ("version", SchemaPart.text("^[0-9]+[.][0-9]+[.][0-9]+$")),
        (
          "connection_table_size",
          SchemaPart.integer(0...Int(UInt32.max), with: OutputSchemas.said("Rows of the table of connections."))
        ),
        (
          "estimator",
          SchemaPart.type(
            "boolean", with: OutputSchemas.said("Whether the kernel keeps rates, and counters up to date."))
        ),
      ], with: OutputSchemas.said("Null where it is not loaded, or may not be read."))
  }

  private static var service: JSONText.Value {
    let id = ("id", SchemaPart.text("^\(FieldSchemas.serviceID)$"))
    let known: SchemaPart.Members = [
      ("name", OutputSchemas.nameOrNull("The name of the VIP in the file.")),
      (
        "managed",
        SchemaPart.type(
          "boolean", "null", with: OutputSchemas.said("Whether the file speaks of it; null where no file was named."))
      ),
    ]
    let rest =
      FieldSchemas.service(.whole) + [
        ("state", SchemaPart.words([Standing.down, .serving].map(\.word)))
      ] + traffic + [("real_servers", SchemaPart.list(SchemaPart.ref("real_server")))]
    return .object([
      ("oneOf", .array(OutputSchemas.identities.map { SchemaPart.map([id] + $0 + known + rest) }))
    ])
  }

  private static var realServer: JSONText.Value {
    let connections = SchemaPart.integer(0...Int(UInt32.max))
    return SchemaPart.map(
      [
        ("id", SchemaPart.text("^\(FieldSchemas.endpoint)$")),
        ("name", OutputSchemas.nameOrNull("The name of the real server in the file.")),
        ("address", FieldSchemas.address), ("port", SchemaPart.integer(0...65535)),
      ] + FieldSchemas.realServer(.whole) + [
        ("health", SchemaPart.orNull(health)),
        (
          "fallback",
          SchemaPart.type(
            "boolean", with: OutputSchemas.said("Whether it is the one that serves while no other real server does."))
        ),
        (
          "in_table",
          SchemaPart.type(
            "boolean",
            with: OutputSchemas.said(
              "Whether the kernel has it; where it is down and taken out, or a fallback that is not needed, it has not, "
                + "and its numbers are 0."))
        ),
        ("state", SchemaPart.words(Standing.allCases.map(\.word))),
        (
          "overloaded",
          SchemaPart.type(
            "boolean", with: OutputSchemas.said("Whether it gets no new connections for its upper threshold."))
        ),
        ("active_connections", connections), ("inactive_connections", connections),
        ("persistent_connections", connections),
      ] + traffic)
  }

  private static var vip: JSONText.Value {
    SchemaPart.map([
      ("address", FieldSchemas.address), ("name", OutputSchemas.nameOrNull("Its name in the file.")),
      ("held_by", OutputSchemas.text), ("held", SchemaPart.type("boolean", with: [])),
    ])
  }

  private static var realServerPart: JSONText.Value {
    let said = OutputSchemas.said
    let vip = SchemaPart.map([
      ("address", FieldSchemas.address), ("name", OutputSchemas.nameOrNull("Its name in the file.")),
      ("interface", OutputSchemas.nameOrNull("The interface that holds it; null where none does.")),
      (
        "mute",
        SchemaPart.type(
          "boolean", "null",
          with: said("Whether this machine is silent when the segment asks for it; null where that is not known."))
      ),
    ])
    let port = SchemaPart.map([
      ("protocol", SchemaPart.words(TransportProtocol.allCases.map(\.word))), ("address", FieldSchemas.address),
      ("port", SchemaPart.integer(1...65535)),
      (
        "listening",
        SchemaPart.type("boolean", "null", with: said("Whether something takes what comes there; null where unknown."))
      ),
    ])
    let way = SchemaPart.map([
      ("source", FieldSchemas.address),
      (
        "reachable",
        SchemaPart.type(
          "boolean", "null", with: said("Whether replies to clients on other networks leave; null where unknown."))
      ),
      ("via", OutputSchemas.nameOrNull("The gateway.")), ("interface", OutputSchemas.nameOrNull("The interface.")),
    ])
    return SchemaPart.map(
      [("vips", SchemaPart.list(vip)), ("ports", SchemaPart.list(port)), ("ways_back", SchemaPart.list(way))],
      with: said("What there is to see of this machine as a real server; null where it is none, or directs."))
  }

  private static var health: JSONText.Value {
    SchemaPart.map(
      [
        ("state", SchemaPart.words(ServerHealth.State.allCases.map(\.rawValue))),
        ("since", OutputSchemas.nameOrNull("When it became so, RFC 3339 in UTC; null where that is not known.")),
        ("reason", OutputSchemas.nameOrNull("Why it is down; null while it is not.")),
      ],
      with: OutputSchemas.said(
        "How it is by its checks, or that it is drained; null where nothing is asked of it and it is not drained."))
  }

  private static let traffic: SchemaPart.Members = [
    ("counters", SchemaPart.ref("counters")), ("rates", SchemaPart.ref("rates")),
  ]

  private static func traffic(_ help: String) -> JSONText.Value {
    let number = SchemaPart.type("integer", with: [("minimum", .integer(0)), ("maximum", .unsigned(.max))])
    return SchemaPart.map(
      ["connections", "packets_in", "packets_out", "bytes_in", "bytes_out"].map { ($0, number) },
      with: OutputSchemas.said(help))
  }
}
