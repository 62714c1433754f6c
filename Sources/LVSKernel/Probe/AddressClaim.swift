import CNetlink
import Glibc
import LVSModel

/// What a machine says of itself: that it holds an address.
public struct AddressClaim: Hashable, Sendable {
  /// The address.
  public var address: IPAddress
  /// The hardware address, six bytes.
  public var hardwareAddress: [UInt8]

  /// Reads an ARP packet: its sender says so of itself, be it a reply or a request; nil for anything else.
  ///
  /// The probe of another asker has no sender: switches and access points ask like that to see who is there.
  init?(arp bytes: [UInt8]) {
    // Ethernet, IPv4, the lengths of their addresses.
    guard bytes.count >= 28, bytes[0..<6] == [0x00, 0x01, 0x08, 0x00, 6, 4], bytes[6] == 0,
      bytes[7] == UInt8(ARPOP_REQUEST) || bytes[7] == UInt8(ARPOP_REPLY),
      let address = IPAddress(networkBytes: bytes[14..<18])
    else { return nil }
    self.address = address
    hardwareAddress = Array(bytes[8..<14])
  }

  /// Reads an IPv6 packet with a neighbour advertisement, as RFC 4861, section 7.1.2 has it validated but for the
  /// checksum, which a card may leave to be filled in; nil for anything else.
  ///
  /// `sender` is who sent the frame: an advertisement need not repeat it.
  init?(ipv6 bytes: [UInt8], from sender: [UInt8]) {
    let header = 40
    let fixed = 24
    guard bytes.count >= header + fixed, bytes[0] >> 4 == 6, bytes[6] == UInt8(IPPROTO_ICMPV6), bytes[7] == 255,
      bytes[header] == Self.neighbourAdvertisement, bytes[header + 1] == 0,
      let address = IPAddress(networkBytes: bytes[header + 8..<header + fixed])
    else { return nil }
    self.address = address
    hardwareAddress = sender
    let end = min(bytes.count, header + (Int(bytes[4]) << 8 | Int(bytes[5])))
    var option = header + fixed
    while option + 8 <= end {
      // Units of eight bytes; one of none would never end.
      let length = Int(bytes[option + 1]) * 8
      guard length > 0 else { return nil }
      let isTargetLinkLayerAddress = bytes[option] == 2
      if isTargetLinkLayerAddress { hardwareAddress = Array(bytes[option + 2..<option + 8]) }
      option += length
    }
    guard hardwareAddress.count == 6 else { return nil }
  }

  private static let neighbourAdvertisement: UInt8 = 136

  /// A classic BPF program that lets neighbour advertisements from this link in: a director sees much other IPv6.
  static var advertisementFilter: [sock_filter] {
    let loadByte: UInt16 = 0x30  // BPF_LD | BPF_B | BPF_ABS
    let isEqual: UInt16 = 0x15  // BPF_JMP | BPF_JEQ | BPF_K
    let end: UInt16 = 0x06  // BPF_RET | BPF_K
    return [
      sock_filter(code: loadByte, jt: 0, jf: 0, k: 6),
      sock_filter(code: isEqual, jt: 0, jf: 5, k: UInt32(IPPROTO_ICMPV6)),
      sock_filter(code: loadByte, jt: 0, jf: 0, k: 7),
      sock_filter(code: isEqual, jt: 0, jf: 3, k: 255),
      sock_filter(code: loadByte, jt: 0, jf: 0, k: 40),
      sock_filter(code: isEqual, jt: 0, jf: 1, k: UInt32(neighbourAdvertisement)),
      sock_filter(code: end, jt: 0, jf: 0, k: .max),
      sock_filter(code: end, jt: 0, jf: 0, k: 0),
    ]
  }
}
