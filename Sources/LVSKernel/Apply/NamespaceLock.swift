import CNetlink
import Glibc

/// The lock that lets one lvsctl at a time change a network namespace.
///
/// It is a listening unix socket with an abstract name: the kernel keeps those apart by network namespace (unix(7)) and
/// takes the name back when the process ends, however it ends.
public final class NamespaceLock {
  /// The lock is held by another process.
  public struct Held: Error, Equatable, Sendable {
    /// The process that holds it, or nil where the kernel does not tell.
    public var pid: Int32?
  }

  /// Why the lock cannot even be tried.
  public struct Unavailable: Error, Equatable, Sendable {
    /// The errno of the system call.
    public var errno: Int32
  }

  private let descriptor: Int32

  private init(descriptor: Int32) { self.descriptor = descriptor }

  deinit { close(descriptor) }

  /// Takes the lock, waiting at most `seconds` for another holder to end.
  ///
  /// Throws ``Held`` when the time is up, ``Unavailable`` when the system refuses a socket.
  public static func acquire(waiting seconds: Double) throws -> NamespaceLock {
    let deadline = Monotonic.now + max(0, seconds)
    while true {
      if let lock = try attempt() { return lock }
      let rest = deadline - Monotonic.now
      let holder = try Holder()
      if rest <= 0 { throw Held(pid: holder?.pid) }
      if let holder {
        holder.waitForEnd(atMost: rest)
      } else {
        // The holder has its name and does not listen yet, or has just ended: there is nothing to wait on.
        poll(nil, 0, 1)
      }
    }
  }

  private static func attempt() throws -> NamespaceLock? {
    let descriptor = try UnixSocket.open()
    if UnixSocket.bind(descriptor) && listen(descriptor, 64) == 0 { return NamespaceLock(descriptor: descriptor) }
    let code = errno
    close(descriptor)
    guard code == EADDRINUSE else { throw Unavailable(errno: code) }
    return nil
  }

  /// A connection to whoever holds the lock: it is never accepted, and breaks when the holder ends.
  private final class Holder {
    let descriptor: Int32
    let pid: Int32?

    init?() throws {
      descriptor = try UnixSocket.open()
      guard UnixSocket.connect(descriptor) else {
        close(descriptor)
        return nil
      }
      // struct ucred of unix(7): process, user and group, 32 bits each.
      var credentials: (pid: Int32, uid: UInt32, gid: UInt32) = (0, 0, 0)
      var length = socklen_t(MemoryLayout.size(ofValue: credentials))
      let isKnown = getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &length) == 0
      pid = isKnown && credentials.pid > 0 ? credentials.pid : nil
    }

    deinit { close(descriptor) }

    func waitForEnd(atMost seconds: Double) {
      var event = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      poll(&event, 1, Int32(min(seconds * 1000, 86_400_000).rounded(.up)))
    }
  }
}

/// The socket calls of the lock, which share one abstract name.
private enum UnixSocket {
  static func open() throws -> Int32 {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    if descriptor < 0 { throw NamespaceLock.Unavailable(errno: errno) }
    return descriptor
  }

  static func bind(_ descriptor: Int32) -> Bool { withAddress { Glibc.bind(descriptor, $0, $1) } == 0 }

  static func connect(_ descriptor: Int32) -> Bool {
    // A full queue of waiters must not block this one: it tries again.
    _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    return withAddress { Glibc.connect(descriptor, $0, $1) } == 0
  }

  private static func withAddress(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let name = Array("\0lvsctl.lock".utf8)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
    let length = socklen_t(MemoryLayout<sa_family_t>.size + name.count)
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
