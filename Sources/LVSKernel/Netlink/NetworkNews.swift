import CNetlink
import Glibc
import LVSSystem

/// What the kernel tells of its own accord: that links, addresses or routes have changed (rtnetlink(7), multicast groups).
///
/// It is told that something changed, and not believed what: whoever hears of it looks again. IPVS tells nothing.
public final class NetworkNews {
  /// Readable once there is news, for poll(2).
  public let descriptor: Int32
  private let socket: OpaquePointer

  /// Enough for the news of some thousand routes at a time; more is an overrun, which is news, too.
  private static let buffer: Int32 = 1 << 20

  private static let groups = [
    RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR, RTNLGRP_IPV4_ROUTE, RTNLGRP_IPV6_ROUTE,
  ]

  /// Listens from now on, in the network namespace of this thread.
  public init() throws(SystemError) {
    guard let socket = nl_socket_alloc() else { throw SystemError(errno: ENOMEM, subject: "a netlink socket") }
    errno = 0
    guard nl_connect(socket, NETLINK_ROUTE) == 0 else {
      let number = errno
      nl_socket_free(socket)
      throw SystemError(errno: number == 0 ? EPROTONOSUPPORT : number, subject: "a netlink socket")
    }
    self.socket = socket
    descriptor = nl_socket_get_fd(socket)
    for group in Self.groups {
      var number = Int32(group.rawValue)
      guard
        setsockopt(descriptor, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &number, socklen_t(MemoryLayout<Int32>.size)) == 0
      else {
        throw SystemError(errno: errno, subject: "the news of the network (rtnetlink)")
      }
    }
    var size = Self.buffer
    setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
    _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
  }

  deinit { nl_socket_free(socket) }

  /// Takes all news there is; whether there was any. Where some was lost (ENOBUFS) there was.
  public func take() -> Bool {
    var isNews = false
    while true {
      // What it says does not matter.
      let refusal = discardDatagram(on: descriptor)
      guard refusal == 0 || refusal == ENOBUFS else { return isNews }
      isNews = true
    }
  }
}
