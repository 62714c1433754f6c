import CNetlink
import Glibc
import LVSModel

/// The address families as the kernel numbers them.
extension AddressFamily {
  /// AF_INET or AF_INET6.
  var number: UInt16 { UInt16(truncatingIfNeeded: self == .ipv4 ? AF_INET : AF_INET6) }

  /// The family of an AF_* number, or nil for one that IPVS does not forward.
  init?(number: UInt16) {
    switch CInt(number) {
    case AF_INET: self = .ipv4
    case AF_INET6: self = .ipv6
    default: return nil
    }
  }
}

extension RawSpan {
  /// An address from a union nf_inet_addr, whose first 4 or all 16 bytes count.
  func address(_ range: Range<Int>, _ family: AddressFamily) -> IPAddress? {
    switch family {
    case .ipv4: bigEndian(range, as: UInt32.self).map { IPAddress(ipv4: $0) }
    case .ipv6:
      if let high = bigEndian(range, as: UInt64.self),
        let low = bigEndian(range.dropFirst(8), as: UInt64.self)
      {
        IPAddress(ipv6High: high, low: low)
      } else {
        nil
      }
    }
  }
}
