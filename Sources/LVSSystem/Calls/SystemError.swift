import Glibc
import LVSText

/// A system call or a program outside netlink that failed.
public struct SystemError: Error, Hashable, Sendable, MessageConvertible {
  /// The errno, positive; nil where a program failed and left only words.
  public var errno: Int32?
  /// What it was about: a path, a module, an interface.
  public var subject: String
  /// What a program said, where it said something.
  public var details: String?

  /// Creates an error.
  public init(errno: Int32?, subject: String, details: String? = nil) {
    self.errno = errno
    self.subject = subject
    self.details = details
  }

  /// `/proc/sys/net/ipv4/ip_forward: Permission denied (errno 13)`.
  public var message: Message {
    let parts: [Message?] = [
      "\(subject)", errno.map { "\(String(cString: strerror($0))) (errno \($0))" }, details.map { "\($0)" },
    ]
    return parts.compactMap(\.self).joined(separator: ": ")
  }
}
