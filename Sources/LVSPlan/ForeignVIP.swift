import LVSModel
import LVSText

/// A VIP that somebody else put where the file does not want it so.
struct ForeignVIP {
  private let id: AddressID
  /// Where the file wants it, if anywhere on this node.
  private let wanted: AddressID?
  private let target: Target
  /// Whether other addresses of its network are on its interface: the kernel takes them away with the first of them.
  private let hasNeighbours: Bool

  /// Those of a node, in order.
  static func all(on target: Target, _ observed: HostState) -> [ForeignVIP] {
    let foreign = observed.addresses.keys.filter { id in
      target.scope.vips.contains(id.address) && target.state.addresses[id] == nil && target.scope.covers(id)
        && observed.addresses[id]?.mark != ownershipMark
    }.sorted()
    if foreign.isEmpty { return [] }
    var wanted: [IPAddress: AddressID] = [:]
    for id in target.state.addresses.keys { wanted[id.address] = min(wanted[id.address] ?? id, id) }
    var neighbours: [Network: Int] = [:]
    for id in observed.addresses.keys { neighbours[Network(id), default: 0] += 1 }
    return foreign.map { id in
      ForeignVIP(
        id: id, wanted: wanted[id.address], target: target, hasNeighbours: (neighbours[Network(id)] ?? 0) > 1)
    }
  }

  private struct Network: Hashable {
    var prefix: Prefix
    var interface: String

    init(_ id: AddressID) {
      prefix = Prefix(of: id.address, length: id.prefixLength)
      interface = id.interface
    }
  }

  var finding: Finding {
    let place: Message = wanted.map { "as \($0)" } ?? "on no interface of this node"
    return Finding(
      .foreignVIP, .error, node: nil, subject: id.description,
      "The VIP \(id) was not put there by lvsctl, and the file wants it \(place). \(remedy)",
      facts: wanted.map { [Finding.Fact("wanted", $0.description)] } ?? [])
  }

  /// What to do about it; where only the prefix length differs, one line with which the address never leaves.
  private var remedy: Message {
    if let wanted, wanted.interface == id.interface {
      if target.announced.contains(wanted) {
        return """
          Say so in the file, and the address stays as it is: \
          vips: [{ address: \(id.address), prefix: \(id.prefixLength) }]
          """
      }
      // The kernel takes an IPv6 address once for each interface (ipv6_chk_same_addr).
      if id.address.family == .ipv4 {
        return "This line gives it the prefix length without its leaving: \(replacement(wanted))"
      }
    }
    return """
      Remove it (\(Self.line(removal))), or give the VIP "held_by: external" where another program moves it.
      """
  }

  private func replacement(_ wanted: AddressID) -> Message {
    let addition = Change.address(wanted, Difference(before: nil, after: target.state.addresses[wanted]))
    var steps = [addition, removal]
    if hasNeighbours {
      let promotion = Difference<String>(before: nil, after: "1")
      steps.insert(.sysctl("net.ipv4.conf.\(id.interface).promote_secondaries", promotion), at: 0)
    }
    return steps.map(Self.line).joined(separator: " && ")
  }

  private var removal: Change { .address(id, Difference(before: AddressSettings(), after: nil)) }

  private static func line(_ change: Change) -> Message {
    change.commands.joined(separator: [";"]).map { "\(word: $0)" as Message }.joined(separator: " ")
  }
}
