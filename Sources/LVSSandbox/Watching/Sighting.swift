import CSystem
import Glibc

/// What a frame that ``FrameFilter`` lets in says.
enum Sighting {
  /// The sender says that it holds an address.
  case claim(Watch.Claim.Kind, address: String, hardwareAddress: String)
  /// The sender answers, or asks over UDP or SCTP: the address and port of either end, in network order.
  case packet(Transport, source: ArraySlice<UInt8>, destination: ArraySlice<UInt8>, ports: ArraySlice<UInt8>)

  private static let ethernet = 14

  /// Reads a frame; nil for one that says neither, or is too short for what it should say.
  init?(_ frame: [UInt8]) {
    guard frame.count >= Self.ethernet + 20 else { return nil }
    let packet = frame[Self.ethernet...]
    switch UInt32(frame[12]) << 8 | UInt32(frame[13]) {
    case UInt32(ETH_P_ARP): self.init(arp: packet)
    case UInt32(ETH_P_IP): self.init(ipv4: packet)
    case UInt32(ETH_P_IPV6): self.init(ipv6: packet, sender: frame[6..<12])
    default: return nil
    }
  }

  /// RFC 826 for Ethernet and IPv4. A question teaches those who hear it where its sender is, and is a claim like an answer;
  /// the probe of somebody who has no address yet is none.
  private init?(arp packet: ArraySlice<UInt8>) {
    let bytes = Array(packet)
    guard bytes.count >= 28, bytes[0..<6] == [0, 1, 8, 0, 6, 4], bytes[6] == 0, [1, 2].contains(bytes[7]) else {
      return nil
    }
    let (hardware, address, target) = (bytes[8..<14], bytes[14..<18], bytes[24..<28])
    if address.allSatisfy({ $0 == 0 }) { return nil }
    let kind: Watch.Claim.Kind =
      address == target ? .arpAnnouncement : bytes[7] == 2 ? .arpReply : .arpQuestion
    self = .claim(kind, address: Self.text(address), hardwareAddress: Self.hardwareText(hardware))
  }

  private init?(ipv4 packet: ArraySlice<UInt8>) {
    let start = packet.startIndex
    let ports = start + Int(packet[start] & 0xf) * 4
    guard let transport = Self.transport(packet[start + 9]), ports + 4 <= packet.endIndex else { return nil }
    self = .packet(
      transport, source: packet[start + 12..<start + 16], destination: packet[start + 16..<start + 20],
      ports: packet[ports..<ports + 4])
  }

  private init?(ipv6 packet: ArraySlice<UInt8>, sender: ArraySlice<UInt8>) {
    let start = packet.startIndex
    let next = start + 40
    guard next + 4 <= packet.endIndex else { return nil }
    if packet[start + 6] == UInt8(IPPROTO_ICMPV6) {
      guard packet[next] == 136, next + 24 <= packet.endIndex else { return nil }
      let link = Self.linkAddress(packet[(next + 24)...]) ?? sender
      self = .claim(
        .neighbourAdvertisement, address: Self.text(packet[next + 8..<next + 24]),
        hardwareAddress: Self.hardwareText(link))
      return
    }
    guard let transport = Self.transport(packet[start + 6]) else { return nil }
    self = .packet(
      transport, source: packet[start + 8..<start + 24], destination: packet[start + 24..<start + 40],
      ports: packet[next..<next + 4])
  }

  private static func transport(_ number: UInt8) -> Transport? {
    switch number {
    case UInt8(IPPROTO_TCP): .tcp
    case UInt8(IPPROTO_UDP): .udp
    case UInt8(IPPROTO_SCTP): .sctp
    default: nil
    }
  }

  /// The option with the target's hardware address (RFC 4861, section 4.6.1), which an advertisement need not have.
  private static func linkAddress(_ options: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    var option = options.startIndex
    while option + 8 <= options.endIndex, options[option + 1] > 0 {
      if options[option] == 2 { return options[option + 2..<option + 8] }
      option += Int(options[option + 1]) * 8
    }
    return nil
  }

  /// An address of 4 or 16 bytes as text.
  static func text(_ address: ArraySlice<UInt8>) -> String {
    var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    inet_ntop(address.count == 4 ? AF_INET : AF_INET6, Array(address), &text, socklen_t(text.count))
    return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// `52:54:00:12:34:56`.
  private static func hardwareText(_ bytes: ArraySlice<UInt8>) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: ":")
  }
}
