import ArgumentParser
import LVSCore
import LVSKernel

struct Apply: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make this node what the file says, then read the kernel back to prove it.",
    discussion: """
      Exit status 0: the node is what the file says. 1: nobody confirmed in time, and it is as it was before.

      Examples:
        lvsctl apply --role realserver cluster.conf
        lvsctl apply --graceful 60 --confirm-within 120 cluster.conf
      """)

  @OptionGroup var source: FileArgument
  @OptionGroup var nodeOptions: NodeOptions
  @OptionGroup var format: FormatOption
  @OptionGroup var output: OutputOptions

  @Flag(help: "Also remove services whose VIP or fwmark the file does not name.")
  var prune = false

  @Option(
    help: ArgumentHelp(
      "Give real servers that leave no new connections, and so long to end those they have.", valueName: "seconds"))
  var graceful: Double?

  @Option(
    help: ArgumentHelp(
      "Take everything back unless lvsctl confirm is run within this time.", valueName: "seconds"))
  var confirmWithin: Double?

  @Flag(help: "When a step is refused leave what was done before it, instead of taking it back.")
  var keepPartial = false

  @OptionGroup var lockOption: LockOption

  func validate() throws {
    try checkSeconds(graceful, of: "graceful")
    try checkSeconds(confirmWithin, of: "confirm-within")
  }

  func run() throws {
    HeldSignals.ignoreLostTerminal()
    var session = try NodeSession(try source.load(output.color), nodeOptions)
    try session.requireIPVS()
    let memory = Memory(session)
    let lock = try MachineLock.acquire(waiting: lockOption.lockTimeout)
    defer { withExtendedLifetime(lock) {} }
    let remembered = memory.stored()
    session.target.scope.takeOver(from: remembered)

    let observed = try session.observe()
    let plan = try session.plan(from: observed, prune: prune)
    let active = try session.activeConnections(cutBy: plan)
    let report = session.report(plan, active: active, findings: session.findings(observed, session.kernel))
    if format.format == .text { Terminal.print(report.text(output.style, isVerbose: output.verbose)) }
    var next = remembered ?? NodeMemory()
    var kept = remembered
    if !plan.isEmpty {
      try Privileges.check(for: plan)
      next.note(session.target.state.sysctls.keys, of: observed)
      next.note(session.target.state.links, of: observed)
      next.note(session.target.scope)
      memory.write(next)
      kept = next
      next.note(try carryOut(plan, active, observed, session, memory, remembered))
    }
    next.keepOnly(session.target.scope)
    if let kept, kept != next { memory.write(next) }
    tellDone(report)
  }

  private func tellDone(_ report: NodePlan) {
    switch format.format {
    case .json: Terminal.print(JSONText.pretty(report.json) + "\n")
    case .text where !report.plan.isEmpty:
      Terminal.print("Done: \(report.node) is what the file says, read back from the kernel.\n")
    case .text: break
    }
  }

  /// Carries the plan out to its confirmed end, and returns the steps; or throws, with everything taken back if it could be.
  private func carryOut(
    _ plan: Plan, _ active: ActiveConnections, _ observed: HostState, _ session: NodeSession, _ memory: Memory,
    _ remembered: NodeMemory?
  ) throws -> [Change] {
    let signals = HeldSignals()
    let run = ChangeRun(session: session, observed: observed, signals: signals) { observed throws(Failure) in
      try session.plan(from: observed, prune: prune)
    }
    let done: [Change]
    do {
      if let graceful {
        let staged = plan.staged(active: active, observed: observed)
        done = try run.carryOut(staged, graceful: graceful, keepsPartial: keepPartial)
      } else {
        done = try run.carryOut(plan.changes, keepsPartial: keepPartial)
      }
    } catch let failure as ChangeRun.Ended {
      if failure.isTakenBack { memory.restore(remembered) }
      throw failure.failure
    }
    if let confirmWithin, let unkept = run.awaitConfirmation(of: done, within: confirmWithin) {
      if unkept.isTakenBack { memory.restore(remembered) }
      throw unkept.failure
    }
    return done
  }
}
