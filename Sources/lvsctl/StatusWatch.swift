import Glibc
import LVSPlan
import LVSSystem
import LVSText

/// Shows a status again and again, until somebody has seen enough.
struct StatusWatch {
  let interval: WatchInterval
  let sink: StatusSink
  let look: () throws -> StatusReport

  /// Ends on q, on ^C, or when nobody reads any more; SIGTERM, SIGHUP and SIGQUIT end the process by that signal, the
  /// terminal restored.
  func run() throws {
    let signals: SignalPipe
    do {
      signals = try SignalPipe([SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGWINCH])
    } catch {
      throw Failure(.refused, "No pipe could be made: \(String(cString: strerror(error.errno ?? 0))).")
    }
    let screen = sink.isScreen ? Screen() : nil
    let ending: Ending
    do {
      defer { screen?.leave() }
      ending = try loop(screen, signals)
    }
    if case .signal(let number) = ending {
      OwnSignals.end(by: number)
    }
  }

  private enum Ending {
    case asked
    case signal(Int32)
  }

  private func loop(_ screen: Screen?, _ signals: SignalPipe) throws -> Ending {
    screen?.enter()
    let keys = screen?.hasKeys == true ? STDIN_FILENO : nil
    var events = Events(signals: signals, keys: keys, reader: STDOUT_FILENO)
    while true {
      let report = try look()
      let next = Deadline(after: interval.seconds)
      var isDrawn = false
      while true {
        if !isDrawn { try show(report, on: screen) }
        // Main says why.
        if Terminal.refusal != 0 { return .asked }
        isDrawn = true
        switch events.next(until: next) {
        case .time: break
        case .key(UInt8(ascii: "q")), .key(UInt8(ascii: "Q")), .end: return .asked
        case .key, .readable: continue
        case .signal(SIGINT): return .asked
        case .signal(SIGWINCH): isDrawn = screen == nil; continue
        case .signal(SIGTSTP):
          screen?.leave()
          OwnSignals.stop()
          screen?.enter()
          isDrawn = screen == nil
          continue
        case .signal(let number): return .signal(number)
        }
        break
      }
    }
  }

  private func show(_ report: StatusReport, on screen: Screen?) throws {
    guard let screen else { return try sink.write(report, continued: true) }
    let size = Terminal.size ?? (columns: 80, rows: 24)
    screen.draw(frame(report, size), columns: size.columns, sink.style)
  }

  /// As many of the report's lines as there is room for, and one that says how to end.
  private func frame(_ report: StatusReport, _ size: (columns: Int, rows: Int)) -> [TextLine] {
    var lines: [TextLine] = []
    var more = 0
    let room = max(1, size.rows - 1)
    report.forEachLine(width: size.columns) { line in
      if lines.count < room { lines.append(line) } else { more += 1 }
    }
    var bar = "every \(interval) s, q ends"
    if more > 0 { bar = "\(counted(more, "more line")) below, " + bar }
    return lines + (size.rows > 1 ? [TextLine(bar, .dim)] : [])
  }
}
