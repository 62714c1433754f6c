import Glibc
import LVSSystem
import LVSText

/// The log: lines on stderr, which the service manager keeps, with their levels where it is the journal that reads them.
final class Log {
  // One thread writes.
  nonisolated(unsafe) static let shared = Log()

  private let hasLevels = Journal.readsStandardError
  /// What was said last of each matter that may go on for long, and when, on the clock of ``Monotonic``.
  private var said: [String: (message: Message, time: Double)] = [:]
  /// Seconds after which it is said again.
  private static let patience = 600.0
  /// Matters that are remembered; where there are more they are said again.
  private static let most = 10_000

  /// Writes a message, line by line.
  func write(_ level: LogLevel, _ message: Message) {
    var text = ""
    for line in message.text.split(separator: "\n") {
      if hasLevels { text += "<\(level.rawValue)>" }
      text += line + "\n"
    }
    _ = Standard.write(text, to: STDERR_FILENO)
  }

  /// Writes what is the matter, unless that was what was said of it lately.
  func write(_ level: LogLevel, of matter: String, _ message: Message) {
    let now = Monotonic.now
    if let last = said[matter], last.message == message, now - last.time < Self.patience { return }
    if said.count >= Self.most { said = [:] }
    said[matter] = (message, now)
    write(level, message)
  }

  /// The matter is over; says so where something was said of it.
  func end(_ matter: String, _ message: @autoclosure () -> Message) {
    if said.removeValue(forKey: matter) == nil { return }
    write(.notice, message())
  }

  /// Whatever comes again is said again from now on, but for what is said to be over one day.
  func forgetOld() { said = said.filter { ["round", "saving", "metrics", "announcement"].contains($0.key) } }

  /// The matter is over, and that goes without saying.
  func forget(_ matter: String) { said[matter] = nil }
}

/// stdout and stderr.
enum Standard {
  /// Writes all of a text; 0, or an errno.
  static func write(_ text: String, to descriptor: Int32) -> Int32 {
    var text = text
    return text.withUTF8 { writeAll(UnsafeRawBufferPointer($0), to: descriptor) }
  }
}
