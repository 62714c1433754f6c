import LVSModel

/// A network that this machine has an address in.
struct ConnectedNetwork: Hashable {
  let prefixLength: UInt8
  let interface: String
  /// Its first address.
  private let base: IPAddress

  /// The network of an address, or nil for an address that stands for itself alone.
  init?(_ id: AddressID) {
    guard id.prefixLength < id.address.family.hostPrefixLength else { return nil }
    prefixLength = id.prefixLength
    interface = id.interface
    base = id.address.masked(to: id.prefixLength)
  }

  var family: AddressFamily { base.family }

  func contains(_ address: IPAddress) -> Bool { address.family == family && address.masked(to: prefixLength) == base }

  /// `192.168.147.0/24`.
  var words: String { "\(base)/\(prefixLength)" }
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
