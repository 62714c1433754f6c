import Glibc

/// Signals that this process sends to itself.
public enum OwnSignals {
  /// Ends this process as a signal does by default, so that whoever started it is told of that signal.
  public static func end(by number: Int32) {
    signal(number, SIG_DFL)
    raise(number)
  }

  /// Stops this process until it is told to continue.
  public static func stop() { kill(getpid(), SIGSTOP) }

  /// Has these signals do what they do by default from now on, and holds none of them back, whatever whoever started this
  /// process left: nohup(1) has SIGHUP ignored.
  public static func restore(_ numbers: [Int32]) {
    var set = sigset_t()
    sigemptyset(&set)
    for number in numbers {
      signal(number, SIG_DFL)
      sigaddset(&set, number)
    }
    sigprocmask(SIG_UNBLOCK, &set, nil)
  }

  /// Ignores SIGPIPE from now on: what is written to a connection that the other end has closed fails, and ends nothing.
  public static func ignoreBrokenPipes() { signal(SIGPIPE, SIG_IGN) }
}
