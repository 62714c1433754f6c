/// The errno of a system call on a netlink socket.
public struct TransportError: Error, Hashable, Sendable {
  /// The errno, positive.
  public var errno: Int32

  /// Creates an error.
  public init(errno: Int32) { self.errno = errno }
}

/// The seam between netlink conversations and the socket that carries them.
public protocol NetlinkTransport: AnyObject {
  /// The socket's port id, which the kernel puts into every answer.
  var port: UInt32 { get }
  /// SO_RCVBUF as the kernel accounts it, in bytes of socket buffer memory.
  var receiveCapacity: Int { get }
  /// The largest datagram that can be sent, in bytes.
  var sendCapacity: Int { get }
  /// Sends one datagram to the kernel, which has dealt with every message in it when this returns.
  func send(_ bytes: RawSpan) throws(TransportError)
  /// Waits for a datagram and hands it over, with what else has already arrived.
  func receive(_ body: (RawSpan) -> Void) throws(TransportError)
}
