import Glibc

/// How many files, sockets and the like this process may have open (RLIMIT_NOFILE of getrlimit(2)).
public enum OpenFileLimit {
  /// Raises the limit to so many where it is lower, or as far as the system lets it; gives what it is then.
  @discardableResult
  public static func raise(to count: Int) -> Int {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 0 }
    let wanted = min(rlim_t(count), limit.rlim_max)
    if limit.rlim_cur >= wanted { return Int(clamping: limit.rlim_cur) }
    var raised = limit
    raised.rlim_cur = wanted
    let refused = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &raised) != 0
    return Int(clamping: refused ? limit.rlim_cur : wanted)
  }
}
