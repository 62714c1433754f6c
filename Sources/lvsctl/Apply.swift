import ArgumentParser
import LVSCore
import LVSKernel

struct Apply: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make this node what the file says, then read the kernel back to prove it.",
    discussion: """
      Exit status 0: the node is what the file says. 1: nobody confirmed in time, and it is as it was before.

      --role director and --role standby are remembered: a later apply keeps the role until --role file.

      Examples:
        lvsctl apply --role realserver cluster.conf
        lvsctl apply --role director cluster.conf
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

  @Flag(help: "Apply a file of another cluster than this machine was last brought to: what that one put here goes.")
  var replace = false

  @Flag(help: "When a step is refused leave what was done before it, instead of taking it back.")
  var keepPartial = false

  @OptionGroup var lockOption: LockOption

  func validate() throws {
    try checkSeconds(graceful, of: "graceful")
    try checkSeconds(confirmWithin, of: "confirm-within")
  }

  func run() throws {
    HeldSignals.ignoreLostTerminal()
    let file = try source.load(output.color)
    // Before anything is looked at: who this machine is, and its role, may be what another lvsctl is about to change.
    let lock = try MachineLock.acquire(waiting: lockOption.lockTimeout)
    defer { withExtendedLifetime(lock) {} }
    let memory = try Memory.forChange()
    let session: NodeSession
    do {
      session = try NodeSession(file, nodeOptions, memory)
    } catch {
      throw Failure(describing: error)
    }
    try session.requireIPVS()
    if let note = session.roleChoice.note { Terminal.report(note) }

    let observed = try session.observe()
    let plan = try session.plan(from: observed, prune: prune)
    if !replace, let refusal = memory.stored?.refusal(of: file.name, plan) { throw Failure(.invalidFile, refusal) }
    let active = try session.activeConnections(cutBy: plan)
    let report = session.report(plan, active: active)
    if format.format == .text { Terminal.print(report.text(output.style, isVerbose: output.verbose)) }
    var next = memory.stored ?? MachineMemory()
    var kept = memory.stored
    var done: [Change] = []
    if !plan.isEmpty {
      try Privileges.check(for: plan)
      let confirmation = confirmWithin == nil ? nil : try makeConfirmation(lock)
      next.note(session.target, observed)
      next.note(cluster: file.name, node: session.node)
      if next != kept { try memory.write(next) }
      kept = next
      done = try carryOut(plan, active, observed, session, confirmation)
      next.note(done)
    }
    next.note(cluster: file.name, node: session.node)
    next.role = session.roleChoice.remembered
    next.keepOnly(session.target, observed, done)
    if next != kept { try memory.write(next, "\(session.node.name) is what the file says.") }
    tellDone(report)
  }

  /// The way to be confirmed, before anything is done that nobody could confirm.
  private func makeConfirmation(_ lock: NamespaceLock) throws(Failure) -> Confirmation {
    do {
      return try Confirmation(under: lock)
    } catch {
      throw Failure(.refused, "Nobody could confirm: \(error). Nothing was changed.")
    }
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
    _ plan: Plan, _ active: ActiveConnections, _ observed: HostState, _ session: NodeSession,
    _ confirmation: Confirmation?
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
      if failure.isTakenBack { session.memory.putBack() }
      throw failure.failure
    }
    if let confirmation, let confirmWithin,
      let unkept = run.wait(for: confirmation, of: done, within: confirmWithin)
    {
      if unkept.isTakenBack { session.memory.putBack() }
      throw unkept.failure
    }
    return done
  }
}
