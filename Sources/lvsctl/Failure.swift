import Glibc
import LVSKernel
import LVSPlan
import LVSSystem
import LVSText

/// How a command ends; scripts rely on these numbers (sysexits.h above 1).
enum ExitStatus: Int32 {
  case negative = 1
  case usage = 64
  case invalidFile = 65
  case noFile = 66
  case noIPVS = 69
  case bug = 70
  case refused = 71
  case locked = 75
  case noPrivilege = 77
}

extension SystemError {
  /// Whether it is for want of a privilege.
  var isDenied: Bool { errno == EACCES || errno == EPERM }

  /// How a command ends for it.
  var status: ExitStatus { isDenied ? .noPrivilege : .refused }
}

/// The end of a command: a status, and what is to be said on stderr before it.
struct Failure: Error, MessageConvertible {
  var status: ExitStatus
  var message: Message

  init(_ status: ExitStatus, _ message: Message) {
    self.status = status
    self.message = message
  }
}

extension Failure {
  /// A failure of the kernel or of the system, in words.
  init(describing error: any Error) {
    switch error {
    case let failure as Failure: self = failure
    case let mismatch as NodeMismatch: self.init(.invalidFile, mismatch.message)
    case ObservationError.netlink(let error): self.init(describing: error)
    case ObservationError.system(let error): self.init(describing: error)
    case let error as NetlinkError where error.errno == EPERM:
      self.init(
        .noPrivilege,
        "The kernel does not let this process \(error.request): \(Privileges.cause(of: ["CAP_NET_ADMIN"]))")
    case let error as NetlinkError: self.init(.refused, "The kernel refused to \(error.request): \(error).")
    case let error as SystemError where error.isDenied:
      self.init(.noPrivilege, "\(error). \(Privileges.generalRemedy)")
    case let error as SystemError where error.errno == EROFS && error.subject.hasPrefix("/proc/sys/"):
      self.init(.noPrivilege, "\(error). \(Privileges.readOnlyRemedy)")
    case let error as SystemError: self.init(.refused, "\(error).")
    default: self.init(.bug, "This is a bug in lvsctl; please report it with this line: \(error)")
    }
  }
}
