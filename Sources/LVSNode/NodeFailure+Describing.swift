import Glibc
import LVSKernel
import LVSPlan
import LVSSystem
import LVSText

extension SystemError {
  /// Whether it is for want of a privilege.
  public var isDenied: Bool { errno == EACCES || errno == EPERM }

}

extension NodeFailure {
  /// A failure of the system, told in words of the caller's.
  init(_ error: SystemError, _ message: Message) {
    self.init(error.isDenied ? .noPrivilege : .refused, message, errno: error.errno)
  }

  /// A failure of the kernel or of the system, in words.
  public init(describing error: any Error) {
    switch error {
    case let failure as NodeFailure: self = failure
    case let mismatch as NodeMismatch: self.init(.invalidFile, mismatch.message)
    case ObservationError.netlink(let error): self.init(describing: error)
    case ObservationError.system(let error): self.init(describing: error)
    case let error as NetlinkError where error.errno == EPERM:
      self.init(
        .noPrivilege,
        "The kernel does not let this process \(error.request): \(Privileges.cause(of: ["CAP_NET_ADMIN"]))",
        errno: error.errno)
    case let error as NetlinkError:
      self.init(.refused, "The kernel refused to \(error.request): \(error).", errno: error.errno)
    case let error as SystemError where error.isDenied:
      self.init(error, "\(error). \(Privileges.generalRemedy)")
    case let error as SystemError where error.errno == EROFS && error.subject.hasPrefix("/proc/sys/"):
      self.init(.noPrivilege, "\(error). \(Privileges.readOnlyRemedy)", errno: error.errno)
    case let error as SystemError: self.init(error, "\(error).")
    default: self.init(.bug, "This is a bug in lvsctl; please report it with this line: \(error)")
    }
  }
}
