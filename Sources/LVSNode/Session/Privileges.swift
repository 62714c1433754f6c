import Glibc
import LVSKernel
import LVSModel
import LVSPlan
import LVSSystem
import LVSText

/// What a plan needs of this process, looked at before its first step, so that nothing is half done for want of it.
public enum Privileges {
  /// Throws when the process lacks what a step of the plan needs.
  public static func check(for plan: Plan) throws(NodeFailure) {
    let held: Capabilities
    do {
      held = try Capabilities.current()
    } catch {
      throw NodeFailure(describing: error)
    }
    let ownsNetwork = UserNamespace.ownsNetwork
    var missing: [String] = []
    if !(held.hasNetAdmin && ownsNetwork) && plan.changes.contains(where: { $0.family != nil }) {
      missing.append("CAP_NET_ADMIN")
    }
    if !(held.hasNetRaw && ownsNetwork) && plan.changes.contains(where: { $0.announces(plan.announced) }) {
      missing.append("CAP_NET_RAW")
    }
    if !(held.hasSysModule && UserNamespace.isInitial) && plan.changes.contains(where: \.loadsModule) {
      missing.append("CAP_SYS_MODULE")
    }
    if !missing.isEmpty {
      throw NodeFailure(.noPrivilege, "This plan cannot be carried out: \(cause(of: missing)) Nothing was changed.")
    }
    try checkSysctls(plan)
  }

  /// A sysctl that cannot be written would be found out only when other steps are done.
  private static func checkSysctls(_ plan: Plan) throws(NodeFailure) {
    for change in plan.changes {
      guard case .sysctl(let name) = change.subject, let path = Sysctl(name)?.path, access(path, W_OK) != 0 else {
        continue
      }
      let refusal = SystemError(errno: errno, subject: path)
      // One of a module or device that the plan brings is not there yet.
      guard [EROFS, EACCES, EPERM].contains(refusal.errno) else { continue }
      throw NodeFailure(
        .noPrivilege, "The plan sets \(name). \(NodeFailure(describing: refusal).message) Nothing was changed.",
        errno: refusal.errno)
    }
  }

  /// What the process lacks, why that is so, and what to do.
  static func cause(of missing: [String]) -> Message {
    "it lacks \(missing.joined(separator: " and "))\(circumstance). \(remedy)"
  }

  /// What being root does not help against; nothing where the process is not root.
  private static var circumstance: Message {
    guard geteuid() == 0 else { return "" }
    if UserNamespace.isInitial { return ", although it is root (uid 0): a container or a service manager took it away" }
    return UserNamespace.ownsNetwork
      ? " on this machine: it is root in a user namespace alone"
      : " here: it is root in a user namespace alone, and this network belongs to another one"
  }

  /// What to do about a file or a program that is not allowed.
  static var generalRemedy: Message {
    geteuid() == 0 && UserNamespace.isInitial
      ? "This process is root (uid 0) already: a container, a service manager or a security module forbids it." : remedy
  }

  /// What to do for more privilege.
  private static var remedy: Message {
    guard geteuid() == 0 else { return "Run lvsctl as root." }
    if UserNamespace.isInitial {
      return """
        Give it back (docker run --cap-add NET_ADMIN, CapabilityBoundingSet= of a systemd unit), or run lvsctl outside.
        """
    }
    return "Run lvsctl as root of the machine itself, outside the user namespace (unshare -U, a rootless container)."
  }

  /// What to do about /proc/sys in a container.
  static let readOnlyRemedy: Message = """
    /proc/sys is read-only here, as in a container. Set the sysctls from outside (docker run --sysctl NAME=VALUE, or \
    lvsctl on the host by nsenter --net), run the container with --privileged, or write `keep` for them in `sysctls`.
    """
}

extension Change {
  fileprivate var loadsModule: Bool {
    if case .module = subject { true } else { false }
  }
}
