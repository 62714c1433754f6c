import Glibc
import LVSKernel
import LVSModel
import LVSPlan
import LVSText

extension ApplyRequest {
  /// Makes this node what the file says, and reads the kernel back to prove it.
  public func carryOut(_ events: NodeEvents) throws(RunFailure) -> ApplyOutcome {
    try RunAccount.keeping(RunAccount(cluster: file.name)) { (account) throws(NodeFailure) in
      try carryOut(&account, events)
    }
  }

  private func carryOut(_ account: inout RunAccount, _ events: NodeEvents) throws(NodeFailure) -> ApplyOutcome {
    // Before anything is looked at: who this machine is, and its role, may be what another lvsctl is about to change.
    let lock = try MachineLock.acquire(waiting: lockSeconds, events)
    defer { withExtendedLifetime(lock) {} }
    try UnconfirmedRecord.refuseBesideOne()
    let session = try session(events)
    account.note(session)
    try session.requireIPVS()
    if let note = session.roleChoice.note { events.note(note) }
    if announces { try HeldVIPs.requireAnnouncing(session.target) }
    let observed = try session.observe()
    let plan = try plan(session, observed)
    account.report = session.report(plan)
    if !replaces, let refusal = session.memory.stored?.refusal(of: file.name, plan) {
      throw NodeFailure(.invalidFile, refusal.message)
    }
    let report =
      examines
      ? session.report(
        plan, open: try session.openConnections(cutBy: plan), waits: gracefulSeconds != nil,
        findings: session.findings(observed, unsigned: plan.unsigned, session.kernel))
      : session.report(plan, waits: gracefulSeconds != nil)
    account.report = report
    events.tell(.planned(report))
    if let note = plan.unrememberedNote { events.note(note) }
    let change = Application(request: self, session: session, observed: observed.state, plan: plan, events: events)
    account.done = try change.carryOut(under: lock, &account)
    let announced = announces ? try HeldVIPs.announce(session.target.announcedAddresses, session.kernel) : nil
    return ApplyOutcome(report: report, done: account.done, announced: announced)
  }

  /// The plan from what this machine holds, as far as it is to be touched.
  fileprivate func plan(_ session: NodeSession, _ observed: Observed) throws(NodeFailure) -> Plan {
    try session.plan(from: observed, prune: prunes, adopt: adopts).without(withheld)
  }

  private func session(_ events: NodeEvents) throws(NodeFailure) -> NodeSession {
    let memory = try KeptMemory.forChange(events)
    do {
      return try NodeSession(file, node, memory, .change, verdicts: verdicts)
    } catch {
      throw NodeFailure(describing: error)
    }
  }
}

/// A plan of an apply on its way into the kernel, with what is remembered beside it.
private struct Application {
  let request: ApplyRequest
  let session: NodeSession
  let observed: HostState
  let plan: Plan
  let events: NodeEvents

  /// Carries the plan out and returns the steps, or throws, with everything taken back if it could be.
  func carryOut(under lock: NamespaceLock, _ account: inout RunAccount) throws(NodeFailure) -> [Change] {
    let draft = MemoryDraft(session.memory)
    var done: [Change] = []
    var record: UnconfirmedRecord?
    if !plan.isEmpty {
      try Privileges.check(for: plan)
      let confirmation = request.confirmationSeconds == nil ? nil : try makeConfirmation(lock)
      if !request.takesOver { try HeldVIPs.askBeforeTaking(plan, session.kernel) }
      draft.memory.note(session.target, observed)
      draft.memory.note(cluster: session.file.name, node: session.node)
      if confirmation != nil { record = try makeRecord(draft.memory) }
      do {
        try draft.keep()
      } catch {
        record?.remove()
        throw error
      }
      do throws(RunEnd) {
        done = try run(draft, confirmation, record)
      } catch {
        account.end = error
        throw failure(of: error, record)
      }
      account.done = done
    }
    draft.memory = settled(draft.memory, done)
    try draft.keep("\(session.node.name) is what the file says.")
    record?.remove()
    return done
  }

  /// The way to be confirmed, before anything is done that nobody could confirm.
  private func makeConfirmation(_ lock: NamespaceLock) throws(NodeFailure) -> Confirmation {
    do {
      return try Confirmation(under: lock)
    } catch {
      throw NodeFailure(.refused, "Nobody could confirm: \(error). Nothing was changed.", errno: error.errno)
    }
  }

  /// What would take the change back if this process were killed, kept before the first step.
  private func makeRecord(_ memory: MachineMemory) throws(NodeFailure) -> UnconfirmedRecord {
    var kept = memory
    kept.role = session.roleChoice.remembered
    let heading = UnconfirmedChange.Heading(
      cluster: session.file.name, node: session.node.name, role: session.node.roleWord, since: time(nil),
      isGraceful: request.gracefulSeconds != nil)
    return try UnconfirmedRecord(
      heading, plan.changes, before: observed, session.memory, keeping: kept, events)
  }

  /// What is to be remembered when some steps are done for good.
  private func settled(_ memory: MachineMemory, _ done: [Change]) -> MachineMemory {
    var memory = memory
    memory.note(done)
    memory.note(cluster: session.file.name, node: session.node)
    memory.role = session.roleChoice.remembered
    memory.keepOnly(session.target, observed, done)
    return memory
  }

  /// The steps to their confirmed end.
  private func run(
    _ draft: MemoryDraft, _ confirmation: Confirmation?, _ record: UnconfirmedRecord?
  ) throws(RunEnd) -> [Change] {
    let run = ChangeRun(session: session, observed: observed, events, remember: draft.keepTransient) {
      observed throws(NodeFailure) in
      let rest = try request.plan(session, observed)
      try record?.add(rest.changes)
      return rest
    }
    let done = try run.carryOut(plan, graceful: request.gracefulSeconds, keepsPartial: request.keepsPartial)
    guard let confirmation, let seconds = request.confirmationSeconds else { return done }
    record?.complete(done, keeping: settled(draft.memory, done))
    try run.wait(for: confirmation, of: done, within: seconds)
    return done
  }

  /// The failure of a run that did not reach its end, with what is remembered put back where its steps were.
  private func failure(of end: RunEnd, _ record: UnconfirmedRecord?) -> NodeFailure {
    if end.isTakenBack { session.memory.putBack(events) }
    var failure = end.failure
    guard let record else { return failure }
    // Whoever asks for what was done to stay has confirmed it.
    if end.isTakenBack || request.keepsPartial {
      record.remove()
      return failure
    }
    failure.message = "\(failure.message)\n\(UnconfirmedRecord.remaining)"
    return failure
  }
}
