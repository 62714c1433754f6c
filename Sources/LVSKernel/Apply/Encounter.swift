import Glibc
import LVSModel

/// What a refusal tells of another program that changes the same things.
extension Change {
  /// Whether `errno` says that what this step would take away is not there: then there is nothing left to do.
  ///
  /// The kernel takes things away on its own too: the routes of a device go with its last address (fib_inetaddr_event).
  func findsNothing(_ errno: Int32) -> Bool { action == .delete && absence.contains(errno) }

  /// Whether `errno` says that the thing is no longer as it was when the step was planned.
  func isOutdated(by errno: Int32) -> Bool {
    switch (subject, action) {
    case (.address, .update), (.syncDaemon, .update): errno == EEXIST || absence.contains(errno)
    // A real server comes into a service, which has gone where the kernel says ESRCH (ip_vs_genl_set_cmd).
    case (.realServer, .create): errno == EEXIST || errno == ESRCH
    case (.service, .create), (.address, .create), (.route, .create), (.syncDaemon, .create): errno == EEXIST
    case (_, .update): absence.contains(errno)
    default: false
    }
  }
}

extension StepRefusal {
  /// Whether the step was refused because another program changed the same thing meanwhile.
  public var isOutdated: Bool { change.isOutdated(by: errno) }
}
