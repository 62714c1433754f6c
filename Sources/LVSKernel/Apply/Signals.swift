import Glibc

/// The signals of an operator during an apply: held back, and looked at between two steps.
public struct HeldSignals {
  /// Holds back SIGINT and SIGTERM from now on, and ignores SIGHUP and SIGPIPE: a lost terminal ends nothing halfway.
  public init() {
    signal(SIGHUP, SIG_IGN)
    signal(SIGPIPE, SIG_IGN)
    var set = Self.asking
    sigprocmask(SIG_BLOCK, &set, nil)
  }

  /// Whether somebody has asked for an end.
  public var areWaiting: Bool {
    var pending = sigset_t()
    sigpending(&pending)
    return sigismember(&pending, SIGINT) == 1 || sigismember(&pending, SIGTERM) == 1
  }

  /// The signals that ask for an end.
  static var asking: sigset_t {
    var set = sigset_t()
    sigemptyset(&set)
    sigaddset(&set, SIGINT)
    sigaddset(&set, SIGTERM)
    return set
  }
}
