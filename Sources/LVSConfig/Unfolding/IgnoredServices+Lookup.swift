import LVSModel

extension IgnoredServices {
  /// Which services a list ignores, at the same cost however long the list is.
  public struct Lookup: Equatable, Sendable {
    private let networks: Set<Prefix>
    private let prefixLengths: [AddressFamily: [UInt8]]
    private let fwmarks: Set<UInt32>

    /// Prepares a list.
    public init(_ ignored: IgnoredServices) {
      networks = Set(ignored.networks)
      prefixLengths = Dictionary(grouping: networks, by: \.family).mapValues { networks in
        Set(networks.map(\.length)).sorted()
      }
      fwmarks = ignored.fwmarks
    }

    /// Whether a service is ignored.
    public func contains(_ id: ServiceID) -> Bool {
      switch id {
      case .fwmark(let mark, _): fwmarks.contains(mark)
      case .address(_, let address, _): contains(address)
      }
    }

    /// Whether services on a virtual address are ignored.
    public func contains(_ address: IPAddress) -> Bool {
      guard !networks.isEmpty else { return false }
      return prefixLengths[address.family, default: []].contains { length in
        networks.contains(Prefix(of: address, length: length))
      }
    }
  }
}
