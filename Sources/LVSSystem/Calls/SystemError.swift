import Glibc
import LVSText

/// A system call or a program outside netlink that failed.
package struct SystemError: Error, Hashable, Sendable, MessageConvertible {
  /// The errno, positive; nil where a program failed and left only words.
  package var errno: Int32?
  /// What it was about: a path, a module, an interface.
  package var subject: String
  /// What a program said, where it said something.
  package var details: String?

  /// Creates an error.
  package init(errno: Int32?, subject: String, details: String? = nil) {
    self.errno = errno
    self.subject = subject
    self.details = details
  }

  /// `/proc/sys/net/ipv4/ip_forward: Permission denied (errno 13)`.
  package var message: Message {
    let parts: [Message?] = [
      "\(subject)", errno.map { "\(String(cString: strerror($0))) (errno \($0))" }, details.map { "\($0)" },
    ]
    return parts.compactMap(\.self).joined(separator: ": ")
  }
}
