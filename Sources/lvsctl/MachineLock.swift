import LVSKernel

/// The lock of a command that changes this machine.
enum MachineLock {
  /// Takes the lock.
  static func acquire(waiting seconds: Double) throws(Failure) -> NamespaceLock {
    do {
      return try NamespaceLock.acquire(waiting: seconds)
    } catch let held as NamespaceLock.Held {
      let holder = held.pid.map { "the process \($0)" } ?? "another process"
      let advice =
        Confirmation.isAwaited
        ? "It waits for its changes to be confirmed: run lvsctl confirm to keep them, or wait until it takes them back."
        : "Try again when it has ended, or wait longer with --lock-timeout."
      throw Failure(
        .locked, "Another lvsctl is changing this machine: \(holder) holds the lock. Nothing was changed. \(advice)")
    } catch {
      throw Failure(describing: error)
    }
  }
}
