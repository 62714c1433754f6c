import Glibc

/// The two address families that IPVS forwards.
public enum AddressFamily: UInt8, Sendable, Comparable, CaseIterable {
  /// Internet protocol version 4.
  case ipv4 = 4
  /// Internet protocol version 6.
  case ipv6 = 6

  /// The prefix length of a single host: 32 or 128.
  public var hostPrefixLength: UInt8 { self == .ipv4 ? 32 : 128 }

  /// The word of the cluster file: `ipv4` or `ipv6`.
  public var word: String { self == .ipv4 ? "ipv4" : "ipv6" }

  public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}

/// An IPv4 or IPv6 address, without a zone.
///
/// Held as integers in host order, so that hashing and comparing cost no allocation. None is longer than 32 bits and the
/// family comes last: a protocol ahead of the address and a port behind it then fit into what the alignment would leave
/// empty, and a large state is a third smaller.
public struct IPAddress: Hashable, Sendable {
  let word0: UInt32
  let word1: UInt32
  let word2: UInt32
  let word3: UInt32
  /// The family the address belongs to.
  public let family: AddressFamily

  /// The upper 64 bits of an IPv6 address; 0 for IPv4.
  public var high: UInt64 { UInt64(word0) << 32 | UInt64(word1) }

  /// The lower 64 bits of an IPv6 address, or the 32 bits of an IPv4 address.
  public var low: UInt64 { UInt64(word2) << 32 | UInt64(word3) }

  /// An IPv4 address from its 32 bits in host order.
  public init(ipv4: UInt32) {
    family = .ipv4
    (word0, word1, word2, word3) = (0, 0, 0, ipv4)
  }

  /// An IPv6 address from its two halves in host order.
  public init(ipv6High high: UInt64, low: UInt64) {
    family = .ipv6
    word0 = UInt32(truncatingIfNeeded: high >> 32)
    word1 = UInt32(truncatingIfNeeded: high)
    word2 = UInt32(truncatingIfNeeded: low >> 32)
    word3 = UInt32(truncatingIfNeeded: low)
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(family)
    if family == .ipv6 { hasher.combine(high) }
    hasher.combine(low)
  }

  /// An address from its bytes in network order: 4 or 16 of them, or nil.
  public init?(networkBytes bytes: some Collection<UInt8>) {
    switch bytes.count {
    case 4: self.init(ipv4: bytes.reduce(0) { $0 << 8 | UInt32($1) })
    case 16:
      self.init(
        ipv6High: bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) },
        low: bytes.suffix(8).reduce(0) { $0 << 8 | UInt64($1) })
    default: return nil
    }
  }

  /// An address as inet_pton(3) reads it: four decimal numbers without leading zeros, or RFC 4291 text without a zone.
  public init?(_ text: String) {
    var four = in_addr()
    if inet_pton(AF_INET, text, &four) == 1 {
      self.init(ipv4: UInt32(bigEndian: four.s_addr))
      return
    }
    var six = in6_addr()
    guard inet_pton(AF_INET6, text, &six) == 1 else { return nil }
    self = withUnsafeBytes(of: six) { bytes in
      IPAddress(
        ipv6High: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
        low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
    }
  }

  /// The 32 bits of an IPv4 address in host order.
  public var ipv4Bits: UInt32 { UInt32(truncatingIfNeeded: low) }

  /// The 4 or 16 bytes in network order.
  public var networkBytes: [UInt8] {
    switch family {
    case .ipv4: withUnsafeBytes(of: ipv4Bits.bigEndian) { Array($0) }
    case .ipv6:
      withUnsafeBytes(of: high.bigEndian) { Array($0) } + withUnsafeBytes(of: low.bigEndian) { Array($0) }
    }
  }

  /// Whether the address is unspecified (all zeros).
  public var isUnspecified: Bool { high == 0 && low == 0 }

  /// Whether the address is a multicast address (224.0.0.0/4, ff00::/8).
  public var isMulticast: Bool { family == .ipv4 ? low >> 28 == 0xe : high >> 56 == 0xff }

  /// Whether the address is a loopback address (127.0.0.0/8, ::1).
  public var isLoopback: Bool { family == .ipv4 ? low >> 24 == 127 : high == 0 && low == 1 }

  /// Whether the address is an IPv6 link-local address (fe80::/10).
  public var isLinkLocal: Bool { family == .ipv6 && high >> 54 == 0x3fa }

  /// The address with its port as a URL writes it: `192.168.147.4:80`, `[2001:db8::1]:53`.
  public func withPort(_ port: UInt16) -> String {
    family == .ipv4 ? "\(self):\(port)" : "[\(self)]:\(port)"
  }
}

extension IPAddress: CustomStringConvertible {
  /// The text of inet_ntop(3): RFC 5952 for IPv6.
  public var description: String {
    if family == .ipv4 {
      return "\(low >> 24 & 255).\(low >> 16 & 255).\(low >> 8 & 255).\(low & 255)"
    }
    var bytes = networkBytes
    return String(unsafeUninitializedCapacity: Int(INET6_ADDRSTRLEN)) { buffer in
      buffer.withMemoryRebound(to: CChar.self) { text in
        guard inet_ntop(AF_INET6, &bytes, text.baseAddress, socklen_t(text.count)) != nil else { return 0 }
        return text.baseAddress.map { strlen($0) } ?? 0
      }
    }
  }
}

extension IPAddress: Comparable {
  /// IPv4 before IPv6, then by number.
  public static func < (a: Self, b: Self) -> Bool {
    (a.family, a.high, a.low) < (b.family, b.high, b.low)
  }
}

extension IPAddress {
  /// The address with nothing but its first bits: that of the network it is in.
  public func masked(to prefixLength: UInt8) -> IPAddress {
    switch family {
    case .ipv4: IPAddress(ipv4: ipv4Bits & mask(UInt32.self, Int(prefixLength)))
    case .ipv6:
      IPAddress(
        ipv6High: high & mask(UInt64.self, Int(prefixLength)), low: low & mask(UInt64.self, Int(prefixLength) - 64))
    }
  }

  /// A mask with so many leading ones; none for a negative number.
  private func mask<Bits: FixedWidthInteger>(_: Bits.Type, _ ones: Int) -> Bits {
    ones <= 0 ? 0 : ones >= Bits.bitWidth ? .max : .max << (Bits.bitWidth - ones)
  }
}
