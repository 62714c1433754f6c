import ArgumentParser
import LVSKernel

struct Confirm: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Keep what apply --confirm-within would otherwise take back.",
    discussion: """
      Exit status 0: it is kept. 1: no apply on this machine waits for a confirmation.

      Example:
        lvsctl confirm
      """)

  func run() throws {
    do {
      if try Confirmation.confirm() {
        Terminal.print("Confirmed: the changes of the apply that was waiting are kept.\n")
        return
      }
    } catch {
      throw Failure(describing: error)
    }
    throw Failure(
      .negative,
      """
      No apply waits for a confirmation on this machine, in this network namespace. Its time may be up: lvsctl diff \
      shows the state now.
      """)
  }
}
