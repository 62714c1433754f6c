import LVSKernel
import LVSModel
import LVSSystem
import LVSText

extension Confirmation {
  /// Whose change was confirmed.
  public enum Kept: Equatable, Sendable {
    /// That of the apply that was waiting.
    case waiting
    /// That of an apply that was killed before anybody confirmed.
    case left(UnconfirmedChange.Heading)
  }

  /// Keeps what an apply would otherwise take back: one that waits, or one that was killed.
  public static func keep(_ events: NodeEvents) throws(NodeFailure) -> Kept {
    try Requirements.proc()
    let reception: Reception
    do {
      reception = try confirm()
    } catch {
      throw NodeFailure(describing: error)
    }
    switch reception {
    case .accepted: return .waiting
    case .refused:
      throw NodeFailure(
        .noPrivilege, "The apply that waits listens to root and its own user alone. Run lvsctl confirm as root.")
    case .nobodyWaits:
      if let heading = try keepLeft(events) { return .left(heading) }
      throw NodeFailure(
        .negative,
        """
        No apply waits for a confirmation on this machine, in this network namespace. Its time may be up: lvsctl diff \
        shows the state now.
        """)
    }
  }

  /// Keeps the change of an apply that was killed; nil where there is none.
  private static func keepLeft(_ events: NodeEvents) throws(NodeFailure) -> UnconfirmedChange.Heading? {
    guard try UnconfirmedRecord.kept() != nil else { return nil }
    // Whoever holds it is at work on the change: its steps are not done yet, or are being taken back.
    let lock = try MachineLock.acquire(waiting: 1, events)
    defer { withExtendedLifetime(lock) {} }
    let memory = try KeptMemory.forChange(events)
    let file: UnconfirmedChangeFile
    let change: UnconfirmedChange
    do throws(SystemError) {
      file = try UnconfirmedRecord.file()
      guard let kept = try file.change() else { return nil }
      change = kept
    } catch {
      throw UnconfirmedRecord.unreadable(error)
    }
    try memory.write(change.keptMemory, "The change is still unconfirmed.")
    UnconfirmedRecord.remove(file, events)
    return change.heading
  }
}
