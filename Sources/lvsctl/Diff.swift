import ArgumentParser
import LVSConfig
import LVSNode
import LVSPlan
import LVSSystem
import LVSText

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
  @OptionGroup var sysctlOption: SysctlOption

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "What the file is compared with: live, a snapshot, another cluster file, or ssh://[user@]host.",
      discussion: """
        Two cluster files are compared for every node, or for the one that --node names, in the order in which to bring \
        them to the file. An empty one, as /dev/null, is a cluster that does not exist yet.
        """,
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
    let (file, bytes) = try source.loadBytes(output.color, anySysctl: sysctlOption.anySysctl)
    let plan: NodePlan
    switch try Against(against, file: bytes, nodeOptions, sysctlOption, color: output.color) {
    case .live: plan = try live(file)
    case .snapshot(let snapshot, let name):
      let comparison = try Comparison.plan(
        from: snapshot, named: name, to: file, nodeOptions.request, prune: prune)
      tellUnknown(comparison.unknownSysctls, source: name)
      plan = comparison.plan
    case .file(let old, let oldName):
      if old.directors.isEmpty { tellNothing(in: oldName) }
      guard let name = nodeOptions.node else { return try everyNode(from: old, to: file) }
      plan = try Comparison.plan(
        from: old, named: oldName, to: file, name, nodeOptions.role, prune: prune)
    }
    Terminal.print { report(plan, to: &$0) }
    try end(differs: !plan.plan.isEmpty)
  }

  private func tellUnknown(_ sysctls: [String], source: String) {
    if sysctls.isEmpty { return }
    Terminal.report(
      """
      \(source) does not tell the value of \(sysctls.joined(separator: ", ")): a snapshot has the sysctls under \
      net.ipv4, net.ipv6, net.core and net.netfilter that everybody may read. Whether they differ is left open; run \
      lvsctl diff on that machine.
      """)
  }

  private func tellNothing(in name: String) {
    Terminal.report(
      "\(name) holds no cluster: it is empty, or has only comments. So all of \(FileSource.name(source.file)) is new.")
  }

  private func everyNode(from old: ClusterFile, to new: ClusterFile) throws {
    guard nodeOptions.role.isFileOwn else {
      throw Failure(.usage, "Two files are compared for every node; name the one that --role is for with --node.")
    }
    let plans = Comparison.plans(from: old, to: new, prune: prune)
    Terminal.print { report(plans, to: &$0) }
    try end(differs: plans.differ)
  }

  private func end(differs: Bool) throws {
    if differs { throw ExitCode(ExitStatus.negative.rawValue) }
  }

  private func live(_ file: ClusterFile) throws(NodeFailure) -> NodePlan {
    let session = try NodeSession(file, nodeOptions.request, .told)
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

  private func report(_ plan: NodePlan, to sink: inout TextSink) {
    switch format {
    case .text: plan.writeText(output.style, isVerbose: output.verbose, to: &sink)
    case .json: JSONText.writeDocument(plan.json, to: &sink)
    case .markdown: plan.writeMarkdown(isVerbose: output.verbose, to: &sink)
    case .commands: plan.plan.writeCommandLines(to: &sink)
    }
  }

  /// Every node: one document, or one section after the other.
  private func report(_ plans: FilePlans, to sink: inout TextSink) {
    switch format {
    case .text: plans.writeText(output.style, isVerbose: output.verbose, to: &sink)
    case .json: JSONText.writeDocument(plans.json, to: &sink)
    case .markdown: plans.writeMarkdown(isVerbose: output.verbose, to: &sink)
    case .commands: plans.writeCommandLines(to: &sink)
    }
  }
}
