/// A value in the cluster file's own words, as reports show it.
package enum FieldValue: Hashable, Sendable {
  /// Nothing is set.
  case absent
  /// A word or a text.
  case text(String)
  /// A number.
  case integer(Int)
  /// Yes or no.
  case boolean(Bool)
  /// Several words.
  case list([String])
  /// A map of further fields.
  case map([Field])
}

/// A key of the cluster file with its value.
package struct Field: Hashable, Sendable {
  /// The key.
  package var name: String
  /// The value.
  package var value: FieldValue
  /// Whether the file would leave it out because it is the default.
  package var isDefault: Bool

  /// Creates a field; with `default`, one that is left out when its value is that.
  package init(_ name: String, _ value: FieldValue, default standard: FieldValue? = nil) {
    self.name = name
    self.value = value
    isDefault = value == standard
  }
}

/// Something that can say what it holds in the cluster file's own words.
package protocol Fielded {
  /// Every field, defaults too, always in the same order.
  var fields: [Field] { get }
}

extension ServiceSettings: Fielded {
  package var fields: [Field] {
    [
      Field("scheduler", .text(scheduler.name)),
      Field("scheduler_flags", .list(schedulerFlags.words(for: scheduler)), default: .list([])),
      Field("persistence", persistence?.fieldValue ?? .absent, default: FieldValue.absent),
      Field("one_packet", .boolean(onePacket), default: .boolean(false)),
    ]
  }
}

extension Persistence {
  /// The seconds alone where nothing else is said, else a map.
  package var fieldValue: FieldValue {
    var fields = [Field("timeout", .integer(Int(timeout)))]
    switch netmask {
    case .ipv4(let bits) where bits != .max: fields.append(Field("netmask", .text(IPAddress(ipv4: bits).description)))
    case .ipv6(let length) where length != 128: fields.append(Field("netmask", .integer(Int(length))))
    case .ipv4, .ipv6: break
    }
    if let engine { fields.append(Field("engine", .text(engine))) }
    return fields.count == 1 ? .integer(Int(timeout)) : .map(fields)
  }
}

extension RealServerSettings: Fielded {
  package var fields: [Field] {
    [
      Field("forward", .text(forward.word)),
      Field(
        "tunnel", forward.tunnelValue ?? .absent,
        default: forward.tunnel.map { _ in Tunnel().fieldValue } ?? .absent),
      Field("weight", .integer(Int(weight))),
      Field("upper_threshold", .integer(Int(upperThreshold)), default: .integer(0)),
      Field("lower_threshold", .integer(Int(lowerThreshold)), default: .integer(0)),
    ]
  }
}

extension Tunnel {
  /// A map of the kind and what it needs.
  var fieldValue: FieldValue {
    var fields = [Field("type", .text(kind.word))]
    if port != 0 { fields.append(Field("port", .integer(Int(port)))) }
    if checksum != .none { fields.append(Field("checksum", .text(checksum.word))) }
    return .map(fields)
  }
}

extension AddressSettings: Fielded {
  package var fields: [Field] {
    [
      Field("label", label.map(FieldValue.text) ?? .absent, default: FieldValue.absent),
      // Only an address that is adopted tells of it; any other that lvsctl plans with is its own.
      Field("signed", .boolean(mark == ownershipMark), default: .boolean(true)),
    ]
  }
}

extension RouteSettings: Fielded {
  package var fields: [Field] { [] }
}

extension LinkSettings: Fielded {
  package var fields: [Field] { [Field("up", .boolean(isUp))] }
}

extension ModuleSettings: Fielded {
  package var fields: [Field] { [] }
}

extension Timeouts: Fielded {
  package var fields: [Field] {
    [("tcp", tcp), ("tcp_fin", tcpFin), ("udp", udp)].map { name, seconds in
      Field(name, seconds.map { .integer(Int($0)) } ?? .absent, default: FieldValue.absent)
    }
  }
}

extension SyncDaemon: Fielded {
  package var fields: [Field] {
    [
      Field("interface", .text(interface)),
      Field("id", .integer(Int(id))),
      Field("group", group.map { .text($0.description) } ?? .absent, default: FieldValue.absent),
      Field("port", port.map { .integer(Int($0)) } ?? .absent, default: FieldValue.absent),
      Field("ttl", ttl.map { .integer(Int($0)) } ?? .absent, default: FieldValue.absent),
      Field("maxlen", maxlen.map { .integer(Int($0)) } ?? .absent, default: FieldValue.absent),
    ]
  }
}

extension FieldValue {
  /// The value as text shows it.
  package var text: String {
    switch self {
    case .absent: "none"
    case .text(let text): text
    case .integer(let number): String(number)
    case .boolean(let flag): flag ? "true" : "false"
    case .list(let words): words.isEmpty ? "none" : words.joined(separator: ",")
    case .map(let fields): "{" + fields.map { "\($0.name) \($0.value.text)" }.joined(separator: ", ") + "}"
    }
  }
}
