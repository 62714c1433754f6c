import LVSText

extension Health {
  /// The verdicts as a list of maps in a fixed order, so that two lists of the same verdicts are the same bytes.
  var verdictsJSON: JSONText.Value {
    let maps = verdicts.map { rule, verdict -> (order: String, map: JSONText.Value) in
      let map = JSONText.Value.object(
        rule.json + [
          ("state", .string(verdict.state.rawValue)), ("since", verdict.since.map(JSONText.Value.integer) ?? .null),
          ("reason", .orNull(verdict.reason)),
        ])
      return (JSONText.compact(map), map)
    }
    return .array(maps.sorted { $0.order < $1.order }.map(\.map))
  }

  /// The drains as a map of names and times.
  var drainsJSON: JSONText.Value {
    .object(drains.sorted { $0.key < $1.key }.map { ($0.key, .integer($0.value)) })
  }

  static func verdicts(_ part: JSONPart) throws(JSONFault) -> [CheckRule: Verdict] {
    var verdicts: [CheckRule: Verdict] = [:]
    try part.elements { (element) throws(JSONFault) in
      let (rule, fields) = try CheckRule.read(element, beside: ["state", "since", "reason"])
      let verdict = Verdict(
        try fields.required("state").word(HealthState.allCases, \.rawValue), since: try fields["since"]?.number(),
        reason: try fields["reason"]?.text())
      guard verdicts.updateValue(verdict, forKey: rule) == nil else { throw element.fault("is there twice") }
    }
    return verdicts
  }

  static func drains(_ part: JSONPart) throws(JSONFault) -> [String: Int] {
    var drains: [String: Int] = [:]
    try part.members { (name, since) throws(JSONFault) in drains[name] = try since.number() }
    return drains
  }
}

/// Which half of a health a document holds: each is written by a program of its own.
public enum HealthDocument: Sendable {
  /// The verdicts.
  case verdicts
  /// The drains.
  case drains

  private var name: StaticString {
    switch self {
    case .verdicts: "verdicts"
    case .drains: "drains"
    }
  }

  private var title: String {
    switch self {
    case .verdicts: "the health of real servers"
    case .drains: "the list of drained real servers"
    }
  }

  /// The document of a health, with the machine it is about.
  public func json(_ health: Health, _ place: MachinePlace) -> JSONText.Value {
    let content =
      switch self {
      case .verdicts: health.verdictsJSON
      case .drains: health.drainsJSON
      }
    return .object([
      ("format_version", .integer(1)), ("boot", .string(place.boot)), ("namespace", .string(place.namespace)),
      ("\(name)", content),
    ])
  }

  /// Reads what ``json(_:_:)`` wrote; throws the first part that is not as it was written, as a whole sentence with its
  /// line and column.
  public func read(_ bytes: [UInt8]) throws(MemoryFault) -> (health: Health, place: MachinePlace) {
    do throws(JSONFault) {
      return try JSONPart.read(bytes) { (part) throws(JSONFault) in
        let version = try part.fields(["format_version"]).required("format_version")
        guard version.wholeNumber == 1 else { throw version.fault("is not 1, the only one this lvsctl reads") }
        let document = try part.exactFields(["format_version", "boot", "namespace", name])
        let place = MachinePlace(
          boot: try document.required("boot").text(), namespace: try document.required("namespace").text())
        let content = try document.required(name)
        switch self {
        case .verdicts: return (Health(verdicts: try Health.verdicts(content)), place)
        case .drains: return (Health(drains: try Health.drains(content)), place)
        }
      }
    } catch {
      let (message, position) = error.described(title, in: bytes)
      throw MemoryFault(message: message, position: position)
    }
  }
}
