/// A network that this machine has an address in.
struct ConnectedNetwork: Hashable {
  let family: AddressFamily
  let prefixLength: UInt8
  let interface: String
  private let high: UInt64
  private let low: UInt64

  /// The network of an address, or nil for an address that stands for itself alone.
  init?(_ id: AddressID) {
    guard id.prefixLength < id.address.family.hostPrefixLength else { return nil }
    family = id.address.family
    prefixLength = id.prefixLength
    interface = id.interface
    (high, low) = Self.masked(id.address, prefixLength)
  }

  func contains(_ address: IPAddress) -> Bool {
    guard address.family == family else { return false }
    return Self.masked(address, prefixLength) == (high, low)
  }

  private static func masked(_ address: IPAddress, _ length: UInt8) -> (UInt64, UInt64) {
    if address.family == .ipv4 { return (0, address.low & UInt64(UInt32.max << (32 - UInt32(length)))) }
    // A shift by 64 gives 0, as it should.
    return length <= 64
      ? (address.high & UInt64.max << (64 - UInt64(length)), 0)
      : (address.high, address.low & UInt64.max << (128 - UInt64(length)))
  }

  /// `192.168.147.0/24`.
  var words: String {
    let address = family == .ipv4 ? IPAddress(ipv4: UInt32(low)) : IPAddress(ipv6High: high, low: low)
    return "\(address)/\(prefixLength)"
  }
}

extension Sequence<ConnectedNetwork> {
  /// The smallest network that an address is in.
  func network(of address: IPAddress) -> ConnectedNetwork? {
    var best: ConnectedNetwork?
    for network in self where network.contains(address) {
      if best.map({ network.prefixLength > $0.prefixLength }) ?? true { best = network }
    }
    return best
  }
}
