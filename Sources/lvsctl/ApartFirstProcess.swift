import ArgumentParser
import LVSApart

/// What lvsctl starts itself as: the first process of a kernel or of namespaces apart from this machine, and its guard.
struct ApartFirstProcess: ParsableCommand {
  static let word = "apart-first-process"

  static let configuration = CommandConfiguration(
    commandName: word,
    abstract: "Be the first process of a place apart from this machine; lvsctl starts this itself.",
    shouldDisplay: false)

  @Argument(parsing: .captureForPassthrough)
  var words: [String] = []

  func run() throws {
    guard let status = FirstProcess.run(words) else {
      throw ValidationError("apart-first-process is started by lvsctl itself, and has no use on a command line.")
    }
    throw ExitCode(status)
  }
}
