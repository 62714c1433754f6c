import Glibc

/// Takes a datagram with what goes along with it, into what the header names (recvmsg(2)); its length, or below 0 and an
/// errno.
public func receiveMessage(on socket: Int32, _ header: inout msghdr, flags: Int32 = 0) -> Int {
  uninterrupted { recvmsg(socket, &header, flags) }
}

/// Sends a datagram with what goes along with it (sendmsg(2)); its length, or below 0 and an errno.
public func sendMessage(on socket: Int32, _ header: inout msghdr) -> Int {
  uninterrupted { sendmsg(socket, &header, 0) }
}
