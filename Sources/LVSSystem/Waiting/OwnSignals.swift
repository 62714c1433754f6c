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
}
