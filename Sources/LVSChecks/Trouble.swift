import Glibc
import LVSSystem

/// Why a question could not be asked, which is not for the server to mend.
typealias Trouble = SystemError

extension Trouble {
  /// Whether an errno is about what this machine has, and not about whom it asks.
  static func isOwn(_ number: Int32) -> Bool {
    [EMFILE, ENFILE, ENOMEM, ENOBUFS, ENOSPC, EADDRNOTAVAIL, EAFNOSUPPORT, EAGAIN, ENETDOWN, EPERM, EACCES].contains(
      number)
  }
}
