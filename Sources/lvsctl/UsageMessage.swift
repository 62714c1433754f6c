import ArgumentParser
import LVSText

extension LVSCtl {
  /// What there is to say of the arguments of this process, which were refused, on one line.
  ///
  /// The parser repeats them as they are. Where one of them does not print, its words are those for the arguments as a
  /// reader sees them, whose fault is the same.
  static func usageMessage(for error: any Error) -> Message {
    let words: String = message(for: error)
    if words.isEmpty { return "" }
    if let advice = Habits.advice(on: Main.arguments, refused: words) { return advice }
    let arguments = WatchInterval.written(in: Main.arguments)
    let shown = arguments.map { Message(foreign: $0).text }
    if shown != arguments {
      do {
        _ = try parseAsRoot(shown)
      } catch {
        return UsageLine.message(message(for: error), from: fullMessage(for: error))
      }
    }
    return UsageLine.message(words, from: fullMessage(for: error))
  }
}
