import CNetlink
import Glibc
import LVSSystem

/// A netlink socket of libnl, read with recvmmsg(2) into buffers that are allocated once.
///
/// libnl's own nl_recv(3) peeks for the size and allocates for each datagram, and its parser folds most errnos into one.
public final class NetlinkSocket: NetlinkTransport {
  /// The kernel fills dump buffers up to 32 KiB (SKB_WITH_OVERHEAD(32768) in netlink_dump) when a reader offers as much.
  private static let slotSize = 32 * 1024
  /// A short dump arrives as its data and its end, two datagrams: both in one system call, with room for some more.
  private static let slotCount = 4
  /// Wanted socket buffers in bytes; the kernel doubles the number for its own overhead.
  public static let wantedBuffer: CInt = 4 << 20

  private let socket: OpaquePointer
  private let descriptor: CInt
  private let slots = DatagramBuffers(count: NetlinkSocket.slotCount, size: NetlinkSocket.slotSize)

  public let port: UInt32
  public let receiveCapacity: Int
  public let sendCapacity: Int

  /// Opens a socket for a netlink protocol: NETLINK_ROUTE or NETLINK_GENERIC.
  public init(protocol family: CInt, buffer: CInt = NetlinkSocket.wantedBuffer) throws(TransportError) {
    guard let socket = nl_socket_alloc() else { throw TransportError(errno: ENOMEM) }
    errno = 0
    guard nl_connect(socket, family) == 0 else {
      // libnl has its own numbers and leaves errno as the system call set it.
      let code = errno
      nl_socket_free(socket)
      throw TransportError(errno: code == 0 ? EPROTONOSUPPORT : code)
    }
    self.socket = socket
    descriptor = nl_socket_get_fd(socket)
    port = nl_socket_get_local_port(socket)
    Self.configure(descriptor, buffer)
    receiveCapacity = Self.option(descriptor, SO_RCVBUF)
    // netlink_sendmsg refuses what is longer than the send buffer less 32 bytes.
    sendCapacity = max(0, Self.option(descriptor, SO_SNDBUF) - 32)
  }

  deinit { nl_socket_free(socket) }

  private static func configure(_ descriptor: CInt, _ buffer: CInt) {
    // Each of these makes errors clearer or batches larger; a kernel without one of them still answers.
    set(descriptor, SOL_NETLINK, NETLINK_EXT_ACK, 1)
    set(descriptor, SOL_NETLINK, NETLINK_CAP_ACK, 1)
    set(descriptor, SOL_NETLINK, NETLINK_GET_STRICT_CHK, 1)
    if !set(descriptor, SOL_SOCKET, SO_RCVBUFFORCE, buffer) {
      set(descriptor, SOL_SOCKET, SO_RCVBUF, buffer)
    }
    if !set(descriptor, SOL_SOCKET, SO_SNDBUFFORCE, buffer) {
      set(descriptor, SOL_SOCKET, SO_SNDBUF, buffer)
    }
    // The kernel answers within send(2), so an answer that is still missing after seconds never comes.
    var limit = timeval(tv_sec: 10, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
  }

  @discardableResult
  private static func set(_ descriptor: CInt, _ level: CInt, _ name: CInt, _ value: CInt) -> Bool {
    var value = value
    return setsockopt(descriptor, level, name, &value, socklen_t(MemoryLayout<CInt>.size)) == 0
  }

  private static func option(_ descriptor: CInt, _ name: CInt) -> Int {
    var value: CInt = 0
    var length = socklen_t(MemoryLayout<CInt>.size)
    guard getsockopt(descriptor, SOL_SOCKET, name, &value, &length) == 0 else { return 0 }
    return Int(value)
  }

  public func send(_ bytes: RawSpan) throws(TransportError) {
    let code = bytes.withUnsafeBytes { sendDatagram($0, on: descriptor) }
    if code != 0 { throw TransportError(errno: code) }
  }

  public func receive(_ body: (RawSpan) -> Void) throws(TransportError) {
    let (count, refusal) = slots.receive(on: descriptor)
    guard count > 0 else { throw TransportError(errno: refusal == EAGAIN ? ETIMEDOUT : refusal) }
    for slot in 0..<count {
      guard let bytes = slots[slot] else { throw TransportError(errno: EMSGSIZE) }
      body(bytes.bytes)
    }
  }
}
