import CNetlink
import Glibc
import LVSKernel
import LVSSystem

/// How an apply that wants to be confirmed hears of it: a unix socket beside the lock, which only root can open.
public final class Confirmation {
  /// How a wait ended.
  public enum Ending: Sendable, Equatable {
    /// Somebody confirmed.
    case confirmed
    /// Nobody did in time.
    case expired
    /// It was asked to stop.
    case interrupted
  }

  /// The word that a confirmed apply answers with.
  private static let answer = Array("kept\n".utf8)
  private static func name(_ number: UInt64) -> String { "\(number).confirm" }

  private let descriptor: Int32
  private let path: String
  private let lock: NamespaceLock

  /// Makes the socket; throws where the system refuses it. Nobody is heard before the wait.
  ///
  /// Who holds the lock is the only one that can have a socket there: what is found is that of a process that was killed.
  public init(under lock: NamespaceLock) throws(SystemError) {
    self.lock = lock
    let name = Self.name(lock.number)
    path = lock.folder.path(of: name)
    if unlinkat(lock.folder.descriptor, name, 0) != 0 && errno != ENOENT {
      throw SystemError(errno: errno, subject: path)
    }
    descriptor = try UnixSocket.open()
    let code = UnixSocket.bind(descriptor, name, in: lock.folder)
    if code != 0 {
      close(descriptor)
      throw SystemError(errno: code, subject: path)
    }
  }

  deinit {
    unlinkat(lock.folder.descriptor, Self.name(lock.number), 0)
    close(descriptor)
  }

  /// Waits at most `seconds` for a confirmation by root or by the user of this process, until `shouldStop` says so, which
  /// is asked at once when one of the held `signals` comes, and without any now and then.
  public func wait(
    atMost seconds: Double, shouldStop: () -> Bool, signals: HeldSignals?
  ) throws(SystemError) -> Ending {
    let deadline = Deadline(after: seconds)
    // Only now, so that nobody confirms what is still to be done.
    let code = UnixSocket.listen(descriptor)
    if code != 0 { throw SystemError(errno: code, subject: path) }
    lock.tellWaitForConfirmation()
    var events = Events(held: signals, sockets: [descriptor])
    while true {
      let event = events.next(until: signals == nil ? Deadline(at: min(deadline.time, Monotonic.now + 0.25)) : deadline)
      if deadline.isOver { return .expired }
      if case .signal = event { return .interrupted }
      if shouldStop() { return .interrupted }
      guard event != .time, let peer = StreamSocket.accept(descriptor) else { continue }
      defer { close(peer) }
      guard let user = UnixSocket.peer(of: peer)?.uid, user == 0 || user == geteuid() else { continue }
      StreamSocket.send(Self.answer, to: peer)
      return .confirmed
    }
  }

  /// What became of a confirmation.
  public enum Reception: Sendable {
    /// The changes are kept.
    case accepted
    /// No apply waits in this network namespace.
    case nobodyWaits
    /// The apply that waits, or waited before it was killed, does not listen to this user.
    case refused
  }

  /// Confirms the apply that waits in this network namespace.
  public static func confirm() throws(SystemError) -> Reception {
    let name = name(try NetworkNamespace.number())
    guard let folder = try StateDirectory.open(StateDirectory.running) else { return .nobodyWaits }
    let descriptor = try UnixSocket.open()
    defer { close(descriptor) }
    switch UnixSocket.connect(descriptor, name, in: folder) {
    case 0: break
    case ENOENT, ECONNREFUSED: return .nobodyWaits
    case EACCES: return .refused
    case let code: throw SystemError(errno: code, subject: folder.path(of: name))
    }
    guard let user = UnixSocket.peer(of: descriptor)?.uid, user == 0 || user == geteuid() else { return .nobodyWaits }
    // A wait that ends with this connection still unanswered resets it; closed it is by a wait that goes on.
    guard let answer = UnixSocket.receive(Self.answer.count, from: descriptor) else { return .nobodyWaits }
    return answer == Self.answer ? .accepted : .refused
  }
}
