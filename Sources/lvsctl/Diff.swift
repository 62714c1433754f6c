import ArgumentParser
import LVSCore

enum DiffFormat: String, CaseIterable, ExpressibleByArgument {
  case text, json, markdown, commands
}

struct Diff: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what apply would change; changes nothing.",
    discussion: """
      Exit status 0: nothing differs. 1: something does.

      Examples:
        lvsctl diff cluster.conf
        lvsctl diff cluster.conf --against ssh://root@web1
        git show main:lvs.conf | lvsctl diff lvs.conf --against -
      """)

  @OptionGroup var source: FileArgument
  @OptionGroup var nodeOptions: NodeOptions
  @OptionGroup var output: OutputOptions

  @Option(
    help: ArgumentHelp(
      "What the file is compared with: live, a snapshot, another cluster file, or ssh://[user@]host.",
      discussion: "Two cluster files are compared for every node, or for the one that --node names.",
      valueName: "source"),
    completion: .file())
  var against = "live"

  @Option(help: "How the result is written; commands are the ipvsadm, ip and sysctl lines that do the same.")
  var format: DiffFormat = .text

  @Flag(help: "Also remove services whose VIP or fwmark the file does not name.")
  var prune = false

  func validate() throws {
    if source.file == "-" && against == "-" {
      throw ValidationError("Standard input can be the file or what it is compared with, not both.")
    }
    if against.hasPrefix("ssh:") && SSHDestination(against) == nil {
      throw ValidationError("--against \(against) is not of the form ssh://[user@]host[:port].")
    }
  }

  func run() throws {
    let (file, bytes) = try source.loadBytes(output.color)
    let plans: [NodePlan]
    switch try Against(against, file: bytes, nodeOptions, color: output.color) {
    case .live: plans = try one(live(file))
    case .snapshot(let snapshot, let name):
      plans = try one(Comparison.plan(from: snapshot, named: name, to: file, nodeOptions, prune: prune))
    case .file(let old, let oldName):
      if let name = nodeOptions.node {
        plans = try one(
          Comparison.plan(from: old, named: oldName, to: file, name, nodeOptions.role, prune: prune))
      } else if nodeOptions.role.isFileOwn {
        plans = try Comparison.plans(from: old, to: file, prune: prune)
        Terminal.print(report(plans))
      } else {
        throw Failure(.usage, "Two files are compared for every node; name the one that --role is for with --node.")
      }
    }
    if plans.contains(where: { !$0.plan.isEmpty }) { throw ExitCode(ExitStatus.negative.rawValue) }
  }

  /// Prints the plan of the one node that the comparison is about.
  private func one(_ plan: NodePlan) -> [NodePlan] {
    Terminal.print(report(plan))
    return [plan]
  }

  private func live(_ file: ClusterFile) throws(Failure) -> NodePlan {
    let session = try NodeSession(file, nodeOptions)
    try session.requireIPVS()
    if let note = session.roleChoice.note { Terminal.report(note) }
    if let warning = session.memory.stored?.warning(of: file.name) { Terminal.report(warning) }
    let observed = try session.observe()
    let plan = try session.plan(from: observed, prune: prune)
    let findings = session.findings(observed, unsigned: plan.unsigned, session.kernel)
    // The lines are for a shell, so what else there is to say goes beside them.
    if format == .commands {
      for line in findings.lines { Terminal.report(Message(verbatim: line.text(Style(usesColor: false)))) }
    }
    return session.report(plan, open: try session.openConnections(cutBy: plan), findings: findings)
  }

  private func report(_ plan: NodePlan) -> String {
    switch format {
    case .text: plan.text(output.style, isVerbose: output.verbose)
    case .json: JSONText.pretty(plan.json) + "\n"
    case .markdown: plan.markdown
    case .commands: plan.plan.commandLines.map { $0 + "\n" }.joined()
    }
  }

  /// Every node: one document, or one section after the other.
  private func report(_ plans: [NodePlan]) -> String {
    switch format {
    case .text: plans.text(output.style, isVerbose: output.verbose)
    case .markdown: plans.markdown
    case .json: JSONText.pretty(plans.json) + "\n"
    case .commands: plans.commandLines.map { $0 + "\n" }.joined()
    }
  }
}
