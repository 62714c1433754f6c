import ArgumentParser
import Glibc
import LVSKernel

@main
struct Main {
  static func main() {
    Heap.keepFreed()
    do {
      var command = try LVSCtl.parseAsRoot(WatchInterval.written(in: Array(CommandLine.arguments.dropFirst())))
      try command.run()
    } catch let failure as Failure {
      Terminal.report(failure.message)
      exit(failure.status.rawValue)
    } catch {
      LVSCtl.exit(withError: error)
    }
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
}
