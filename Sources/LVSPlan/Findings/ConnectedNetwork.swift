import LVSModel

/// A network that this machine has an address in.
struct ConnectedNetwork: Hashable {
  let prefix: Prefix
  let interface: String

  /// The network of an address, or nil for an address that stands for itself alone.
  init?(_ id: AddressID) {
    guard id.prefixLength < id.address.family.hostPrefixLength else { return nil }
    prefix = Prefix(of: id.address, length: id.prefixLength)
    interface = id.interface
  }

  func contains(_ address: IPAddress) -> Bool { prefix.contains(address) }

  /// `192.168.147.0/24`.
  var words: String { prefix.description }
}

extension Sequence<ConnectedNetwork> {
  /// The smallest network that an address is in.
  func network(of address: IPAddress) -> ConnectedNetwork? {
    var best: ConnectedNetwork?
    for network in self where network.contains(address) {
      if best.map({ network.prefix.length > $0.prefix.length }) ?? true { best = network }
    }
    return best
  }
}
