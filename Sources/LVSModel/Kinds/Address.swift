import LVSText

/// An address on an interface.
public struct AddressID: Hashable, Sendable, CustomStringConvertible, Comparable {
  /// The address.
  public var address: IPAddress
  /// The prefix length.
  public var prefixLength: UInt8
  /// The name of the interface.
  public var interface: String

  /// Creates the identity of an address; a host address unless a prefix length is given.
  public init(_ address: IPAddress, prefixLength: UInt8? = nil, interface: String) {
    self.address = address
    self.prefixLength = prefixLength ?? address.family.hostPrefixLength
    self.interface = interface
  }

  /// `192.168.147.100/32 dev ens33`.
  public var description: String { "\(address)/\(prefixLength) dev \(interface)" }

  public static func < (a: Self, b: Self) -> Bool {
    (a.address, a.prefixLength, a.interface) < (b.address, b.prefixLength, b.interface)
  }
}

/// What lvsctl signs its addresses (IFA_PROTO) and routes (rtm_protocol) with.
public let ownershipMark: UInt8 = 76

/// What is known of an address beside its identity.
public struct AddressSettings: Hashable, Sendable {
  /// The label of an IPv4 address where it differs from the interface's name, at most 15 bytes.
  public var label: String?
  /// IFA_PROTO, 0 where nothing is set or the kernel has none.
  public var mark: UInt8

  /// Creates the settings of an address.
  public init(label: String? = nil, mark: UInt8 = ownershipMark) {
    self.label = label
    self.mark = mark
  }
}

extension Difference<AddressSettings> {
  /// Whether the address is signed, or its signature taken back, without anything else about it changing.
  public var isSignature: Bool {
    guard let before, let after else { return false }
    return before.label == after.label && before.mark != after.mark
  }
}

extension AddressSettings {
  public var fields: [Field] {
    [
      Field("label", label.map(FieldValue.text) ?? .absent, default: FieldValue.absent),
      // Only an address that is adopted tells of it; any other that lvsctl plans with is its own.
      Field("signed", .boolean(mark == ownershipMark), default: .boolean(true)),
    ]
  }
}

extension AddressSettings {
  /// The address as a map of a snapshot.
  func json(_ id: AddressID) -> JSONText.Value {
    .object([
      ("address", .string(id.address.description)),
      ("prefix_length", .integer(Int(id.prefixLength))),
      ("interface", .string(id.interface)),
      ("label", label.map(JSONText.Value.string) ?? .null),
      ("protocol", .integer(Int(mark))),
    ])
  }

  private static let names: [StaticString] = ["address", "prefix_length", "interface", "label", "protocol"]

  static func read(_ part: inout JSONPart) throws(JSONFault) -> (AddressID, AddressSettings) {
    let fields = try JSONMembers(&part, names)
    let address = try fields.required("address").address()
    let id = AddressID(
      address, prefixLength: try fields.required("prefix_length").number(in: 0...address.family.hostPrefixLength),
      interface: try fields.required("interface").interface())
    return (
      id, AddressSettings(label: try fields["label"]?.text(), mark: try fields.required("protocol").number())
    )
  }

  /// The commands of ip-address(8); one whose label differs goes and comes back.
  static func commands(_ id: AddressID, _ difference: Difference<AddressSettings>) -> [[String]] {
    let address = ["\(id.address)/\(id.prefixLength)", "dev", id.interface]
    var commands: [[String]] = []
    if difference.before != nil { commands.append(["ip", "addr", "del"] + address) }
    if let after = difference.after {
      let label = after.label.map { ["label", $0] } ?? []
      let ipv6 = id.address.family == .ipv6 ? ["nodad", "preferred_lft", "0"] : []
      commands.append(["ip", "addr", "add"] + address + label + ipv6)
    }
    return commands
  }
}
