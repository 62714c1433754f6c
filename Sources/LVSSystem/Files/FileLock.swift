import Glibc

/// flock(2): a lock on an open file, which ends with whoever has it open.
public enum FileLock {
  /// Takes the lock for this process alone, waiting for another holder until then; false where the time passes first.
  public static func take(
    _ descriptor: Int32, until deadline: Deadline, subject: String
  ) throws(SystemError) -> Bool {
    if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
    guard errno == EWOULDBLOCK || errno == EINTR else { throw SystemError(errno: errno, subject: subject) }
    guard !deadline.isOver else { return false }
    let alarm = Alarm(at: deadline)
    defer { withExtendedLifetime(alarm) {} }
    while !deadline.isOver {
      if flock(descriptor, LOCK_EX) == 0 { return true }
      // The one call whose interruption is what it waits for.
      if errno != EINTR { throw SystemError(errno: errno, subject: subject) }
    }
    return false
  }

  /// Whether somebody has the lock for himself alone. Where that cannot be found out nobody has.
  ///
  /// It is taken for a moment together with others; the descriptor is to be closed after that.
  public static func isTaken(_ descriptor: Int32) -> Bool {
    flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
  }
}

/// SIGALRM at some time, and then again and again, since the first could come just before a system call that waits.
private final class Alarm {
  private var oldAction = sigaction()
  private var oldMask = sigset_t()

  init(at deadline: Deadline) {
    var action = sigaction()
    // Without SA_RESTART, so that what waits returns EINTR.
    action.__sigaction_handler.sa_handler = { _ in }
    sigaction(SIGALRM, &action, &oldAction)
    var set = sigset_t()
    sigemptyset(&set)
    sigaddset(&set, SIGALRM)
    // Who started this process may have held it back.
    pthread_sigmask(SIG_UNBLOCK, &set, &oldMask)
    let seconds = deadline.rest
    let whole = Int(seconds)
    let rest = Int((seconds - Double(whole)) * 1e6)
    var timer = itimerval(
      it_interval: timeval(tv_sec: 0, tv_usec: 20_000), it_value: timeval(tv_sec: whole, tv_usec: max(1, rest)))
    setitimer(__itimer_which_t(ITIMER_REAL.rawValue), &timer, nil)
  }

  deinit {
    var off = itimerval()
    setitimer(__itimer_which_t(ITIMER_REAL.rawValue), &off, nil)
    pthread_sigmask(SIG_SETMASK, &oldMask, nil)
    sigaction(SIGALRM, &oldAction, nil)
  }
}
