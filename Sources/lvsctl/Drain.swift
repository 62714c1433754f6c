import ArgumentParser
import LVSNode
import LVSSystem
import LVSText

/// What `drain` and `undrain` have in common.
struct DrainArguments: ParsableArguments {
  @Argument(help: "The real server's name in the file.", completion: Completion.realServers)
  var server: String

  @OptionGroup var source: FileArgument
  @OptionGroup var nodeOptions: NodeOptions
  @OptionGroup var format: FormatOption
  @OptionGroup var output: OutputOptions
  @OptionGroup var lockOption: LockOption

  var isText: Bool { format.format == .text }

  /// Carries it out, with the steps on stdout.
  func carryOut(drains: Bool, wait: Double? = nil) throws -> DrainRequest.Outcome {
    // Neither sets a sysctl of the file.
    var request = DrainRequest(try source.load(output.color, anySysctl: true), server, drains: drains)
    request.node = nodeOptions.request
    request.lockSeconds = lockOption.lockTimeout
    request.waitSeconds = wait
    let outcome = try request.carryOut(
      ChangeReport { report in
        guard isText else { return }
        Terminal.print { sink in
          if !report.plan.isEmpty { return report.writeText(output.style, isVerbose: output.verbose, to: &sink) }
          for line in report.findings.lines { sink.write(line.text(output.style) + "\n") }
        }
      }.events)
    if !isText { Terminal.print(json: outcome.report.json) }
    return outcome
  }
}

struct Drain: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Give a real server no new connections on this node, in all services of the file.",
    discussion: """
      It has weight 0 until lvsctl undrain, also over an apply and over reboots; its connections go on. With --wait they \
      are waited for, and shown. Exit status 0: it is drained, and with --wait no connection is left. 1: the time is up, \
      or the wait was ended, and some are left.

      A drain is about this node: run it on each director.

      Examples:
        lvsctl drain web1
        lvsctl drain web1 cluster.conf --wait 5m
      """)

  @OptionGroup var arguments: DrainArguments

  @Option(
    help: ArgumentHelp("Wait so long until it has no connections left.", valueName: "time"), transform: Seconds.toWait)
  var wait: Double?

  func run() throws {
    HeldSignals.ignoreLostTerminal()
    try endingWithDocument(!arguments.isText) {
      let outcome = try arguments.carryOut(drains: true, wait: wait)
      tell(outcome)
      if outcome.hasConnections { throw ExitCode(ExitStatus.negative.rawValue) }
    }
  }

  private func tell(_ outcome: DrainRequest.Outcome) {
    guard arguments.isText else { return }
    let server = arguments.server
    let node = outcome.report.node
    let state: Message =
      outcome.since.map { "\(server) is drained on \(node) already, since \(utcText($0))" }
      ?? "\(server) is drained on \(node) until lvsctl undrain"
    let rest: Message =
      wait == nil ? "." : outcome.hasConnections ? ", and has connections left." : ", and has no connections left."
    Terminal.tell("\(state)\(rest)\n")
  }
}

struct Undrain: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Give a real server that was drained on this node its weight back.",
    discussion: """
      Its weight is the file's again in all services, except where it is down by its checks. The name of one that has left \
      the file since is forgotten.

      Example:
        lvsctl undrain web1 cluster.conf
      """)

  @OptionGroup var arguments: DrainArguments

  func run() throws {
    HeldSignals.ignoreLostTerminal()
    try endingWithDocument(!arguments.isText) {
      let outcome = try arguments.carryOut(drains: false)
      guard arguments.isText else { return }
      let server = arguments.server
      let node = outcome.report.node
      if let since = outcome.since {
        Terminal.tell("\(server) is not drained on \(node) any more; it was since \(utcText(since)).\n")
      } else {
        Terminal.tell("\(server) was not drained on \(node).\n")
      }
    }
  }
}
