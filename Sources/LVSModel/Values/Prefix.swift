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

  /// The family of its addresses.
  public var family: AddressFamily { base.family }

  /// Whether an address is in it.
  public func contains(_ address: IPAddress) -> Bool { address.family == family && address.masked(to: length) == base }

  /// Whether some address is in both.
  public func overlaps(_ other: Prefix) -> Bool {
    length <= other.length ? contains(other.base) : other.contains(base)
  }
}

extension Prefix: CustomStringConvertible {
  /// `192.168.147.0/24`.
  public var description: String { "\(base)/\(length)" }
}

extension IPAddress {
  /// The network that is the address alone.
  public var hostPrefix: Prefix { Prefix(of: self, length: family.hostPrefixLength) }
}
