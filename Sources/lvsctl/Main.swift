import ArgumentParser
import CProcess
import Glibc
import LVSKernel
import LVSNode
import LVSSystem
import LVSText

@main
struct Main {
  static func main() {
    Heap.keepFreed()
    lvsctl_last_words_prepare()
    StandardStreams.hold()
    do {
      var command = try LVSCtl.parseAsRoot(WatchInterval.written(in: arguments))
      try run(&command)
    } catch {
      if let failure = Failure(thrown: error) { end(failure) }
      endAsTheLibrarySays(error)
    }
  }

  /// The command line behind the program's name.
  static var arguments: [String] {
    var count: CInt = 0
    guard let words = lvsctl_arguments(&count), count > 1 else { return [] }
    return (1..<Int(count)).compactMap { index in words[index].map { String(cString: $0) } }
  }

  private static func end(_ failure: Failure) -> Never {
    if !failure.isTold { Terminal.report(failure.message) }
    exit(failure.status.rawValue)
  }

  /// Prints what the parser of arguments has to say: help, the version and completion scripts are results, and one that
  /// could not be written is no success.
  private static func endAsTheLibrarySays(_ error: any Error) -> Never {
    let status = LVSCtl.exitCode(for: error)
    if !status.isSuccess {
      Terminal.report(LVSCtl.usageMessage(for: error))
      exit(status.rawValue)
    }
    do throws(Failure) {
      let text = try CompletionScript.made(safe: LVSCtl.fullMessage(for: error))
      if !text.isEmpty { Terminal.print(text + "\n") }
      if let lostResult { throw lostResult }
    } catch {
      end(error)
    }
    exit(status.rawValue)
  }

  /// The failure of a command whose result stdout did not take, nil where it took all of it.
  private static var lostResult: Failure? {
    if Terminal.refusal == 0 { return nil }
    let reason = SystemError(errno: Terminal.refusal, subject: "stdout")
    return Failure(.refused, "The command came to its end, but its result could not be written. \(reason).")
  }

  /// Runs a command; one that found no trouble and yet could not tell its result is a failure all the same.
  private static func run(_ command: inout any ParsableCommand) throws {
    do {
      try command.run()
    } catch let code as ExitCode where code.rawValue == ExitStatus.negative.rawValue && Terminal.refusal != 0 {
    }
    if let lostResult { throw lostResult }
  }
}

struct LVSCtl: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lvsctl",
    abstract: "Bring a Linux Virtual Server (IPVS) cluster to what one file says.",
    version: Version.text,
    subcommands: [
      Validate.self, Diff.self, Apply.self, Confirm.self, Teardown.self, Drain.self, Undrain.self,
      Status.self, SnapshotCommand.self, Rehearse.self, Export.self, ApartFirstProcess.self,
    ])

  /// Without a command there is nothing to do: a script whose variable is empty must not take that for success.
  func run() throws {
    Terminal.report(Message(verbatim: Self.helpMessage()))
    throw ExitCode(ExitStatus.usage.rawValue)
  }
}
