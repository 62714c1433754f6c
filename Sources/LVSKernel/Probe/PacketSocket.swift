import CNetlink
import Glibc
import LVSSystem

/// A packet(7) socket for one protocol, on all interfaces; the kernel makes and takes away the Ethernet header.
final class PacketSocket {
  /// A packet as it came in.
  struct Packet {
    /// The index of the interface.
    var interface: UInt32
    /// The hardware address in the frame's header.
    var sender: [UInt8]
    /// From the network header on, at most ``PacketSocket/longest`` bytes of it.
    var bytes: [UInt8]
  }

  /// ARP and neighbour discovery are far shorter; what is longer is not looked at to its end.
  static let longest = 256

  /// To wait on for packets.
  let descriptor: CInt
  private let proto: UInt16

  /// Opens a socket for an ETH_P_* and lets in what `filter`, a classic BPF program, accepts; needs CAP_NET_RAW.
  init(protocol proto: UInt16, filter: [sock_filter] = []) throws(SystemError) {
    self.proto = proto
    let type = CInt(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
    descriptor = socket(AF_PACKET, type, CInt(proto.bigEndian))
    guard descriptor >= 0 else { throw SystemError(errno: errno, subject: Self.subject) }
    if filter.isEmpty { return }
    var program = filter
    let code: CInt = program.withUnsafeMutableBufferPointer { instructions in
      var program = sock_fprog(len: UInt16(instructions.count), filter: instructions.baseAddress)
      let length = socklen_t(MemoryLayout<sock_fprog>.size)
      return setsockopt(descriptor, SOL_SOCKET, SO_ATTACH_FILTER, &program, length) == 0 ? 0 : errno
    }
    if code != 0 { throw SystemError(errno: code, subject: Self.subject) }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  private static let subject = "ask the network segment"

  /// Sends a packet through an interface.
  ///
  /// An interface that is down or has gone, or whose queue is full, swallows it as a network may.
  func send(_ bytes: [UInt8], to hardwareAddress: [UInt8], on link: LinkRecord) throws(SystemError) {
    let code = sendDatagram(bytes, on: descriptor, to: sockaddr_ll(to: hardwareAddress, on: link, protocol: proto))
    switch code {
    case 0, ENETDOWN, ENXIO, ENODEV, ENOBUFS, EAGAIN: return
    default: throw SystemError(errno: code, subject: "\(Self.subject) on \(link.name)")
    }
  }

  /// The next packet that has come for this machine, or nil where there is none.
  func receive() throws(SystemError) -> Packet? {
    while true {
      var from = sockaddr_ll()
      let (bytes, refusal) = receiveDatagram(atMost: Self.longest, on: descriptor, from: &from)
      switch refusal {
      case 0:
        // Frames for other machines come by where the interface is promiscuous, those of unknown VLANs too.
        let forOthers = UInt8(PACKET_OTHERHOST)
        if from.sll_pkttype == forOthers || from.sll_pkttype == UInt8(PACKET_OUTGOING) { continue }
        let sender = withUnsafeBytes(of: from.sll_addr) { Array($0.prefix(Int(from.sll_halen))) }
        return Packet(interface: UInt32(bitPattern: from.sll_ifindex), sender: sender, bytes: bytes)
      // An interface that goes down tells every packet socket so.
      case EAGAIN, ENETDOWN: return nil
      default: throw SystemError(errno: refusal, subject: Self.subject)
      }
    }
  }
}

extension sockaddr_ll {
  /// A hardware address on an interface, for packets of an ETH_P_*.
  init(to hardwareAddress: [UInt8], on link: LinkRecord, protocol proto: UInt16) {
    self.init()
    sll_family = UInt16(AF_PACKET)
    sll_protocol = proto.bigEndian
    sll_ifindex = CInt(bitPattern: link.index)
    sll_halen = 6
    withUnsafeMutableBytes(of: &sll_addr) { $0.copyBytes(from: hardwareAddress.prefix(6)) }
  }
}
