import ArgumentParser
import Glibc
import LVSCore
import LVSKernel

@main
struct Main {
  static func main() {
    Heap.keepFreed()
    Terminal.holdStandardStreams()
    do {
      var command = try LVSCtl.parseAsRoot(WatchInterval.written(in: Array(CommandLine.arguments.dropFirst())))
      try run(&command)
    } catch let failure as Failure {
      Terminal.report(failure.message)
      exit(failure.status.rawValue)
    } catch {
      let code = LVSCtl.exitCode(for: error)
      let text = LVSCtl.fullMessage(for: error)
      if !code.isSuccess {
        Terminal.report(LVSCtl.message(for: error))
      } else if !text.isEmpty {
        Terminal.print(text + "\n")
      }
      exit(code.rawValue)
    }
  }

  /// Runs a command; one that found no trouble and yet could not tell its result is a failure all the same.
  private static func run(_ command: inout any ParsableCommand) throws {
    do {
      try command.run()
    } catch let code as ExitCode where code.rawValue == ExitStatus.negative.rawValue && Terminal.refusal != 0 {
    }
    if Terminal.refusal == 0 { return }
    let reason = SystemError(errno: Terminal.refusal, subject: "stdout")
    throw Failure(.refused, "The command came to its end, but its result could not be written. \(reason).")
  }
}

struct LVSCtl: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lvsctl",
    abstract: "Bring a Linux Virtual Server (IPVS) cluster to what one file says.",
    version: Version.text,
    subcommands: [
      Validate.self, Diff.self, Apply.self, Confirm.self, Teardown.self, Status.self, SnapshotCommand.self,
    ])

  /// Without a command there is nothing to do: a script whose variable is empty must not take that for success.
  func run() throws {
    Terminal.report(Message(verbatim: Self.helpMessage()))
    throw ExitCode(ExitStatus.usage.rawValue)
  }
}
