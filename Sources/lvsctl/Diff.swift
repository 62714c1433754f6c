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
        git show main:cluster.conf | lvsctl diff cluster.conf --against - --format markdown
      """)

  @OptionGroup var source: FileArgument
  @OptionGroup var nodeOptions: NodeOptions
  @OptionGroup var output: OutputOptions

  @Option(
    help: ArgumentHelp(
      "What the file is compared with: live, a snapshot, another cluster file, or ssh://[user@]host.",
      discussion: "Two cluster files are compared for every node, or for the one that --node names.",
      valueName: "source"))
  var against = "live"

  @Option(help: "How the result is written; commands are the ipvsadm, ip and sysctl lines that do the same.")
  var format: DiffFormat = .text

  @Flag(help: "Also remove services whose VIP or fwmark the file does not name.")
  var prune = false

  func validate() throws {
    if source.file == "-" && against == "-" {
      throw ValidationError("Standard input can be the file or what it is compared with, not both.")
    }
  }

  func run() throws {
    let (file, bytes) = try source.loadBytes(output.color)
    let plans: [NodePlan]
    switch try Against(against, file: bytes, color: output.color) {
    case .live: plans = [try live(file)]
    case .snapshot(let snapshot): plans = [try compare(file, snapshot)]
    case .file(let old) where nodeOptions.node == nil:
      let plans = try Comparison.plans(from: old, to: file, role: nodeOptions.role, prune: prune)
      Terminal.print(report(plans))
      try end(plans)
      return
    case .file(let old):
      plans = [try Comparison.plan(from: old, to: file, nodeOptions, prune: prune)]
    }
    Terminal.print(plans.map { report($0) }.joined())
    try end(plans)
  }

  private func end(_ plans: [NodePlan]) throws {
    if plans.contains(where: { !$0.plan.isEmpty }) { throw ExitCode(ExitStatus.negative.rawValue) }
  }

  private func live(_ file: ClusterFile) throws(Failure) -> NodePlan {
    var session = try NodeSession(file, nodeOptions)
    try session.requireIPVS()
    session.target.scope.takeOver(from: Memory(session).stored())
    let plan = try session.plan(from: try session.observe(), prune: prune)
    if output.verbose { for note in try session.notes() { Terminal.report(note) } }
    return session.report(plan, active: try session.activeConnections(cutBy: plan))
  }

  private func compare(_ file: ClusterFile, _ snapshot: Snapshot) throws(Failure) -> NodePlan {
    let node = try Comparison.node(nodeOptions.node ?? snapshot.node, in: file, role: nodeOptions.role)
    return try Comparison.plan(file.target(for: node), observed: snapshot.state, file, node, prune: prune)
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
    case .text: plans.map { $0.text(output.style, isVerbose: output.verbose) }.joined(separator: "\n")
    case .markdown: plans.map(\.markdown).joined(separator: "\n")
    case .json:
      JSONText.pretty(.object([("format_version", .integer(1)), ("nodes", .array(plans.map(\.json)))])) + "\n"
    case .commands:
      plans.filter { !$0.plan.isEmpty }.map { plan in
        "# \(plan.node)\n" + plan.plan.commandLines.map { $0 + "\n" }.joined()
      }.joined()
    }
  }
}
