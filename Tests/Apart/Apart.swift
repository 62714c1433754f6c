import ArgumentParser
import Glibc
import LVSApart
import LVSSystem

/// Runs a program apart from this machine, for the tests: with what lvsctl has for that, and nothing else of it.
@main
struct Apart: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lvsctl-apart", abstract: "Run a program as root on a kernel with IPVS, apart from this machine.")

  @Option(help: "The path of lvsctl.")
  var lvsctl: String

  @Option(help: "auto, namespaces or uml.")
  var ground = GroundWish.auto

  @Option(help: "The memory of a kernel of its own, in MiB.")
  var memory = 512

  @Option(help: "A file that the program finds, NAME=TEXT.")
  var file: [String] = []

  @Option(help: "A variable of its environment, NAME=VALUE.")
  var variable: [String] = []

  @Option(help: "A folder that it sees.")
  var shared: String?

  @Option(help: "How many seconds it may take.")
  var limit: Double?

  @Flag(help: "Give it a terminal.")
  var interactive = false

  @Argument(parsing: .captureForPassthrough)
  var program: [String]

  func run() throws {
    let words = program.first == "--" ? Array(program.dropFirst()) : program
    var job = ApartJob(words, firstProcess: [lvsctl, "apart-first-process"])
    job.memory = memory
    job.files = file.map { text in
      let name = text.prefix { $0 != "=" }
      return (String(name), Array(text.dropFirst(name.count + 1).utf8))
    }
    job.environment = variable
    job.shared = shared
    job.limit = limit
    job.isInteractive = interactive
    let status: Int32
    do throws(GroundFailure) {
      status = try job.run(on: try Ground.choose(ground))
    } catch {
      _ = writeAll(Array("\(error.kind): \(error.message.text)\n".utf8), to: STDERR_FILENO)
      throw ExitCode(70)
    }
    throw ExitCode(status)
  }
}

extension GroundWish: ExpressibleByArgument {}
