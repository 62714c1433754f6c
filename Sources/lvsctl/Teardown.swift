import ArgumentParser
import LVSModel
import LVSNode
import LVSPlan
import LVSSystem
import LVSText

struct Teardown: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Take away from this node what apply put there.",
    discussion: """
      Also where the file does not name this node any more, or calls it or the cluster otherwise: what lvsctl put on a \
      machine is remembered there. VIPs leave first; sysctls, timeouts and sync daemons go back to what they were before \
      the first apply. What others added stays, and so do loaded modules. A change that an apply --confirm-within was \
      killed over, unconfirmed, goes with the rest.

      Examples:
        lvsctl teardown cluster.conf
        lvsctl teardown --graceful 5m cluster.conf
      """)

  @OptionGroup var source: FileArgument
  @OptionGroup var nodeOptions: NodeOptions
  @OptionGroup var format: FormatOption
  @OptionGroup var output: OutputOptions

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Give real servers that leave no new connections, and so long to end those they have.", valueName: "time"),
    transform: Seconds.toWait)
  var graceful: Double?

  @OptionGroup var lockOption: LockOption

  func run() throws {
    HeldSignals.ignoreLostTerminal()
    try endingWithDocument(format.format == .json) { try tearDown() }
  }

  private func tearDown() throws {
    // It sets none of the file's sysctls.
    var request = TeardownRequest(try source.load(output.color, anySysctl: true))
    request.node = nodeOptions.request
    request.gracefulSeconds = graceful
    request.lockSeconds = lockOption.lockTimeout
    let outcome = try request.carryOut(ChangeReport(show).events)
    if let unconfirmed = outcome.unconfirmed {
      Terminal.report(
        """
        The change that apply --confirm-within began at \(utcText(unconfirmed.since)) and nobody confirmed went with the \
        rest; it cannot be taken back any more.
        """)
    }
    switch format.format {
    case .json: Terminal.print(json: outcome.report.json)
    case .text where !outcome.report.plan.isEmpty: Terminal.tell("Done: \(end(outcome.report)).\n")
    case .text: break
    }
  }

  /// What is true of the machine now.
  private func end(_ report: NodePlan) -> Message {
    let proof: Message = "read back from the kernel"
    // They were named on stderr, with what to do.
    if !report.plan.withheld.isEmpty {
      return "what lvsctl put on \(report.node) is gone but for the sysctls that are left as they are, \(proof)"
    }
    let part: Message = nodeOptions.role.isFileOwn ? "" : " for the role \(nodeOptions.role.rawValue)"
    return "nothing that lvsctl put on \(report.node)\(part) is left, \(proof)"
  }

  private func show(_ report: NodePlan) {
    guard format.format == .text else { return }
    if report.plan.isEmpty {
      Terminal.tell("Nothing to take away from \(report.node).\n")
    } else {
      Terminal.print { report.writeText(output.style, to: &$0) }
    }
  }
}
