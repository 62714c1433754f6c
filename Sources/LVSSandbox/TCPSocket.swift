import Glibc

/// A step of a TCP conversation that went wrong.
package struct TCPFailure: Error, CustomStringConvertible {
  package let description: String

  package init(_ step: String) { description = "\(step): \(String(cString: strerror(errno)))" }
}

/// A TCP socket over IPv4. It belongs to the network namespace that its thread was in when it was made, and stays there.
package struct TCPSocket: Sendable {
  package let descriptor: Int32

  /// A socket whose operations end after `limit` seconds, times `patience`; so long waits only a connection that has failed.
  package init(limit: Int = 20) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw TCPFailure("socket") }
    var time = timeval(tv_sec: limit * patience, tv_usec: 0)
    for option in [SO_SNDTIMEO, SO_RCVTIMEO] {
      setsockopt(descriptor, SOL_SOCKET, option, &time, socklen_t(MemoryLayout<timeval>.size))
    }
  }

  package func close() { _ = Glibc.close(descriptor) }

  package func connect(to address: String, port: UInt16) throws {
    guard Self.withAddress(address, port, { Glibc.connect(descriptor, $0, $1) }) == 0 else {
      throw TCPFailure("connect")
    }
  }

  /// Listens on every address of the namespace; an accept without a connection fails at once.
  package func listen(port: UInt16) throws {
    var yes: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    guard Self.withAddress("0.0.0.0", port, { bind(descriptor, $0, $1) }) == 0, Glibc.listen(descriptor, 512) == 0,
      fcntl(descriptor, F_SETFL, O_NONBLOCK) == 0
    else { throw TCPFailure("listen on port \(port)") }
  }

  /// Sends a line.
  package func send(line: String) throws {
    let bytes = Array((line + "\n").utf8)
    guard Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else {
      throw TCPFailure("send")
    }
  }

  /// Receives a line, without its newline.
  package func receiveLine() throws -> String {
    var line: [UInt8] = []
    var byte: UInt8 = 0
    while true {
      errno = 0
      guard recv(descriptor, &byte, 1, 0) == 1 else { throw TCPFailure("receive after \(line.count) bytes") }
      if byte == UInt8(ascii: "\n") { return String(decoding: line, as: UTF8.self) }
      line.append(byte)
    }
  }

  private static func withAddress(
    _ address: String, _ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) -> Int32 {
    var name = sockaddr_in()
    name.sin_family = sa_family_t(AF_INET)
    name.sin_port = port.bigEndian
    inet_pton(AF_INET, address, &name.sin_addr)
    return withUnsafePointer(to: &name) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
    }
  }
}
