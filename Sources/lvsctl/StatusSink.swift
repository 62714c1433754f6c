import ArgumentParser
import Glibc
import LVSCore
import LVSKernel

/// Where a status goes, and how it is written there.
struct StatusSink {
  let format: StatusFormat
  let path: String?
  let style: Style

  /// A file that is to be replaced has to be a file: moving another over /dev/stdout would break the machine.
  init(_ format: StatusFormat, path: String?, _ options: OutputOptions) throws(Failure) {
    self.format = format
    self.path = path
    style = path == nil ? options.style : Style(usesColor: options.color == .always)
    var status = stat()
    if let path, stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
      throw Failure(.usage, "--output \(path): this is not a regular file, so it is not replaced.")
    }
  }

  /// Whether reports are drawn on a terminal's screen.
  var isScreen: Bool {
    format == .text && path == nil && isatty(STDOUT_FILENO) == 1
      && getenv("TERM").map { strcmp($0, "dumb") != 0 } ?? false
  }

  /// Writes a report; `continued` is one of many.
  func write(_ report: StatusReport, continued: Bool = false) throws(Failure) {
    guard let path else { return Terminal.print { write(report, continued: continued, to: &$0) } }
    // Measured first: a list that outgrows its memory is there twice while it moves.
    var count = 0
    var measure = TextSink { count += $0.count }
    write(report, continued: false, to: &measure)
    measure.end()
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count)
    var sink = TextSink { bytes += $0 }
    write(report, continued: false, to: &sink)
    sink.end()
    do {
      // The collector that reads it is another user; whom a file that is there belongs to, and who may read it, stays.
      try writeAtomically(bytes, to: path, mode: 0o644, keepsAccess: true)
    } catch {
      throw Failure(describing: error)
    }
  }

  private func write(_ report: StatusReport, continued: Bool, to sink: inout TextSink) {
    switch format {
    case .text:
      report.writeText(style, width: width, to: &sink)
      if continued { sink.write("\n") }
    case .json:
      let write = continued ? JSONText.writeCompact : JSONText.writePretty
      write(report.json, &sink)
      sink.write("\n")
    case .prometheus: report.writePrometheus(to: &sink)
    }
  }

  private var width: Int { path == nil ? Terminal.size?.columns ?? 80 : 80 }
}
