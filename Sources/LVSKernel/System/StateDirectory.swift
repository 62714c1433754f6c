import Glibc

/// The folders that lvsctl keeps files in: root's alone to write.
public enum StateDirectory {
  /// Where LVSCTL_STATE_DIR moves everything, or nil.
  private static var moved: String? {
    guard let text = getenv("LVSCTL_STATE_DIR"), text.pointee != 0 else { return nil }
    return String(cString: text)
  }

  /// What lasts over the machine's starts.
  static var lasting: String { moved ?? "/var/lib/lvsctl" }

  /// What ends with the machine's run: not below /run/lock or /tmp, where every user may make files that root's would
  /// have to wait for. A root file system without /run has everything in one place.
  static var running: String { moved ?? (access("/run", F_OK) == 0 ? "/run/lvsctl" : lasting) }

  /// Makes a folder of these where it is not there yet.
  static func make(_ path: String) throws(SystemError) {
    if mkdir(path, 0o755) != 0 && errno != EEXIST { throw SystemError(errno: errno, subject: path) }
  }
}
