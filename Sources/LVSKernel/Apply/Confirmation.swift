import CNetlink
import Glibc

/// How an apply that wants to be confirmed hears of it: a listening unix socket with an abstract name, which the kernel
/// keeps apart by network namespace and takes away with the process.
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
  private static let name = "lvsctl.confirm"

  private let descriptor: Int32

  /// Starts to listen; throws where the system refuses a socket.
  public init() throws(SystemError) {
    descriptor = try AbstractSocket.open()
    guard AbstractSocket.bind(descriptor, Self.name), listen(descriptor, 8) == 0 else {
      let code = errno
      close(descriptor)
      throw SystemError(errno: code, subject: "the socket for confirmations")
    }
  }

  deinit { close(descriptor) }

  /// Waits at most `seconds` for a confirmation by root or by the user of this process.
  public func wait(atMost seconds: Double, shouldStop: () -> Bool) -> Ending {
    let deadline = Monotonic.now + seconds
    while true {
      let rest = deadline - Monotonic.now
      if rest <= 0 { return .expired }
      if shouldStop() { return .interrupted }
      var event = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      // A signal that is held back does not end the wait, so it is looked for now and then.
      guard poll(&event, 1, Int32(min(rest * 1000, 250).rounded(.up))) > 0 else { continue }
      let peer = accept(descriptor, nil, nil)
      guard peer >= 0 else { continue }
      defer { close(peer) }
      guard let user = AbstractSocket.peer(of: peer)?.uid, user == 0 || user == geteuid() else { continue }
      send(peer, Self.answer, Self.answer.count, Int32(MSG_NOSIGNAL))
      return .confirmed
    }
  }

  /// Whether an apply in this network namespace waits for a confirmation; says so without giving one.
  public static var isAwaited: Bool {
    // proc_pid_net(5): the namespace's unix sockets, a line each; an abstract name stands last, behind an @.
    let table = (try? contents(of: "/proc/self/net/unix")) ?? []
    let ending = Array(" @\(name)".utf8)
    return table.split(separator: UInt8(ascii: "\n")).contains { $0.suffix(ending.count).elementsEqual(ending) }
  }

  /// What became of a confirmation.
  public enum Reception: Sendable {
    /// The changes are kept.
    case accepted
    /// No apply of root or of this user waits in this network namespace.
    case nobodyWaits
    /// The apply that waits does not listen to this user.
    case refused
  }

  /// Confirms the apply that waits in this network namespace.
  public static func confirm() throws(SystemError) -> Reception {
    let descriptor = try AbstractSocket.open()
    defer { close(descriptor) }
    guard AbstractSocket.connect(descriptor, name), let user = AbstractSocket.peer(of: descriptor)?.uid,
      user == 0 || user == geteuid()
    else { return .nobodyWaits }
    var answer = [UInt8](repeating: 0, count: Self.answer.count)
    var count = 0
    while count < answer.count {
      let received = answer.withUnsafeMutableBytes { buffer in
        recv(descriptor, buffer.baseAddress.map { $0 + count }, buffer.count - count, 0)
      }
      if received < 0 && errno == EINTR { continue }
      // A wait that ends with this connection still unanswered resets it; closed it is by a wait that goes on.
      if received < 0 { return .nobodyWaits }
      if received == 0 { return .refused }
      count += received
    }
    return answer == Self.answer ? .accepted : .refused
  }
}
