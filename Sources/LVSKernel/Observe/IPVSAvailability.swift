import Glibc
import LVSSystem

/// Whether this kernel balances; found out without loading anything.
public enum IPVSAvailability: Sendable, Hashable {
  /// It does.
  case loaded
  /// It will when the module `ip_vs` is loaded.
  case loadable
  /// It has no IPVS.
  case absent

  /// What holds for this kernel.
  ///
  /// Asking generic netlink for the family would load the module (ctrl_getfamily), and a look must change nothing.
  public static func current() throws(SystemError) -> IPVSAvailability {
    if isLoaded { return .loaded }
    guard let module = KernelModule("ip_vs") else { return .absent }
    return try module.obstacle == nil ? .loadable : .absent
  }

  /// Whether this kernel balances now.
  static var isLoaded: Bool { access("/proc/net/ip_vs", F_OK) == 0 || KernelModule("ip_vs")?.isLoaded == true }
}
