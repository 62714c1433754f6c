import Glibc

/// The kernel's own account of itself, without which neither the machine nor its settings are known.
public enum ProcFileSystem {
  /// Whether it is mounted on /proc, and not an empty folder there, as in a chroot (proc(5)).
  public static var isMounted: Bool { access("/proc/thread-self/ns", F_OK) == 0 }
}
