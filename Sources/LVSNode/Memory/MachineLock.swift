import LVSKernel
import LVSSystem
import LVSText

/// The lock of whoever changes this machine.
enum MachineLock {
  /// Takes the lock; a wait of more than a second is told.
  static func acquire(waiting seconds: Double, _ events: NodeEvents) throws(NodeFailure) -> NamespaceLock {
    try Requirements.proc()
    do {
      if seconds <= 1 { return try NamespaceLock.acquire(waiting: seconds) }
      do {
        return try NamespaceLock.acquire(waiting: 1)
      } catch is NamespaceLock.Held {}
      events.tell(.waitsForLock)
      defer { events.tell(.endsWaitForLock) }
      return try NamespaceLock.acquire(waiting: seconds - 1)
    } catch let held as NamespaceLock.Held {
      throw failure(held)
    } catch let error as SystemError {
      throw NodeFailure(
        error,
        "The lock that keeps two lvsctl from changing this machine at once cannot be had: \(error). Nothing was changed. "
          + (error.isDenied ? "Run lvsctl as root." : "LVSCTL_STATE_DIR names another directory for it."))
    } catch {
      throw NodeFailure(describing: error)
    }
  }

  private static func failure(_ held: NamespaceLock.Held) -> NodeFailure {
    let holder: Message = held.pid.map { "the process \($0)" } ?? "another process"
    let advice: Message =
      held.awaitsConfirmation
      ? "It waits for its changes to be confirmed: run lvsctl confirm to keep them, or wait until it takes them back."
      : "Try again when it has ended, or wait longer with --lock-timeout."
    return NodeFailure(
      .locked, "Another lvsctl is changing this machine: \(holder) holds the lock. Nothing was changed. \(advice)")
  }
}
