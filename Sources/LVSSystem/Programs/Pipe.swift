import CSystem
import Glibc

/// The two ends of a pipe, which are closed where a program starts; whoever made it closes them.
public struct Pipe: Sendable {
  public let reading: Int32
  public let writing: Int32

  /// Makes a pipe, with `nonblocking` one that nobody waits on.
  public init(nonblocking: Bool = false, subject: String) throws(SystemError) {
    var ends: [Int32] = [0, 0]
    guard csystem_pipe2(&ends, O_CLOEXEC | (nonblocking ? O_NONBLOCK : 0)) == 0 else {
      throw SystemError(errno: errno, subject: subject)
    }
    (reading, writing) = (ends[0], ends[1])
  }
}
