import CNetlink
import Glibc

/// Unix stream sockets with abstract names, which the kernel keeps apart by network namespace (unix(7)).
enum AbstractSocket {
  static func open() throws(SystemError) -> Int32 {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    if descriptor < 0 { throw SystemError(errno: errno, subject: "a unix socket") }
    return descriptor
  }

  static func bind(_ descriptor: Int32, _ name: String) -> Bool {
    withAddress(name) { Glibc.bind(descriptor, $0, $1) } == 0
  }

  static func connect(_ descriptor: Int32, _ name: String) -> Bool {
    withAddress(name) { Glibc.connect(descriptor, $0, $1) } == 0
  }

  /// The process at the other end (SO_PEERCRED), or nil where the kernel does not tell.
  static func peer(of descriptor: Int32) -> (pid: Int32, uid: UInt32)? {
    // struct ucred of unix(7): process, user and group, 32 bits each.
    var credentials: (pid: Int32, uid: UInt32, gid: UInt32) = (0, 0, 0)
    var length = socklen_t(MemoryLayout.size(ofValue: credentials))
    guard getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &length) == 0 else { return nil }
    return (credentials.pid, credentials.uid)
  }

  private static func withAddress(_ name: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    // The NUL at the start is what makes a name abstract.
    let bytes = [0] + Array(name.utf8)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    let length = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count)
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, length) }
    }
  }
}

/// A clock that no one can set.
enum Monotonic {
  /// Seconds since the machine started, standby included.
  static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_BOOTTIME, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
