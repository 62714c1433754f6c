import Glibc
import LVSSystem

/// The terminal that stdin is, in place of the one that an interactive program has inside.
final class CallersTerminal {
  private var before = termios()
  private let isTerminal: Bool
  private var isRaw = false

  init() { isTerminal = tcgetattr(STDIN_FILENO, &before) == 0 }

  /// The size of it; the usual one where it does not know.
  var size: TerminalSize { TerminalSize(of: STDIN_FILENO) ?? .usual }

  /// Passes every key on as it is from now on, ^C too.
  func makeRaw() {
    guard isTerminal, !isRaw else { return }
    var mode = before
    cfmakeraw(&mode)
    isRaw = tcsetattr(STDIN_FILENO, TCSADRAIN, &mode) == 0
  }

  /// Gives it back as it was.
  func restore() {
    if isRaw { tcsetattr(STDIN_FILENO, TCSAFLUSH, &before) }
    isRaw = false
  }

  deinit { restore() }
}
