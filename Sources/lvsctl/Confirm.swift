import ArgumentParser
import LVSKernel
import LVSModel
import LVSNode
import LVSSystem
import LVSText

struct Confirm: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Keep what apply --confirm-within would otherwise take back.",
    discussion: """
      Exit status 0: it is kept. 1: no apply on this machine waits for a confirmation, and none was killed before it got \
      one. 77: it is not this user's to confirm.
      An apply that ran with LVSCTL_STATE_DIR is confirmed with the same.

      Example:
        lvsctl confirm
      """)

  func run() throws {
    try Requirements.proc()
    let reception: Confirmation.Reception
    do {
      reception = try Confirmation.confirm()
    } catch {
      throw Failure(describing: error)
    }
    switch reception {
    case .accepted: Terminal.tell("Confirmed: the changes of the apply that was waiting are kept.\n")
    case .refused:
      throw Failure(
        .noPrivilege, "The apply that waits listens to root and its own user alone. Run lvsctl confirm as root.")
    case .nobodyWaits:
      if try keepLeft() { return }
      throw Failure(
        .negative,
        """
        No apply waits for a confirmation on this machine, in this network namespace. Its time may be up: lvsctl diff \
        shows the state now.
        """)
    }
  }

  /// Keeps the change of an apply that was killed; false where there is none.
  private func keepLeft() throws(Failure) -> Bool {
    guard try UnconfirmedRecord.kept() != nil else { return false }
    // Whoever holds it is at work on the change: its steps are not done yet, or are being taken back.
    let lock = try MachineLock.acquire(waiting: 1)
    defer { withExtendedLifetime(lock) {} }
    let memory = try Memory.forChange()
    let file: UnconfirmedChangeFile
    let change: UnconfirmedChange
    do throws(SystemError) {
      file = try UnconfirmedRecord.file()
      guard let kept = try file.change() else { return false }
      change = kept
    } catch {
      throw UnconfirmedRecord.unreadable(error)
    }
    try memory.write(change.keptMemory, "The change is still unconfirmed.")
    UnconfirmedRecord.remove(file)
    Terminal.tell(
      """
      Confirmed: the change that apply --confirm-within began at \(utcText(change.heading.since)) is kept, as this machine \
      holds it now.\n
      """)
    if !change.heading.isComplete {
      Terminal.report("Its apply was killed before it had done every step: lvsctl diff shows what is left to do.")
    }
    return true
  }
}
