import LVSModel

/// A network by its first address and its prefix length.
public struct Prefix: Hashable, Sendable {
  /// Its first address.
  public let base: IPAddress
  /// 0 to 32, or 128 for IPv6.
  public let length: UInt8

  /// The network of an address.
  public init(of address: IPAddress, length: UInt8) {
    base = address.masked(to: length)
    self.length = length
  }

  /// Reads `192.168.147.0/24` or `2001:db8::/64`; nil for anything else, an address with bits behind its prefix too.
  public init?(_ text: String) {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, let base = IPAddress(String(parts[0])), let length = UInt8(parts[1]),
      length <= base.family.hostPrefixLength, base.masked(to: length) == base
    else { return nil }
    self.base = base
    self.length = length
  }

  var family: AddressFamily { base.family }

  func contains(_ address: IPAddress) -> Bool { address.family == family && address.masked(to: length) == base }

  func overlaps(_ other: Prefix) -> Bool {
    length <= other.length ? contains(other.base) : other.contains(base)
  }

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
    var prefix = Prefix(of: first, length: first.family.hostPrefixLength)
    for address in addresses where address.family == first.family {
      while !prefix.contains(address) { prefix = Prefix(of: first, length: prefix.length - 1) }
    }
    return prefix
  }
}

extension Prefix: CustomStringConvertible {
  /// `192.168.147.0/24`.
  public var description: String { "\(base)/\(length)" }
}

extension IPAddress {
  /// With the prefix length of a network, as `ip address add` takes it.
  func written(in prefix: Prefix) -> String { "\(self)/\(prefix.length)" }

  /// As an address that stands for itself alone.
  var hostPrefix: Prefix { Prefix(of: self, length: family.hostPrefixLength) }
}
