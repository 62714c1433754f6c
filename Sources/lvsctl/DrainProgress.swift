import Glibc
import LVSModel
import LVSSystem
import LVSText

/// How a wait for connections to end is shown on stderr: rewritten in place on a terminal, elsewhere one line for each
/// server when the wait begins and one when it is done with it. Nothing is said of those that have no connections.
final class DrainProgress {
  private let names: [IPAddress: String]
  private let isTerminal = isatty(STDERR_FILENO) == 1
  private var shown = 0
  /// What was said last of each real server that had connections.
  private var told: [Draining: UInt32] = [:]

  init(names: [IPAddress: String]) { self.names = names }

  func show(_ left: [(Draining, UInt32)], seconds: Double) {
    // A redrawn server stays in its line, also when it has no connections any more.
    let worthTelling = left.filter { $0.1 > 0 || told[$0.0] != nil }
    if isTerminal { redraw(worthTelling, seconds) } else { tell(worthTelling, seconds) }
    for (draining, connections) in worthTelling { told[draining] = connections }
  }

  private func redraw(_ left: [(Draining, UInt32)], _ seconds: Double) {
    // A list longer than the screen could not be rewritten in place.
    let lines = left.prefix(15).map { line($0, $1, seconds) }
    if lines.isEmpty { return }
    let up: Message = shown == 0 ? "" : "\u{1b}[\(shown)A"
    Terminal.report(up + lines.map { "\u{1b}[2K\($0)" }.joined(separator: "\n"))
    shown = lines.count
  }

  private func tell(_ left: [(Draining, UInt32)], _ seconds: Double) {
    for (draining, connections) in left {
      let before = told[draining]
      if before == nil || (before != 0 && connections == 0) || (seconds == 0 && connections > 0) {
        Terminal.report(line(draining, connections, seconds))
      }
    }
  }

  private func line(_ draining: Draining, _ connections: UInt32, _ seconds: Double) -> Message {
    let name: Message = names[draining.realServer.address].map { " (\($0))" } ?? ""
    let rest: Message =
      connections == 0
      ? "no connection is left"
      : "\(counted(Int(connections), "connection")), \(Int(seconds.rounded(.up))) s left"
    return "\(draining.realServer)\(name) of \(draining.service): \(rest)"
  }
}
