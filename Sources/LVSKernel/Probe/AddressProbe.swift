import CNetlink
import Glibc
import LVSModel

/// The question who holds an address, asked as by a machine that has none yet, so that nobody's cache changes: an ARP
/// probe (RFC 5227, section 2.1.1) or the neighbour solicitation of duplicate address detection (RFC 4862, section 5.4.2).
public struct AddressProbe: Hashable, Sendable {
  /// The address.
  public var address: IPAddress
  /// The interface that it would be put on.
  public var link: LinkRecord

  /// Creates a question.
  public init(for address: IPAddress, on link: LinkRecord) {
    self.address = address
    self.link = link
  }

  /// The hardware address to which the question goes.
  var destination: [UInt8] {
    switch address.family {
    case .ipv4: [UInt8](repeating: 0xff, count: 6)
    // RFC 2464, section 7: the last four bytes of the multicast address.
    case .ipv6: [0x33, 0x33, 0xff] + address.networkBytes.suffix(3)
    }
  }

  /// The packet from its network header on.
  var packet: [UInt8] { address.family == .ipv4 ? arpProbe : neighbourSolicitation }

  private var arpProbe: [UInt8] {
    [0x00, 0x01, 0x08, 0x00, 6, 4, 0, UInt8(ARPOP_REQUEST)]  // Ethernet, IPv4, the lengths of their addresses
      + link.hardwareAddress + [0, 0, 0, 0]
      + [0, 0, 0, 0, 0, 0] + address.networkBytes
  }

  private var neighbourSolicitation: [UInt8] {
    let unspecified = [UInt8](repeating: 0, count: 16)
    // ff02::1:ffXX:XXXX (RFC 4291, section 2.7.1). An answer comes from whoever holds the address on the link asked.
    let solicitedNode =
      [0xff, 0x02] + [UInt8](repeating: 0, count: 9) + [0x01, 0xff] + address.networkBytes.suffix(3)
    // Without the option that names the asker: from :: it must not be there (RFC 4861, section 4.3).
    var message: [UInt8] = [135, 0, 0, 0, 0, 0, 0, 0] + address.networkBytes
    let length = UInt8(message.count)
    let pseudoHeader = unspecified + solicitedNode + [0, 0, 0, length, 0, 0, 0, UInt8(IPPROTO_ICMPV6)]
    let checksum = internetChecksum(pseudoHeader + message)
    message[2] = UInt8(checksum >> 8)
    message[3] = UInt8(checksum & 0xff)
    return [0x60, 0, 0, 0, 0, length, UInt8(IPPROTO_ICMPV6), 255] + unspecified + solicitedNode + message
  }
}

/// RFC 1071, of an even number of bytes.
private func internetChecksum(_ bytes: [UInt8]) -> UInt16 {
  var sum: UInt32 = 0
  for index in stride(from: 0, to: bytes.count - 1, by: 2) {
    sum += UInt32(bytes[index]) << 8 | UInt32(bytes[index + 1])
  }
  while sum > 0xffff { sum = (sum & 0xffff) + (sum >> 16) }
  return ~UInt16(sum)
}
