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

  /// Confirms the apply that waits in this network namespace; false when none does, or it would not listen to this user.
  public static func confirm() throws(SystemError) -> Bool {
    let descriptor = try AbstractSocket.open()
    defer { close(descriptor) }
    guard AbstractSocket.connect(descriptor, name) else { return false }
    var answer = [UInt8](repeating: 0, count: Self.answer.count)
    var count = 0
    while count < answer.count {
      let received = answer.withUnsafeMutableBytes { buffer in
        recv(descriptor, buffer.baseAddress.map { $0 + count }, buffer.count - count, 0)
      }
      if received < 0 && errno == EINTR { continue }
      if received <= 0 { return false }
      count += received
    }
    return answer == Self.answer
  }
}
