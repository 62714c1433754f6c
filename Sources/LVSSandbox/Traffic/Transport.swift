import Glibc
import LVSSystem

/// A transport protocol of traffic.
public enum Transport: String, Sendable, Hashable, CaseIterable {
  case tcp, udp, sctp

  /// Whether the kernel of a machine has it. SCTP is a module that no socket loads everywhere: to try modprobe(8) before is
  /// the caller's matter.
  public static func isSupported(_ transport: Transport, on machine: Namespace) -> Bool {
    let opened = try? inNamespace(machine.name) { try transport.openSocket(AF_INET) }
    guard let opened else { return false }
    close(opened)
    return true
  }

  /// Whether there are connections, which are set up before anything is said.
  var hasConnections: Bool { self != .udp }

  /// Opens a socket that waits for nothing, in the network namespace that this thread is in: it stays there.
  func openSocket(_ family: Int32) throws(SystemError) -> Int32 {
    let type: Int32
    let number: Int32
    switch self {
    case .tcp: (type, number) = (Int32(SOCK_STREAM.rawValue), Int32(IPPROTO_TCP))
    case .udp: (type, number) = (Int32(SOCK_DGRAM.rawValue), Int32(IPPROTO_UDP))
    // One association a socket, as a connection of TCP (sctp(7), RFC 6458, section 4).
    case .sctp: (type, number) = (Int32(SOCK_STREAM.rawValue), Int32(IPPROTO_SCTP))
    }
    let descriptor = socket(family, type | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue), number)
    if descriptor < 0 { throw SystemError(errno: errno, subject: "a socket of \(rawValue)") }
    return descriptor
  }
}

/// Sets an option of a socket that is a number; 0, or an errno.
@discardableResult
func setOption(_ descriptor: Int32, _ level: Int32, _ option: Int32, _ value: Int32) -> Int32 {
  var value = value
  return setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size)) == 0 ? 0 : errno
}
