import Glibc
import LVSSystem

/// How far a long plan has come, on one line of stderr: only on a terminal, and only once it has taken over a second.
final class StepProgress {
  private let isTerminal = isatty(STDERR_FILENO) == 1
  private let begin = Monotonic.now
  private var isShown = false

  func show(_ done: Int) {
    guard isTerminal, Monotonic.now - begin > 1 else { return }
    isShown = true
    Terminal.overwrite("\(done) steps are done.")
  }

  /// Empties the line for what is told next.
  func clear() {
    if isShown { Terminal.overwrite("") }
    isShown = false
  }
}
