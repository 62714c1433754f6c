import LVSModel

/// Choosing addresses for machines, and networks for addresses.
extension Prefix {
  /// The address that is `number` places behind the first one.
  func address(_ number: UInt64) -> IPAddress {
    switch family {
    case .ipv4: IPAddress(ipv4: base.ipv4Bits &+ UInt32(truncatingIfNeeded: number))
    case .ipv6: IPAddress(ipv6High: base.high, low: base.low &+ number)
    }
  }

  /// How many addresses behind the first one a machine can have, the last of an IPv4 network being for broadcasts.
  private var hosts: UInt64 {
    let bits = UInt64(family.hostPrefixLength - length)
    if family == .ipv6 { return bits >= 16 ? 0xfffe : max(1, (1 << bits) - 1) }
    return bits < 2 ? 1 : (1 << bits) - 2
  }

  /// The last address of the network that a machine can have and none of `taken` is; it is taken then. Nil where there is
  /// none.
  func takeLast(_ taken: inout Set<IPAddress>) -> IPAddress? {
    var number = hosts
    while number > 0 {
      let candidate = address(number)
      if taken.insert(candidate).inserted { return candidate }
      number -= 1
    }
    return nil
  }

  /// The smallest network that holds some addresses of one family; nil for none.
  static func smallest(holding addresses: some Collection<IPAddress>) -> Prefix? {
    guard let first = addresses.first else { return nil }
    var prefix = first.hostPrefix
    for address in addresses where address.family == first.family {
      while !prefix.contains(address) { prefix = Prefix(of: first, length: prefix.length - 1) }
    }
    return prefix
  }
}

extension IPAddress {
  /// With the prefix length of a network, as `ip address add` takes it.
  func written(in prefix: Prefix) -> String { "\(self)/\(prefix.length)" }
}
