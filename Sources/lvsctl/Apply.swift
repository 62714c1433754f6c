import ArgumentParser
import Glibc
import LVSModel
import LVSNode
import LVSPlan
import LVSSystem

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
        lvsctl apply --graceful 60 --confirm-within 120 cluster.conf
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
    help: ArgumentHelp(
      "Give real servers that leave no new connections, and so long to end those they have.", valueName: "seconds"))
  var graceful: Double?

  @Option(
    help: ArgumentHelp(
      "Take everything back unless lvsctl confirm is run within this time.", valueName: "seconds"))
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
    try checkSeconds(graceful, of: "graceful")
    try checkSeconds(confirmWithin, of: "confirm-within")
    let others =
      graceful != nil || confirmWithin != nil || prune || replace || adopt || keepPartial || announce
      || nodeOptions.node != nil || nodeOptions.role != .auto
    if takeBack && others {
      throw ValidationError("--take-back goes by what was kept, and has no use for options about a file.")
    }
  }

  func run() throws {
    HeldSignals.ignoreLostTerminal()
    if takeBack {
      return try TakeBack(
        format: format.format, style: output.style, isVerbose: output.verbose, takesOver: takeOver,
        lockTimeout: lockOption.lockTimeout
      ).run()
    }
    let file = try source.load(output.color, anySysctl: sysctlOption.anySysctl)
    // Before anything is looked at: who this machine is, and its role, may be what another lvsctl is about to change.
    let lock = try MachineLock.acquire(waiting: lockOption.lockTimeout)
    defer { withExtendedLifetime(lock) {} }
    try UnconfirmedRecord.refuseBesideOne()
    let memory = try Memory.forChange()
    let session: NodeSession
    do {
      session = try NodeSession(file, nodeOptions, memory)
    } catch {
      throw Failure(describing: error)
    }
    try session.requireIPVS()
    if let note = session.roleChoice.note { Terminal.report(note) }

    if announce { try HeldVIPs.requireAnnouncing(session.target) }
    let look = try session.observe()
    let observed = look.state
    let plan = try session.plan(from: look, prune: prune, adopt: adopt)
    if !replace, let refusal = memory.stored?.refusal(of: file.name, plan) { throw Failure(.invalidFile, refusal) }
    let report = session.report(
      plan, open: try session.openConnections(cutBy: plan), waits: graceful != nil,
      findings: session.findings(look, unsigned: plan.unsigned, session.kernel))
    if format.format == .text {
      Terminal.print { report.writeText(output.style, isVerbose: output.verbose, to: &$0) }
    }
    if let note = plan.unrememberedNote { Terminal.report(note) }
    let draft = MemoryDraft(memory)
    var done: [Change] = []
    var record: UnconfirmedRecord?
    if !plan.isEmpty {
      try Privileges.check(for: plan)
      let confirmation = confirmWithin == nil ? nil : try makeConfirmation(lock)
      if !takeOver { try HeldVIPs.askBeforeTaking(plan, session.kernel) }
      draft.memory.note(session.target, observed)
      draft.memory.note(cluster: file.name, node: session.node)
      if confirmation != nil { record = try makeRecord(plan, observed, session, draft.memory) }
      do {
        try draft.keep()
      } catch {
        record?.remove()
        throw error
      }
      done = try carryOut(plan, observed, session, draft, confirmation, record)
    }
    draft.memory = settled(draft.memory, session, observed, done)
    try draft.keep("\(session.node.name) is what the file says.")
    record?.remove()
    let announced = announce ? try HeldVIPs.announce(session.target, session.kernel) : nil
    tellDone(report)
    guard let announced else { return }
    let words = HeldVIPs.announced(announced, by: session.node)
    if format.format == .text { Terminal.tell(words) } else { Terminal.report(words) }
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
    case .json: Terminal.print(json: report.json)
    case .text where !report.plan.isEmpty:
      Terminal.tell("Done: \(report.node) is what the file says, read back from the kernel.\n")
    case .text: break
    }
  }

  /// What would take the change back if this process were killed, kept before the first step.
  private func makeRecord(
    _ plan: Plan, _ observed: HostState, _ session: NodeSession, _ memory: MachineMemory
  ) throws(Failure) -> UnconfirmedRecord {
    var kept = memory
    kept.role = session.roleChoice.remembered
    let heading = UnconfirmedChange.Heading(
      cluster: session.file.name, node: session.node.name, role: session.role, since: time(nil),
      isGraceful: graceful != nil)
    return try UnconfirmedRecord(heading, plan.changes, before: observed, session.memory, keeping: kept)
  }

  /// What is to be remembered when some steps are done for good.
  private func settled(
    _ memory: MachineMemory, _ session: NodeSession, _ observed: HostState, _ done: [Change]
  ) -> MachineMemory {
    var memory = memory
    memory.note(done)
    memory.note(cluster: session.file.name, node: session.node)
    memory.role = session.roleChoice.remembered
    memory.keepOnly(session.target, observed, done)
    return memory
  }

  /// Carries the plan out to its confirmed end, and returns the steps; or throws, with everything taken back if it could be.
  private func carryOut(
    _ plan: Plan, _ observed: HostState, _ session: NodeSession, _ draft: MemoryDraft, _ confirmation: Confirmation?,
    _ record: UnconfirmedRecord?
  ) throws -> [Change] {
    let signals = HeldSignals()
    let run = ChangeRun(session: session, observed: observed, signals: signals, remember: draft.keepTransient) {
      observed throws(Failure) in
      let rest = try session.plan(from: observed, prune: prune, adopt: adopt)
      try record?.add(rest.changes)
      return rest
    }
    let done: [Change]
    do {
      if let graceful {
        done = try run.carryOut(plan.staged(observed: observed), graceful: graceful, keepsPartial: keepPartial)
      } else {
        done = try run.carryOut(plan.changes, keepsPartial: keepPartial)
      }
    } catch let ended as ChangeRun.Ended {
      throw failure(of: ended, session, record)
    }
    guard let confirmation, let confirmWithin else { return done }
    record?.complete(done, keeping: settled(draft.memory, session, observed, done))
    if let unkept = run.wait(for: confirmation, of: done, within: confirmWithin) {
      throw failure(of: unkept, session, record)
    }
    return done
  }

  /// The failure of a run that did not reach its end, with what is remembered put back where its steps were.
  private func failure(of ended: ChangeRun.Ended, _ session: NodeSession, _ record: UnconfirmedRecord?) -> Failure {
    if ended.isTakenBack { session.memory.putBack() }
    guard let record else { return ended.failure }
    // Whoever asks for what was done to stay has confirmed it.
    if ended.isTakenBack || keepPartial {
      record.remove()
      return ended.failure
    }
    return Failure(ended.failure.status, "\(ended.failure.message)\n\(UnconfirmedRecord.remaining)")
  }
}
