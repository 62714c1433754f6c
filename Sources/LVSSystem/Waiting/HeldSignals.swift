import CSystem
import Glibc

/// The signals of an operator during an apply: held back, and looked at between two steps.
public struct HeldSignals: Sendable {
  /// Ignores SIGHUP and SIGPIPE from now on: a lost terminal ends nothing halfway, and a lost reader nothing at all.
  public static func ignoreLostTerminal() {
    signal(SIGHUP, SIG_IGN)
    signal(SIGPIPE, SIG_IGN)
  }

  /// Holds back SIGINT and SIGTERM from now on.
  public init() {
    var set = Self.asking
    sigprocmask(SIG_BLOCK, &set, nil)
  }

  /// Whether somebody has asked for an end.
  public var areWaiting: Bool { waiting != nil }

  /// One that has come, and stays held back; nil where none has.
  var waiting: Int32? {
    var pending = sigset_t()
    sigpending(&pending)
    return [SIGINT, SIGTERM].first { sigismember(&pending, $0) == 1 }
  }

  /// A descriptor that can be read once one has come, to wait on without reading it; below 0 where the kernel has none.
  var descriptor: Int32 {
    var set = Self.asking
    return signalfd(-1, &set, Int32(SFD_CLOEXEC | SFD_NONBLOCK))
  }

  /// The signals that ask for an end.
  private static var asking: sigset_t {
    var set = sigset_t()
    sigemptyset(&set)
    sigaddset(&set, SIGINT)
    sigaddset(&set, SIGTERM)
    return set
  }
}
