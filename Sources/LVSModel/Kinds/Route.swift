import LVSText

/// A host route in the main table.
public struct RouteID: Hashable, Sendable, CustomStringConvertible, Comparable {
  /// The destination.
  public var destination: IPAddress
  /// The prefix length.
  public var prefixLength: UInt8
  /// The name of the outgoing interface.
  public var interface: String

  /// Creates the identity of a route; a host route unless a prefix length is given.
  public init(_ destination: IPAddress, prefixLength: UInt8? = nil, interface: String) {
    self.destination = destination
    self.prefixLength = prefixLength ?? destination.family.hostPrefixLength
    self.interface = interface
  }

  /// `192.168.147.100/32 dev lo`.
  public var description: String { "\(destination)/\(prefixLength) dev \(interface)" }

  public static func < (a: Self, b: Self) -> Bool {
    (a.destination, a.prefixLength, a.interface) < (b.destination, b.prefixLength, b.interface)
  }
}

/// What is known of a route beside its identity.
public struct RouteSettings: Hashable, Sendable {
  /// rtm_protocol: who installed the route.
  public var mark: UInt8

  /// Creates the settings of a route.
  public init(mark: UInt8 = ownershipMark) { self.mark = mark }
}

extension RouteSettings {
  public var fields: [Field] { [] }
}

extension RouteSettings {
  /// The route as a map of a snapshot.
  func json(_ id: RouteID) -> JSONText.Value {
    .object([
      ("destination", .string(id.destination.description)),
      ("prefix_length", .integer(Int(id.prefixLength))),
      ("interface", .string(id.interface)),
      ("protocol", .integer(Int(mark))),
    ])
  }

  private static let names: [StaticString] = ["destination", "prefix_length", "interface", "protocol"]

  static func read(_ part: inout JSONPart) throws(JSONFault) -> (RouteID, RouteSettings) {
    let fields = try JSONMembers(&part, names)
    let destination = try fields.required("destination").address()
    let id = RouteID(
      destination,
      prefixLength: try fields.required("prefix_length").number(in: 0...destination.family.hostPrefixLength),
      interface: try fields.required("interface").interface())
    return (id, RouteSettings(mark: try fields.required("protocol").number()))
  }

  /// The command of ip-route(8).
  static func commands(_ id: RouteID, _ difference: Difference<RouteSettings>) -> [[String]] {
    [
      ["ip", "route", difference.after == nil ? "del" : "add", "\(id.destination)/\(id.prefixLength)"]
        + ["dev", id.interface, "proto", String(ownershipMark)]
    ]
  }
}
