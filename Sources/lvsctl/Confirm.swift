import ArgumentParser
import LVSKernel

struct Confirm: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Keep what apply --confirm-within would otherwise take back.",
    discussion: """
      Exit status 0: it is kept. 1: no apply on this machine waits for a confirmation. 77: it is not this user's to confirm.
      An apply that ran with LVSCTL_STATE_DIR is confirmed with the same.

      Example:
        lvsctl confirm
      """)

  func run() throws {
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
      throw Failure(
        .negative,
        """
        No apply waits for a confirmation on this machine, in this network namespace. Its time may be up: lvsctl diff \
        shows the state now.
        """)
    }
  }
}
