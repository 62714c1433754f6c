import Glibc

/// A UDP socket of a machine: it stays in the namespace where it was made, so a test needs no process to be a server.
package final class Datagrams {
  private let socket: Int32

  /// A socket at an IPv4 address and port of the machine; port 0 is any free one.
  package init(at namespace: Namespace, address: String, port: Int = 0) throws {
    let bound = Self.name(address, port)
    socket = try inNamespace(namespace.name) {
      let socket = Glibc.socket(AF_INET, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
      let status = withUnsafePointer(to: bound) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          bind(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
      }
      guard status == 0 else { throw FileFailure("UDP socket at \(address):\(port)") }
      return socket
    }
  }

  deinit { close(socket) }

  package func send(_ text: String, to address: String, port: Int) throws {
    try send(text, to: Self.name(address, port))
  }

  /// Answers every datagram that has come with `reply` and its text.
  ///
  /// Returns the texts.
  package func answer(_ reply: String) throws -> [String] {
    var texts: [String] = []
    while let (text, sender) = receive() {
      try send(reply + " " + text, to: sender)
      texts.append(text)
    }
    return texts
  }

  /// The datagrams that have come.
  package func received() -> [String] {
    var texts: [String] = []
    while let (text, _) = receive() { texts.append(text) }
    return texts
  }

  private func receive() -> (text: String, sender: sockaddr_in)? {
    var buffer = [UInt8](repeating: 0, count: 2048)
    var sender = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let count = withUnsafeMutablePointer(to: &sender) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        recvfrom(socket, &buffer, buffer.count, Int32(MSG_DONTWAIT), $0, &length)
      }
    }
    return count < 0 ? nil : (String(decoding: buffer.prefix(count), as: UTF8.self), sender)
  }

  private func send(_ text: String, to address: sockaddr_in) throws {
    let bytes = Array(text.utf8)
    let sent = withUnsafePointer(to: address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        sendto(socket, bytes, bytes.count, 0, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard sent == bytes.count else { throw FileFailure("UDP datagram") }
  }

  private static func name(_ address: String, _ port: Int) -> sockaddr_in {
    var name = sockaddr_in()
    name.sin_family = sa_family_t(AF_INET)
    name.sin_port = UInt16(port).bigEndian
    inet_pton(AF_INET, address, &name.sin_addr)
    return name
  }
}
