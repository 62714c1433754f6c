import ArgumentParser
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
    switch try Confirmation.keep(.told) {
    case .waiting: Terminal.tell("Confirmed: the changes of the apply that was waiting are kept.\n")
    case .left(let heading):
      Terminal.tell(
        """
        Confirmed: the change that apply --confirm-within began at \(utcText(heading.since)) is kept, as this machine \
        holds it now.\n
        """)
      if !heading.isComplete {
        Terminal.report("Its apply was killed before it had done every step: lvsctl diff shows what is left to do.")
      }
    }
  }
}
