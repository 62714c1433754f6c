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
    let text =
      switch format {
      case .text: report.text(style, width: width) + (continued && path == nil ? "\n" : "")
      case .json where continued && path == nil: JSONText.compact(report.json) + "\n"
      case .json: JSONText.pretty(report.json) + "\n"
      case .prometheus: report.prometheus
      }
    guard let path else { return Terminal.print(text) }
    do {
      // The collector that reads it is another user; whom a file that is there belongs to, and who may read it, stays.
      try writeAtomically(Array(text.utf8), to: path, mode: 0o644, keepsAccess: true)
    } catch {
      throw Failure(describing: error)
    }
  }

  private var width: Int { path == nil ? Terminal.size?.columns ?? 80 : 80 }
}
