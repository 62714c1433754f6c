import Glibc
import LVSPlan
import LVSRender
import LVSSystem
import LVSText

/// Shows a status again and again, until somebody has seen enough.
struct StatusWatch {
  let interval: WatchInterval
  let sink: StatusSink
  let order: StatusOrder?
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
    var shown = Shown(view: WatchView(order: order ?? .state))
    while true {
      let report = try look()
      // Nobody counts for a program that reads one report after the other.
      if screen != nil { shown.note(report) }
      let next = Deadline(after: interval.seconds)
      var isDrawn = false
      while true {
        if !isDrawn { try show(report, &shown, on: screen) }
        // Main says why.
        if Terminal.refusal != 0 { return .asked }
        isDrawn = true
        switch events.next(until: next) {
        case .time: break
        case .end: return .asked
        case .keys(let bytes):
          for key in WatchKey.keys(in: bytes) {
            if !shown.view.press(key) { return .asked }
            // Keys are pressed at what is seen.
            isDrawn = false
            if bytes.count > 1 { _ = frame(report, &shown, size) }
          }
          continue
        case .readable: continue
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

  /// What is shown of one look after the other.
  private struct Shown {
    var view: WatchView
    var rates = CountedRates()
    var history = StatusHistory()

    mutating func note(_ report: StatusReport) {
      let now = Monotonic.now
      rates.note(report, at: now)
      history.note(report, at: now)
    }
  }

  private var size: (columns: Int, rows: Int) { Terminal.size ?? (columns: 80, rows: 24) }

  private func show(_ report: StatusReport, _ shown: inout Shown, on screen: Screen?) throws {
    guard let screen else { return try sink.write(report, continued: true) }
    let size = size
    screen.draw(frame(report, &shown, size), columns: size.columns, sink.style)
  }

  private func frame(_ report: StatusReport, _ shown: inout Shown, _ size: (columns: Int, rows: Int)) -> [TextLine] {
    shown.view.frame(
      report, shown.rates, shown.history, columns: size.columns, rows: size.rows, interval: interval.description,
      hasKeys: isatty(STDIN_FILENO) == 1)
  }
}
