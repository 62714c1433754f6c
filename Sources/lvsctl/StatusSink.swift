import ArgumentParser
import Glibc
import LVSCore
import LVSKernel

/// Where a status goes, and how it is written there.
struct StatusSink {
  let format: StatusFormat
  let style: Style
  /// What --output names; nil for stdout.
  private let file: ReportFile?

  /// Opens what --output names, where it is no file, before anything is looked at.
  init(_ format: StatusFormat, path: String?, _ options: OutputOptions) throws(Failure) {
    self.format = format
    style = path == nil ? options.style : Style(usesColor: options.color == .always)
    do throws(SystemError) {
      file = if let path { try ReportFile(path) } else { nil }
    } catch {
      if error.errno == EISDIR {
        throw Failure(.usage, "--output \(path ?? ""): this is a folder. Name a file in it.")
      }
      throw Failure(describing: error)
    }
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
    let text =
      switch format {
      case .text: report.text(style, width: width) + (isOneOfMany ? "\n" : "")
      case .json where isOneOfMany: JSONText.compact(report.json) + "\n"
      case .json: JSONText.pretty(report.json) + "\n"
      case .prometheus: report.prometheus
      }
    guard let file else { return Terminal.print(text) }
    do {
      // The collector that reads it is another user; whom a file that is there belongs to, and who may read it, stays.
      try file.write(Array(text.utf8))
    } catch {
      throw Failure(describing: error)
    }
  }

  private var width: Int { file == nil ? Terminal.size?.columns ?? 80 : 80 }
}
