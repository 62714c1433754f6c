import Glibc
import LVSKernel
import LVSNode
import LVSSystem
import LVSText

/// The lock of a command that changes this machine.
enum MachineLock {
  /// Takes the lock; on a terminal a wait of more than a second is told.
  static func acquire(waiting seconds: Double) throws(Failure) -> NamespaceLock {
    try Requirements.proc()
    do {
      if seconds <= 1 || isatty(STDERR_FILENO) == 0 { return try NamespaceLock.acquire(waiting: seconds) }
      do {
        return try NamespaceLock.acquire(waiting: 1)
      } catch is NamespaceLock.Held {}
      Terminal.overwrite("Waiting for another lvsctl to end.")
      defer { Terminal.overwrite("") }
      return try NamespaceLock.acquire(waiting: seconds - 1)
    } catch let held as NamespaceLock.Held {
      let holder: Message = held.pid.map { "the process \($0)" } ?? "another process"
      let advice: Message =
        held.awaitsConfirmation
        ? "It waits for its changes to be confirmed: run lvsctl confirm to keep them, or wait until it takes them back."
        : "Try again when it has ended, or wait longer with --lock-timeout."
      throw Failure(
        .locked, "Another lvsctl is changing this machine: \(holder) holds the lock. Nothing was changed. \(advice)")
    } catch let error as SystemError {
      throw Failure(
        error.status,
        "The lock that keeps two lvsctl from changing this machine at once cannot be had: \(error). Nothing was changed. "
          + (error.isDenied ? "Run lvsctl as root." : "LVSCTL_STATE_DIR names another directory for it."))
    } catch {
      throw Failure(describing: error)
    }
  }
}
