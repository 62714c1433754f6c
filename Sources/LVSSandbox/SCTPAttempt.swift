import Glibc
import LVSSystem

/// A client that tries to set up an SCTP association, for as long as this is there.
public final class SCTPAttempt {
  private let socket: Int32

  public init(from client: Namespace, to address: String, port: UInt16) throws {
    socket = try inNamespace(client.name) {
      let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
      let socket = Glibc.socket(AF_INET, type, Int32(IPPROTO_SCTP))
      guard socket >= 0 else { throw SystemError(errno: errno, subject: "an SCTP socket") }
      return socket
    }
    let status = SocketName.with(address, port) { connect(socket, $0, $1) }
    guard status == 0 || errno == EINPROGRESS else { throw SystemError(errno: errno, subject: "connect by SCTP") }
  }

  deinit { close(socket) }
}
