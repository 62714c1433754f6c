import ArgumentParser
import Glibc
import LVSKernel
import LVSNode
import LVSPlan
import LVSSystem
import LVSText

/// Where a status goes, and how it is written there.
struct StatusSink {
  let format: StatusFormat
  let style: Style
  /// What --output names; nil for stdout.
  private let file: ReportFile?

  /// Opens what --output names, where it is no file, before anything is looked at.
  init(_ format: StatusFormat, _ output: ReportOutput, _ options: OutputOptions) throws(Failure) {
    self.format = format
    file = try output.file()
    style = file == nil ? options.style : Style(usesColor: options.color == .always)
  }

  /// Whether reports are drawn on a terminal's screen.
  var isScreen: Bool {
    format == .text && file == nil && isatty(STDOUT_FILENO) == 1
      && getenv("TERM").map { strcmp($0, "dumb") != 0 } ?? false
  }

  /// Writes a report; `continued` is one of many.
  func write(_ report: StatusReport, continued: Bool = false) throws(Failure) {
    // Where each one replaces the one before, it stands alone.
    let isOneOfMany = continued && file?.isStream != false
    guard let file else { return Terminal.print { write(report, isOneOfMany: isOneOfMany, to: &$0) } }
    // Measured first: a list that outgrows its memory is there twice while it moves.
    var count = 0
    var measure = TextSink { count += $0.count }
    write(report, isOneOfMany: isOneOfMany, to: &measure)
    measure.end()
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count)
    var sink = TextSink { bytes += $0 }
    write(report, isOneOfMany: isOneOfMany, to: &sink)
    sink.end()
    do {
      // The collector that reads it is another user; whom a file that is there belongs to, and who may read it, stays.
      try file.write(bytes)
    } catch {
      throw Failure(NodeFailure(describing: error))
    }
  }

  private func write(_ report: StatusReport, isOneOfMany: Bool, to sink: inout TextSink) {
    switch format {
    case .text:
      report.writeText(style, width: width, to: &sink)
      if isOneOfMany { sink.write("\n") }
    case .json:
      let write = isOneOfMany ? JSONText.writeCompact : JSONText.writePretty
      write(report.json, &sink)
      sink.write("\n")
    case .prometheus: report.writePrometheus(revision: Version.revision, to: &sink)
    }
  }

  private var width: Int? { file == nil ? Terminal.size?.columns : nil }
}
