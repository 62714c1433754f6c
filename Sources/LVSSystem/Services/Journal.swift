import Glibc

/// How much a line of a log matters, as syslog(3) counts it.
public enum LogLevel: Int, Sendable, Comparable {
  case error = 3
  case warning = 4
  case notice = 5
  case info = 6

  public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}

/// Whether stderr is the journal's, which takes the level of a line from `<N>` at its beginning (sd-daemon(3)).
public enum Journal {
  /// JOURNAL_STREAM names the device and inode of what the service manager gave as stderr (systemd.exec(5)); a process
  /// whose stderr was redirected since has another one.
  public static var readsStandardError: Bool {
    guard let text = getenv("JOURNAL_STREAM") else { return false }
    var status = stat()
    guard fstat(STDERR_FILENO, &status) == 0 else { return false }
    return String(cString: text) == "\(status.st_dev):\(status.st_ino)"
  }
}
