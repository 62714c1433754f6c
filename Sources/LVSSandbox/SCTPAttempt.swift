import Glibc

/// A client that tries to set up an SCTP association, for as long as this is there.
package final class SCTPAttempt {
  private let socket: Int32

  package init(from client: Namespace, to address: String, port: UInt16) throws {
    socket = try inNamespace(client.name) {
      let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
      let socket = Glibc.socket(AF_INET, type, Int32(IPPROTO_SCTP))
      guard socket >= 0 else { throw TCPFailure("an SCTP socket") }
      return socket
    }
    var name = sockaddr_in()
    name.sin_family = sa_family_t(AF_INET)
    name.sin_port = port.bigEndian
    inet_pton(AF_INET, address, &name.sin_addr)
    let status = withUnsafePointer(to: name) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard status == 0 || errno == EINPROGRESS else { throw TCPFailure("connect by SCTP") }
  }

  deinit { close(socket) }
}
