import Glibc
import LVSSystem

/// A UDP socket of a machine: it stays in the namespace where it was made, so that no process is needed to be a server.
public final class Datagrams {
  private let socket: Int32

  /// A socket at an address and port of the machine; port 0 is any free one.
  public init(at namespace: Namespace, address: String, port: UInt16 = 0) throws {
    let name = try SocketName(address, port)
    socket = try inNamespace(namespace.name) {
      let socket = try Transport.udp.openSocket(name.family)
      guard name.with({ bind(socket, $0, $1) }) == 0 else {
        let refusal = errno
        close(socket)
        throw SystemError(errno: refusal, subject: "UDP socket at \(address):\(port)")
      }
      return socket
    }
  }

  deinit { close(socket) }

  public func send(_ text: String, to address: String, port: UInt16) throws {
    try send(text, to: SocketName(address, port).storage)
  }

  /// Answers every datagram that has come with `reply` and its text.
  ///
  /// Returns the texts.
  public func answer(_ reply: String) throws -> [String] {
    var texts: [String] = []
    while let (text, sender) = receive() {
      try send(reply + " " + text, to: sender)
      texts.append(text)
    }
    return texts
  }

  /// The datagrams that have come.
  public func received() -> [String] {
    var texts: [String] = []
    while let (text, _) = receive() { texts.append(text) }
    return texts
  }

  private func receive() -> (text: String, sender: sockaddr_storage)? {
    var sender = sockaddr_storage()
    let (bytes, refusal) = receiveDatagram(atMost: 2048, on: socket, from: &sender)
    return refusal == 0 ? (String(decoding: bytes, as: UTF8.self), sender) : nil
  }

  private func send(_ text: String, to address: sockaddr_storage) throws {
    let refusal = sendDatagram(Array(text.utf8), on: socket, to: address)
    if refusal != 0 { throw SystemError(errno: refusal, subject: "UDP datagram") }
  }
}
