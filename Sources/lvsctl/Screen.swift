import CProcess
import Glibc
import LVSSystem
import LVSText

/// A terminal's alternate screen (xterm's 1049), and its keys without echo and without waiting for a line's end.
final class Screen {
  /// Whether stdin is a terminal too, so that there are keys.
  let hasKeys: Bool
  private var before = termios()

  init() { hasKeys = isatty(STDIN_FILENO) == 1 && tcgetattr(STDIN_FILENO, &before) == 0 }

  /// Turns to the alternate screen, the cursor hidden.
  func enter() {
    if hasKeys { lvsctl_last_words_screen(1, &before) } else { lvsctl_last_words_screen(1, nil) }
    if hasKeys {
      var mode = before
      // ISIG stays: ^C and ^Z remain signals.
      mode.c_lflag &= ~tcflag_t(ICANON | ECHO)
      tcsetattr(STDIN_FILENO, TCSADRAIN, &mode)
    }
    Terminal.print("\u{1b}[?1049h\u{1b}[?25l")
  }

  /// Gives everything back as it was.
  func leave() {
    Terminal.print("\u{1b}[?25h\u{1b}[?1049l")
    if hasKeys { tcsetattr(STDIN_FILENO, TCSADRAIN, &before) }
    lvsctl_last_words_screen(0, nil)
  }

  /// Draws lines from the top, in one write and without clearing the screen first, so that nothing flickers.
  ///
  /// Each place is erased before its text: after a text up to the last column the cursor still stands on it.
  func draw(_ lines: [TextLine], columns: Int, _ style: Style) {
    var text = "\u{1b}[H"
    for (index, line) in lines.enumerated() {
      let isLast = index == lines.count - 1
      text += (isLast ? "\u{1b}[J" : "\u{1b}[K") + line.text(style, width: columns) + (isLast ? "" : "\r\n")
    }
    Terminal.print(text)
  }
}

extension Terminal {
  /// The size of the terminal that stdout is, nil where it is none or does not know.
  static var size: (columns: Int, rows: Int)? {
    TerminalSize(of: STDOUT_FILENO).map { (Int($0.columns), Int($0.rows)) }
  }
}
