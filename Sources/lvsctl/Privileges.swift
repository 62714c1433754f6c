import LVSCore
import LVSKernel

/// What a plan needs of this process, looked at before its first step, so that nothing is half done for want of it.
enum Privileges {
  /// Throws when the process lacks a capability that a step of the plan needs.
  static func check(for plan: Plan) throws(Failure) {
    let held: Capabilities
    do {
      held = try Capabilities.current()
    } catch {
      throw Failure(describing: error)
    }
    var missing: [String] = []
    if !held.hasNetAdmin { missing.append("CAP_NET_ADMIN") }
    if !held.hasNetRaw && plan.changes.contains(where: \.isAnnounced) { missing.append("CAP_NET_RAW") }
    if !held.hasSysModule && plan.changes.contains(where: \.loadsModule) { missing.append("CAP_SYS_MODULE") }
    if missing.isEmpty { return }
    throw Failure(
      .noPrivilege,
      "This process lacks \(missing.joined(separator: " and ")), which the plan needs. Run lvsctl as root. "
        + "Nothing was changed.")
  }
}

extension Change {
  fileprivate var isAnnounced: Bool {
    if case .address(_, let difference) = self { difference.after?.isAnnounced == true } else { false }
  }

  fileprivate var loadsModule: Bool {
    if case .module = self { true } else { false }
  }
}
