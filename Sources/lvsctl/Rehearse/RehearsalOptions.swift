import ArgumentParser
import LVSModel
import LVSRehearsal
import LVSSystem

/// What of a rehearsal is the same outside and inside.
struct RehearsalOptions: ParsableArguments {
  @Option(help: "How the result is written.")
  var format: RehearsalFormat = .text

  @Option(help: ArgumentHelp("Send about so many requests to each service.", valueName: "number"))
  var requests = 40

  @Option(help: ArgumentHelp("Make this check alone; may be given several times.", valueName: "check"))
  var only: [CheckName] = []

  @Option(
    help: ArgumentHelp(
      "A network of the cluster that is larger or smaller than /24, or /64 for IPv6; may be given several times.",
      valueName: "prefix"))
  var network: [Prefix] = []

  @Option(
    help: ArgumentHelp(
      "Run this program on every node once the file is applied there, with the node's name behind it.",
      valueName: "program"),
    completion: .file())
  var afterApply: String?

  @Flag(help: "Leave a shell in the cluster at the end, where ip netns exec NODE works.")
  var keep = false

  @Flag(help: .hidden)
  var progress = false

  func validate() throws {
    guard (1...100_000).contains(requests) else {
      throw ValidationError("--requests is a number from 1 to 100000.")
    }
    if afterApply?.isEmpty == true { throw ValidationError("--after-apply is without the path of a program.") }
  }

  /// The options as words of a command line.
  var words: [String] {
    var words = ["--format", format.rawValue, "--requests", String(requests)]
    for name in only { words += ["--only", name.rawValue] }
    for prefix in network { words += ["--network", prefix.description] }
    if let afterApply { words += ["--after-apply", absolutePath(afterApply) ?? afterApply] }
    return keep ? words + ["--keep"] : words
  }

  func fill(_ request: inout RehearsalRequest) {
    request.requests = requests
    if !only.isEmpty { request.only = Set(only) }
    request.networks = network
    request.afterApply = afterApply
  }
}
