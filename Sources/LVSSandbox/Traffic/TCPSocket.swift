import Glibc
import LVSSystem

/// A connection over TCP that is waited on, and speaks in lines. It belongs to the network namespace that its thread was in
/// when it was made, and stays there.
public final class TCPSocket {
  private let descriptor: Int32
  /// What has come behind the last line.
  private var heard: [UInt8] = []

  /// Connects to an address and port, from an address of the machine or from the kernel's choice. What follows ends after
  /// `limit` seconds, times ``Waiting/patience``; so long waits only a connection that has failed.
  public init(to address: String, port: UInt16, from source: String? = nil, limit: Double = 20) throws(SystemError) {
    let target = try SocketName(address, port)
    descriptor = socket(target.family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw SystemError(errno: errno, subject: "a TCP socket") }
    let microseconds = Int(limit * 1_000_000) * Waiting.patience
    var time = timeval(tv_sec: microseconds / 1_000_000, tv_usec: microseconds % 1_000_000)
    for option in [SO_SNDTIMEO, SO_RCVTIMEO] {
      setsockopt(descriptor, SOL_SOCKET, option, &time, socklen_t(MemoryLayout<timeval>.size))
    }
    if let source {
      setOption(descriptor, Int32(IPPROTO_IP), IP_BIND_ADDRESS_NO_PORT, 1)
      guard try SocketName(source, 0).with({ bind(descriptor, $0, $1) }) == 0 else {
        throw SystemError(errno: errno, subject: "connect from \(source)")
      }
    }
    guard target.with({ Glibc.connect(descriptor, $0, $1) }) == 0 else {
      throw SystemError(errno: errno, subject: "connect")
    }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Sends a line to a ``Responder``: the name that it answers with.
  public func ask(_ line: String) throws -> String {
    try send(line: line)
    let answer = try receiveLine()
    guard answer.hasSuffix(" " + line) else { throw CommandFailure(description: "the answer to \(line) was \(answer)") }
    return String(answer.dropLast(line.count + 1))
  }

  /// Sends a line.
  public func send(line: String) throws(SystemError) {
    let refusal = StreamSocket.send(Array((line + "\n").utf8), to: descriptor)
    if refusal != 0 { throw SystemError(errno: refusal, subject: "send") }
  }

  /// Receives a line, without its newline; an end before it is ENODATA.
  public func receiveLine() throws(SystemError) -> String {
    while true {
      if let end = heard.firstIndex(of: UInt8(ascii: "\n")) {
        defer { heard.removeSubrange(...end) }
        return String(decoding: heard[..<end], as: UTF8.self)
      }
      let subject = "receive after \(heard.count) bytes"
      let bytes = try beginning(of: descriptor, named: subject, atMost: 4096)
      if bytes.isEmpty { throw SystemError(errno: ENODATA, subject: subject) }
      heard += bytes
    }
  }
}
