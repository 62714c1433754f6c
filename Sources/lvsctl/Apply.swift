import ArgumentParser
import LVSModel
import LVSNode
import LVSPlan
import LVSSystem
import LVSText

struct Apply: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make this node what the file says, then read the kernel back to prove it.",
    discussion: """
      Exit status 0: the node is what the file says. 1: nobody confirmed in time, and it is as it was before.

      --role director and --role standby are remembered: a later apply keeps the role until --role file.

      What --confirm-within changes is kept until it is confirmed. If the apply is killed, the next one ends with 75: \
      lvsctl confirm then keeps the change, and --take-back, which reads no file, takes it back.

      Examples:
        lvsctl apply --role realserver cluster.conf
        lvsctl apply --role director cluster.conf
        lvsctl apply --graceful 5m --confirm-within 2m cluster.conf
        lvsctl apply --role director --take-over cluster.conf
        lvsctl apply --take-back
      """)

  @OptionGroup var source: FileArgument
  @OptionGroup var nodeOptions: NodeOptions
  @OptionGroup var format: FormatOption
  @OptionGroup var output: OutputOptions

  @Flag(help: "Also remove services whose VIP or fwmark the file does not name.")
  var prune = false

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Give real servers that leave no new connections, and so long to end those they have.", valueName: "time"),
    transform: Seconds.toWait)
  var graceful: Double?

  @Option(
    help: ArgumentHelp(
      "Take everything back unless lvsctl confirm is run within this time.", valueName: "time"),
    transform: Seconds.toWait)
  var confirmWithin: Double?

  @Flag(help: "Take back what an apply --confirm-within changed that was killed before anybody confirmed.")
  var takeBack = false

  @Flag(help: "Apply a file of another cluster than this machine was last brought to: what that one put here goes.")
  var replace = false

  @Flag(help: "Sign addresses of the file that somebody added by hand as lvsctl's, where they are.")
  var adopt = false

  @Flag(help: "When a step is refused leave what was done before it, instead of taking it back.")
  var keepPartial = false

  @Flag(help: "Take VIPs without asking the network first whether another machine holds them.")
  var takeOver = false

  @Flag(help: "Tell the neighbours again of the VIPs that this node holds, also when nothing changes.")
  var announce = false

  @OptionGroup var sysctlOption: SysctlOption
  @OptionGroup var lockOption: LockOption

  func validate() throws {
    let others =
      graceful != nil || confirmWithin != nil || prune || replace || adopt || keepPartial || announce
      || nodeOptions.node != nil || nodeOptions.role != .auto
    if takeBack && others {
      throw ValidationError("--take-back goes by what was kept, and has no use for options about a file.")
    }
  }

  func run() throws {
    HeldSignals.ignoreLostTerminal()
    try endingWithDocument(format.format == .json) { try takeBack ? runTakeBack() : runApply() }
  }

  private func runApply() throws {
    var request = ApplyRequest(try source.load(output.color, anySysctl: sysctlOption.anySysctl))
    request.node = nodeOptions.request
    request.prunes = prune
    request.replaces = replace
    request.adopts = adopt
    request.keepsPartial = keepPartial
    request.takesOver = takeOver
    request.announces = announce
    request.gracefulSeconds = graceful
    request.confirmationSeconds = confirmWithin
    request.lockSeconds = lockOption.lockTimeout
    let outcome = try request.carryOut(
      ChangeReport { report in
        if format.format == .text {
          Terminal.print { report.writeText(output.style, isVerbose: output.verbose, to: &$0) }
        }
      }.events)
    switch format.format {
    case .json: Terminal.print(json: outcome.report.json)
    case .text where !outcome.report.plan.isEmpty:
      Terminal.tell("Done: \(outcome.report.node) is what the file says, read back from the kernel.\n")
    case .text: break
    }
    guard let count = outcome.announced else { return }
    let words = announced(count, by: outcome.report.node)
    if format.format == .text { Terminal.tell(words) } else { Terminal.report(words) }
  }

  /// How many VIPs were announced, for an operator.
  private func announced(_ count: Int, by node: String) -> Message {
    switch count {
    case 0: "\(node) holds no VIP that neighbours could be told of.\n"
    case 1: "Announced 1 VIP that \(node) holds.\n"
    default: "Announced \(count) VIPs that \(node) holds.\n"
    }
  }

  private func runTakeBack() throws {
    let request = TakeBackRequest(takesOver: takeOver, lockSeconds: lockOption.lockTimeout)
    let outcome = try request.carryOut(
      ChangeReport { report in
        if format.format == .text && !report.plan.isEmpty {
          Terminal.print { report.writeText(output.style, isVerbose: output.verbose, to: &$0) }
        }
      }.events)
    switch format.format {
    case .json: Terminal.print(json: outcome.report.json)
    case .text where outcome.report.plan.isEmpty: Terminal.tell("Nothing of the change was left to be taken back.\n")
    case .text:
      Terminal.tell(
        """
        Taken back: of the change that began at \(utcText(outcome.heading.since)) this machine holds nothing any more, \
        read back from the kernel.\n
        """)
    }
  }
}
