import ArgumentParser
import LVSText

extension LVSCtl {
  /// What the parser says of the arguments of this process, over several lines: it repeats them as they are.
  ///
  /// Where one of them does not print, the words are those for the arguments as a reader sees them, whose fault is the
  /// same: they hold no newline, so that each one here is the parser's.
  static func message(for error: any Error) -> Message {
    var words = fullMessage(for: error)
    let arguments = WatchInterval.written(in: Main.arguments)
    let shown = arguments.map { Message(foreign: $0).text }
    if shown != arguments {
      do {
        _ = try parseAsRoot(shown)
      } catch {
        words = fullMessage(for: error)
      }
    }
    return words.split(separator: "\n", omittingEmptySubsequences: false).map { "\($0)" }.joined(separator: "\n")
  }
}
