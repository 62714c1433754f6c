import Glibc
import LVSSystem

/// A client that tries to set up an SCTP association, for as long as this is there.
public final class SCTPAttempt {
  private let socket: Int32

  public init(from client: Namespace, to address: String, port: UInt16) throws {
    let name = try SocketName(address, port)
    socket = try inNamespace(client.name) { try Transport.sctp.openSocket(name.family) }
    let status = name.with { connect(socket, $0, $1) }
    guard status == 0 || errno == EINPROGRESS else { throw SystemError(errno: errno, subject: "connect by SCTP") }
  }

  deinit { close(socket) }
}
