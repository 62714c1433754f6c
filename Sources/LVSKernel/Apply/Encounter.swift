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
    switch (self, action) {
    case (.address, .update), (.syncDaemon, .update): errno == EEXIST || absence.contains(errno)
    // A real server comes into a service, which has gone where the kernel says ESRCH (ip_vs_genl_set_cmd).
    case (.realServer, .create): errno == EEXIST || errno == ESRCH
    case (.service, .create), (.address, .create), (.route, .create), (.syncDaemon, .create): errno == EEXIST
    case (_, .update): absence.contains(errno)
    default: false
    }
  }

  /// What the kernel says where the thing is not there.
  private var absence: [Int32] {
    switch self {
    case .service: [ESRCH]
    // ESRCH where the service is not there either.
    case .realServer: [ENOENT, ESRCH]
    // Without its interface an address is nowhere (inet_rtm_deladdr, inet6_addr_del), and so is a route.
    case .address: [EADDRNOTAVAIL, ENODEV, ENXIO]
    case .route: [ESRCH, ENODEV]
    case .syncDaemon: [ESRCH]
    case .module, .sysctl, .link, .timeouts: []
    }
  }

  /// The step without what was there before it: two steps with one goal do the same.
  package var goal: Change {
    switch self {
    case .module(let name, let difference): .module(name, difference.goal)
    case .sysctl(let name, let difference): .sysctl(name, difference.goal)
    case .link(let name, let difference): .link(name, difference.goal)
    case .address(let id, let difference): .address(id, difference.goal)
    case .route(let id, let difference): .route(id, difference.goal)
    case .service(let id, let difference): .service(id, difference.goal)
    case .realServer(let service, let id, let difference): .realServer(service, id, difference.goal)
    case .timeouts(let difference): .timeouts(difference.goal)
    case .syncDaemon(let role, let difference): .syncDaemon(role, difference.goal)
    }
  }
}

extension Difference {
  /// What it leads to.
  fileprivate var goal: Difference { Difference(before: nil, after: after) }
}

extension StepFailure {
  /// Whether the step was refused because another program changed the same thing meanwhile.
  package var isOutdated: Bool { change.isOutdated(by: errno) }
}
