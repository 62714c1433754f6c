import ArgumentParser
import Glibc
import LVSNode
import LVSSystem

/// A file in the place of stdout.
struct ReportOutput: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Write to this file, whole or not at all, or to this device or pipe, instead of stdout.", valueName: "file"),
    completion: .file())
  var output: String?

  func validate() throws {
    if output?.isEmpty == true { throw ValidationError("--output is without the name of a file.") }
  }

  /// What --output names, opened where it is no file; nil for stdout.
  func file() throws(Failure) -> ReportFile? {
    guard let output else { return nil }
    do throws(SystemError) {
      return try ReportFile(output)
    } catch {
      if error.errno == EISDIR { throw Failure(.usage, "--output \(output): this is a folder. Name a file in it.") }
      throw Failure(NodeFailure(describing: error))
    }
  }

  /// Writes a result that is small to where it goes.
  func write(_ text: String) throws(Failure) {
    guard let file = try file() else { return Terminal.print(text) }
    do {
      try file.write(Array(text.utf8))
    } catch {
      throw Failure(NodeFailure(describing: error))
    }
  }
}
