import Glibc
import LVSSystem

/// A TCP socket over IPv4. It belongs to the network namespace that its thread was in when it was made, and stays there.
public struct TCPSocket: Sendable {
  public let descriptor: Int32

  /// A socket whose operations end after `limit` seconds, times ``Waiting/patience``; so long waits only a connection that
  /// has failed.
  public init(limit: Double = 20) throws(SystemError) {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw SystemError(errno: errno, subject: "a TCP socket") }
    let microseconds = Int(limit * 1_000_000) * Waiting.patience
    var time = timeval(tv_sec: microseconds / 1_000_000, tv_usec: microseconds % 1_000_000)
    for option in [SO_SNDTIMEO, SO_RCVTIMEO] {
      setsockopt(descriptor, SOL_SOCKET, option, &time, socklen_t(MemoryLayout<timeval>.size))
    }
  }

  public func close() { _ = Glibc.close(descriptor) }

  public func connect(to address: String, port: UInt16) throws(SystemError) {
    guard SocketName.with(address, port, { Glibc.connect(descriptor, $0, $1) }) == 0 else {
      throw SystemError(errno: errno, subject: "connect")
    }
  }

  /// Listens on every address of the namespace; an accept without a connection fails at once.
  public func listen(port: UInt16) throws(SystemError) {
    var yes: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    guard SocketName.with("0.0.0.0", port, { bind(descriptor, $0, $1) }) == 0, Glibc.listen(descriptor, 512) == 0,
      fcntl(descriptor, F_SETFL, O_NONBLOCK) == 0
    else { throw SystemError(errno: errno, subject: "listen on port \(port)") }
  }

  /// Sends a line.
  public func send(line: String) throws(SystemError) {
    let refusal = StreamSocket.send(Array((line + "\n").utf8), to: descriptor)
    if refusal != 0 { throw SystemError(errno: refusal, subject: "send") }
  }

  /// Receives a line, without its newline; an end before it is ENODATA.
  public func receiveLine() throws(SystemError) -> String {
    var line: [UInt8] = []
    while true {
      let subject = "receive after \(line.count) bytes"
      let byte = try beginning(of: descriptor, named: subject, atMost: 1)
      if byte.isEmpty { throw SystemError(errno: ENODATA, subject: subject) }
      if byte[0] == UInt8(ascii: "\n") { return String(decoding: line, as: UTF8.self) }
      line += byte
    }
  }
}
