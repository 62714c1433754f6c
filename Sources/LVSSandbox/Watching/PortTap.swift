import CSystem
import Glibc
import LVSSystem

/// A packet(7) socket on all ports of a network's switches. Nobody needs to wait on it: what it has room for stays there
/// until it is taken.
final class PortTap {
  /// A frame that went through a port.
  struct Frame {
    /// The machine whose cable is in the port.
    let machine: String
    /// Whether it goes to that machine; otherwise it comes from there.
    let isForMachine: Bool
    /// When, since the epoch.
    let time: timespec
    /// How long it was.
    let length: Int
    /// Its beginning, from the Ethernet header on, to be used at once.
    let bytes: UnsafeRawBufferPointer
  }

  /// The frames that came when there was no room for them.
  private(set) var lost = 0
  private let descriptor: Int32
  /// The machines by the indices of the ports.
  private let machines: [Int32: String]
  private let buffer: UnsafeMutableRawBufferPointer
  private let control = UnsafeMutableRawBufferPointer.allocate(byteCount: 64, alignment: 8)

  /// Bytes that frames may take until they are taken.
  private static let room: Int32 = 32 << 20

  /// Begins to collect what `filter`, a classic BPF program, lets in, in both directions or from the machines alone; at most
  /// `longest` bytes of a frame.
  init(
    _ network: Network, filter: [sock_filter] = [], fromMachinesOnly: Bool = false, longest: Int
  ) throws {
    let (descriptor, machines) = try inNamespace(network.switches) {
      // No frame comes before the socket is bound to a protocol.
      let type = Int32(SOCK_RAW.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
      let descriptor = socket(AF_PACKET, type, 0)
      if descriptor < 0 { throw SystemError(errno: errno, subject: Self.subject) }
      var machines: [Int32: String] = [:]
      for (machine, ports) in network.ports {
        for port in ports { machines[Int32(bitPattern: if_nametoindex(port))] = machine }
      }
      return (descriptor, machines)
    }
    self.descriptor = descriptor
    self.machines = machines
    buffer = .allocate(byteCount: longest, alignment: 8)
    let refusal = Self.begin(descriptor, filter, fromMachinesOnly)
    // The socket is closed with this object.
    if refusal != 0 { throw SystemError(errno: refusal, subject: Self.subject) }
  }

  deinit {
    close(descriptor)
    buffer.deallocate()
    control.deallocate()
  }

  private static let subject = "watching the switches"

  /// Sets up the socket and binds it to all protocols on all interfaces; 0, or an errno.
  private static func begin(_ descriptor: Int32, _ filter: [sock_filter], _ fromMachinesOnly: Bool) -> Int32 {
    if setOption(descriptor, SOL_SOCKET, SO_RCVBUFFORCE, room) != 0 {
      setOption(descriptor, SOL_SOCKET, SO_RCVBUF, room)
    }
    var refusal = setOption(descriptor, SOL_SOCKET, timestamps, 1)
    if refusal == 0 && fromMachinesOnly { refusal = setOption(descriptor, SOL_PACKET, PACKET_IGNORE_OUTGOING, 1) }
    if refusal != 0 { return refusal }
    if !filter.isEmpty {
      var instructions = filter
      let isAttached = instructions.withUnsafeMutableBufferPointer { instructions in
        var program = sock_fprog(len: UInt16(instructions.count), filter: instructions.baseAddress)
        return setsockopt(
          descriptor, SOL_SOCKET, SO_ATTACH_FILTER, &program, socklen_t(MemoryLayout<sock_fprog>.size)) == 0
      }
      if !isAttached { return errno }
    }
    var everywhere = sockaddr_ll()
    everywhere.sll_family = UInt16(AF_PACKET)
    everywhere.sll_protocol = UInt16(ETH_P_ALL).bigEndian
    return withUnsafeBytes(of: everywhere) { bytes in
      guard let name = bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self) else { return EFAULT }
      return bind(descriptor, name, socklen_t(bytes.count)) == 0 ? 0 : errno
    }
  }

  /// SO_TIMESTAMPNS of asm-generic/socket.h, which depends on the size of a time there.
  private static let timestamps: Int32 = 35

  /// Takes the frames that have come. What goes through a switch itself, and no port, is nobody's.
  func forEachFrame(_ body: (Frame) -> Void) {
    while let (name, length, time) = receive() {
      if let machine = machines[name.sll_ifindex] {
        let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<min(length, buffer.count)])
        let isForMachine = name.sll_pkttype == UInt8(PACKET_OUTGOING)
        body(Frame(machine: machine, isForMachine: isForMachine, time: time, length: length, bytes: bytes))
      }
    }
    // Reading sets the counters back (packet(7), PACKET_STATISTICS).
    var statistics = tpacket_stats()
    var size = socklen_t(MemoryLayout<tpacket_stats>.size)
    if getsockopt(descriptor, SOL_PACKET, PACKET_STATISTICS, &statistics, &size) == 0 {
      lost += Int(statistics.tp_drops)
    }
  }

  /// The next frame, and how long it was; nil where none is there.
  private func receive() -> (name: sockaddr_ll, length: Int, time: timespec)? {
    var name = sockaddr_ll()
    var part = iovec(iov_base: buffer.baseAddress, iov_len: buffer.count)
    return withUnsafeMutableBytes(of: &name) { nameBytes in
      withUnsafeMutablePointer(to: &part) { part in
        var header = msghdr()
        header.msg_name = nameBytes.baseAddress
        header.msg_namelen = socklen_t(nameBytes.count)
        header.msg_iov = part
        header.msg_iovlen = 1
        header.msg_control = control.baseAddress
        header.msg_controllen = control.count
        while true {
          // MSG_TRUNC has the whole length told.
          let length = receiveMessage(on: descriptor, &header, flags: Int32(MSG_TRUNC))
          // An interface that goes down tells every packet socket so.
          if length < 0 && errno == ENETDOWN { continue }
          if length < 0 { return nil }
          return (nameBytes.load(as: sockaddr_ll.self), length, time(of: header))
        }
      }
    }
  }

  /// The time in the one control message (cmsg(3)) that comes along; now, where none does.
  private func time(of header: msghdr) -> timespec {
    let head = MemoryLayout<cmsghdr>.size
    if Int(header.msg_controllen) >= head + MemoryLayout<timespec>.size {
      return control.loadUnaligned(fromByteOffset: head, as: timespec.self)
    }
    return WallClock.now
  }
}
