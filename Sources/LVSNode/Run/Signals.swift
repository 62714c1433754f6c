import Glibc

/// The signals of an operator during an apply: held back, and looked at between two steps.
package struct HeldSignals {
  /// Ignores SIGHUP and SIGPIPE from now on: a lost terminal ends nothing halfway, and a lost reader nothing at all.
  package static func ignoreLostTerminal() {
    signal(SIGHUP, SIG_IGN)
    signal(SIGPIPE, SIG_IGN)
  }

  /// Holds back SIGINT and SIGTERM from now on.
  package init() {
    var set = Self.asking
    sigprocmask(SIG_BLOCK, &set, nil)
  }

  /// Whether somebody has asked for an end.
  package var areWaiting: Bool {
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
