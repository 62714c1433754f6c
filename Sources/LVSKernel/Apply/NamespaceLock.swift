import Glibc

/// The lock that lets one lvsctl at a time change a network namespace.
///
/// It is a listening unix socket with an abstract name, so that it is the namespace's own and ends with its process,
/// however that ends.
public final class NamespaceLock {
  /// The lock is held by another process.
  public struct Held: Error, Equatable, Sendable {
    /// The process that holds it, or nil where the kernel does not tell.
    public var pid: Int32?
  }

  private static let name = "lvsctl.lock"
  private let descriptor: Int32

  private init(descriptor: Int32) { self.descriptor = descriptor }

  deinit { close(descriptor) }

  /// Takes the lock, waiting at most `seconds` for another holder to end.
  ///
  /// Throws ``Held`` when the time is up, ``SystemError`` when the system refuses a socket.
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

  private static func attempt() throws(SystemError) -> NamespaceLock? {
    let descriptor = try AbstractSocket.open()
    if AbstractSocket.bind(descriptor, name) && listen(descriptor, 64) == 0 {
      return NamespaceLock(descriptor: descriptor)
    }
    let code = errno
    close(descriptor)
    guard code == EADDRINUSE else { throw SystemError(errno: code, subject: "the lock's socket") }
    return nil
  }

  /// A connection to whoever holds the lock: it is never accepted, and breaks when the holder ends.
  private final class Holder {
    let descriptor: Int32
    let pid: Int32?

    init?() throws(SystemError) {
      descriptor = try AbstractSocket.open()
      // A full queue of waiters must not block this one: it tries again.
      _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
      guard AbstractSocket.connect(descriptor, NamespaceLock.name) else {
        close(descriptor)
        return nil
      }
      let peer = AbstractSocket.peer(of: descriptor)?.pid ?? 0
      pid = peer > 0 ? peer : nil
    }

    deinit { close(descriptor) }

    func waitForEnd(atMost seconds: Double) {
      var event = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      poll(&event, 1, Int32(min(seconds * 1000, 86_400_000).rounded(.up)))
    }
  }
}
