import CNetlink
import Glibc
import LVSModel

/// The news that an address is here now, for the neighbours' caches: gratuitous ARP (RFC 5227, section 3) or an
/// unsolicited neighbour advertisement (RFC 4861, section 7.2.6).
public struct Announcement: Hashable, Sendable {
  /// The address.
  public var address: IPAddress
  /// The interface that holds it.
  public var link: LinkRecord

  /// Creates an announcement.
  public init(of address: IPAddress, on link: LinkRecord) {
    self.address = address
    self.link = link
  }

  /// Whether the interface has neighbours with caches.
  public var isHeard: Bool { link.resolvesAddresses }

  /// An Ethernet frame to everybody: sender and target are both the address.
  func gratuitousARP(_ operation: UInt16) -> [UInt8] {
    let everybody = [UInt8](repeating: 0xff, count: 6)
    let own = link.hardwareAddress
    var frame = everybody + own
    frame += [0x08, 0x06]  // ETH_P_ARP
    frame += [0x00, 0x01, 0x08, 0x00, 6, 4]  // Ethernet, IPv4, and the lengths of their addresses
    frame += [UInt8(operation >> 8), UInt8(operation & 0xff)]
    frame += own + address.networkBytes
    frame += (operation == UInt16(ARPOP_REQUEST) ? [UInt8](repeating: 0, count: 6) : everybody) + address.networkBytes
    return frame
  }

  /// An ICMPv6 message whose checksum the kernel fills in: override, not solicited, with the link-layer address.
  func neighbourAdvertisement(isRouter: Bool) -> [UInt8] {
    let override: UInt8 = 0x20
    let router: UInt8 = isRouter ? 0x80 : 0
    // Type 136, code, checksum, flags; the target; option 2, of one unit of eight bytes.
    return [136, 0, 0, 0, router | override, 0, 0, 0] + address.networkBytes + [2, 1] + link.hardwareAddress
  }

  var subject: String { "announce \(address) on \(link.name)" }
}

extension LinkRecord {
  /// Whether machines behind it ask for the hardware address of an address: an Ethernet that resolves addresses.
  public var resolvesAddresses: Bool {
    let silent = UInt32(IFF_NOARP.rawValue) | UInt32(IFF_LOOPBACK.rawValue)
    return hardwareType == UInt16(ARPHRD_ETHER) && hardwareAddress.count == 6 && flags & silent == 0
  }
}
