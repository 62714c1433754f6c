import Glibc
import LVSSystem

/// The name of a socket over IPv4 or IPv6: an address and a port (ip(7), ipv6(7)).
struct SocketName {
  /// A sockaddr_in or a sockaddr_in6.
  private(set) var storage = sockaddr_storage()
  private let length: socklen_t

  /// The name of an address and a port; `0.0.0.0` and `::` are every address. What is no address is EINVAL.
  init(_ address: String, _ port: UInt16) throws(SystemError) {
    var v4 = sockaddr_in()
    v4.sin_family = sa_family_t(AF_INET)
    v4.sin_port = port.bigEndian
    var v6 = sockaddr_in6()
    v6.sin6_family = sa_family_t(AF_INET6)
    v6.sin6_port = port.bigEndian
    if inet_pton(AF_INET, address, &v4.sin_addr) == 1 {
      length = socklen_t(MemoryLayout<sockaddr_in>.size)
      withUnsafeMutableBytes(of: &storage) { $0.storeBytes(of: v4, as: sockaddr_in.self) }
    } else if inet_pton(AF_INET6, address, &v6.sin6_addr) == 1 {
      length = socklen_t(MemoryLayout<sockaddr_in6>.size)
      withUnsafeMutableBytes(of: &storage) { $0.storeBytes(of: v6, as: sockaddr_in6.self) }
    } else {
      throw SystemError(errno: EINVAL, subject: "the address \(address)")
    }
  }

  /// AF_INET or AF_INET6.
  var family: Int32 { Int32(storage.ss_family) }

  /// Gives it to bind(2) or connect(2).
  func with(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
    withUnsafePointer(to: storage) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, length) }
    }
  }
}
