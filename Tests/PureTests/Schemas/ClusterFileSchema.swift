import LVSConfig
import LVSModel
import LVSText

/// Examples/cluster.schema.json, from the table of keys.
///
/// What the table does not know is what one key does to another, and how a text is built; that is here.
enum ClusterFileSchema {
  static var document: JSONText.Value {
    let maps = FileMap.allCases.filter { $0 != .top }.map { (name(of: $0), map($0)) }
    return SchemaPart.document(
      "lvsctl cluster file",
      "What one Linux Virtual Server cluster should be. `lvsctl validate` checks more than a schema can: names, addresses "
        + "and families across the file.", map(.top), defs: forms + maps)
  }

  private static func name(of map: FileMap) -> String {
    switch map {
    case .top: "cluster"
    case .director: "director"
    case .realServer: "real_server"
    case .vip: "listed_vip"
    case .ignored: "ignored_mark"
    case .vrrp: "vrrp"
    case .defaults: "defaults"
    case .service: "service"
    case .tunnel: "tunnel"
    case .persistence: "persistence"
    case .member: "member"
    case .fallback: "fallback"
    case .check: "check"
    case .timeouts: "timeouts"
    case .sync: "sync"
    case .sysctls: "sysctls"
    }
  }

  private static func map(_ map: FileMap) -> JSONText.Value {
    let properties = map.keys.map { ($0.word + ($0.isRequired ? "" : "?"), property($0, of: map)) }
    return SchemaPart.map(properties, with: rules(of: map))
  }

  private static func property(_ key: FileMapKey, of map: FileMap) -> JSONText.Value {
    var members: SchemaPart.Members = [("description", .string(key.meaning.help))]
    if case .value(let word) = key.meaning.absence { members.append(("default", json(word, key.meaning.value))) }
    let forms = forms(of: key.meaning.value) + (key.isRequired ? [] : [SchemaPart.ref("none")])
    members += SchemaPart.anyOf(forms).members ?? []
    if map == .director, key.word == "name" {
      // As `held_by` of a VIP these mean something else.
      let words = FileMap.vip.keys.first { $0.word == "held_by" }.map { reserved(by: $0.meaning.value) } ?? []
      members.append(("not", SchemaPart.words(words + ["none"])))
    }
    return .object(members)
  }

  private static func reserved(by value: KeyValue) -> [String] {
    switch value {
    case .word(let words): words
    case .anyOf(let values): values.flatMap(reserved)
    default: []
    }
  }

  /// A default as an editor would write it.
  private static func json(_ word: String, _ value: KeyValue) -> JSONText.Value {
    switch value {
    case .integer, .seconds: Int(word).map(JSONText.Value.integer) ?? .string(word)
    case .boolean: .boolean(word == "true")
    default: .string(word)
    }
  }

  // MARK: Values

  private static func forms(of value: KeyValue) -> [JSONText.Value] {
    switch value {
    case .boolean: [SchemaPart.ref("boolean")]
    case .integer(let range): numbers(range)
    case .seconds(let range): numbers(range) + [SchemaPart.ref("time")]
    case .word(let words): [SchemaPart.words(words)]
    case .scheduler(let words): [SchemaPart.words(words), SchemaPart.text("^[A-Za-z0-9_-]{1,15}$")]
    case .newName, .name: [SchemaPart.ref("name")]
    case .interface: [SchemaPart.ref("interface")]
    case .label: [scalar(#"^[^/\u0000-\u0020]{1,15}$"#)]
    case .address: [SchemaPart.ref("address")]
    case .network: [SchemaPart.text("^[0-9A-Fa-f:.]+/(0|[1-9][0-9]{0,2})$")]
    case .netmask: [SchemaPart.type("string", with: [("format", .string("ipv4"))])]
    case .vip: [SchemaPart.ref("vip")]
    case .port(let range), .fwmarks(let range):
      numbers(range) + [SchemaPart.text("^\(digits(max(1, range.lowerBound)...range.upperBound, twice: true))$")]
    case .path(let range):
      [SchemaPart.text("^/[!-~]*$", with: [("maxLength", .integer(range.upperBound))])]
    case .hostName: [SchemaPart.ref("host_name")]
    case .statuses(let range):
      [SchemaPart.integer(range), SchemaPart.text("^[1-5][0-9]{2}(-[1-5][0-9]{2})?$")]
    case .text(let range):
      [scalar(nil, [("minLength", .integer(range.lowerBound)), ("maxLength", .integer(range.upperBound))])]
    case .command(let words, let bytes):
      [
        SchemaPart.list(
          scalar(nil, [("maxLength", .integer(bytes.upperBound))]), atLeast: words.lowerBound,
          with: [("prefixItems", .array([SchemaPart.text("^/.")])), ("maxItems", .integer(words.upperBound))])
      ]
    case .sysctls: [SchemaPart.ref("sysctl_values")]
    case .list(let value, let least, let isSet):
      [SchemaPart.list(SchemaPart.anyOf(forms(of: value)), atLeast: least, isSet: isSet)]
    case .named(let value):
      [
        SchemaPart.named(
          SchemaPart.anyOf(forms(of: value) + [SchemaPart.ref("none")]),
          with: [("propertyNames", SchemaPart.ref("name"))])
      ]
    case .map(let map): [SchemaPart.ref(name(of: map))]
    case .anyOf(let values): values.flatMap(forms)
    }
  }

  /// A number, or the same in quotes; of those no schema can tell whether they are in the range, but how long they are.
  private static func numbers(_ range: ClosedRange<Int>) -> [JSONText.Value] {
    [SchemaPart.integer(range), SchemaPart.text("^\(digits(range))$")]
  }

  private static func digits(_ range: ClosedRange<Int>, twice: Bool = false) -> String {
    let (least, most) = (max(0, String(range.lowerBound).count - 1), String(range.upperBound).count - 1)
    let number = "[1-9][0-9]{\(least),\(most)}"
    if twice { return "\(number)-\(number)" }
    return range.lowerBound == 0 ? "(0|\(number))" : number
  }

  /// A text, also one that YAML takes for a number or a truth value.
  private static func scalar(_ pattern: String?, _ members: SchemaPart.Members = []) -> JSONText.Value {
    SchemaPart.type(
      "string", "number", "boolean", with: (pattern.map { [("pattern", .string($0))] } ?? []) + members)
  }

  private static var forms: SchemaPart.Members {
    let folders = SysctlName.clusterFolders.map { $0.dropFirst("net.".count) }.joined(separator: "|")
    let edges = ["^[^ ]", "[^ ]$"].map { JSONText.Value.object([("pattern", .string($0))]) }
    let formats = ["ipv4", "ipv6"].map { JSONText.Value.object([("format", .string($0))]) }
    return [
      (
        "none",
        SchemaPart.described(
          SchemaPart.const(.string("none")), "Switches an optional key off here, whatever `defaults` says.")
      ),
      (
        "name",
        SchemaPart.described(
          scalar(
            "^[^/\"'$`"
              + #"\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]*$"#,
            [("minLength", .integer(1)), ("maxLength", .integer(64)), ("allOf", .array(edges))]),
          "Best a plain word: letters, digits, `.`, `-` and `_`, at most 63, and no `-` in front.")
      ),
      (
        "host_name",
        scalar(
          "^[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?([.][A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?)*$",
          [("maxLength", .integer(253))])
      ),
      (
        "time",
        // Each part may be missing, and not all of them.
        SchemaPart.described(
          SchemaPart.text("^([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?$", with: [("minLength", .integer(2))]),
          "A time in days, hours, minutes and seconds, such as `30s`, `5m` or `1h30m`.")
      ),
      ("interface", scalar(#"^[^/:\u0000-\u0020]{1,15}$"#)),
      ("address", SchemaPart.type("string", with: [("anyOf", .array(formats))])),
      ("vip", scalar(nil, [("minLength", .integer(1))])),
      (
        "boolean",
        .object([("enum", .array([.boolean(true), .boolean(false), .string("true"), .string("false")]))])
      ),
      (
        "sysctl_values",
        SchemaPart.type(
          "object",
          with: [
            (
              "description",
              .string(
                "Names as sysctl(8) writes them, with a value, or `keep` to leave one alone; others than those of the "
                  + "network take --any-sysctl.")
            ),
            ("propertyNames", .object([("pattern", .string("^net([.](\(folders))[.]|/(\(folders))/)[^ ]+$"))])),
            ("additionalProperties", SchemaPart.type("string", "integer", "number", "boolean")),
          ])
      ),
    ]
  }

  // MARK: What one key does to another

  private static func rules(of map: FileMap) -> SchemaPart.Members {
    let none = SchemaPart.ref("none")
    let some = JSONText.Value.object([("not", none)])
    switch map {
    case .tunnel:
      return [
        ("if", rule([("type", SchemaPart.const(.string("gue")))], ["type"])), ("then", rule([], ["port"])),
        ("else", rule([("port", none), ("checksum", SchemaPart.words(["none", "csum"]))], [])),
      ]
    case .check:
      let types: [([String], [String], JSONText.Value)] = [
        (["http", "https"], ["path", "host", "status", "body"], rule([], [])), (["https"], ["verify"], rule([], [])),
        (["udp"], ["send", "expect"], rule([], [])), (["exec"], ["command"], rule([("command", some)], ["command"])),
      ]
      let yes = JSONText.Value.object([("enum", .array([.boolean(true), .string("true")]))])
      let ofTypes = types.map { words, keys, then in
        JSONText.Value.object([
          ("if", rule([("type", SchemaPart.words(words))], ["type"])), ("then", then),
          ("else", rule(keys.map { ($0, none) }, [])),
        ])
      }
      let named = JSONText.Value.object([
        ("if", rule([("verify", yes)], ["verify"])), ("then", rule([("host", some)], ["host"])),
      ])
      return [("allOf", .array(ofTypes + [named]))]
    case .service:
      return [
        (
          "oneOf",
          .array([
            rule([("vip", some), ("port", some), ("fwmark", none), ("family", none)], ["vip", "port"]),
            rule([("fwmark", some), ("vip", none), ("port", none), ("protocol", none)], ["fwmark"]),
          ])
        )
      ]
    default: return []
    }
  }

  private static func rule(_ properties: SchemaPart.Members, _ required: [String]) -> JSONText.Value {
    .object(
      (properties.isEmpty ? [] : [("properties", .object(properties))])
        + (required.isEmpty ? [] : [("required", .array(required.map(JSONText.Value.string)))]))
  }
}
