import LVSConfig
import LVSKernel
import LVSModel
import LVSPlan
import LVSText

/// Takes away from this node what applies put there.
public struct TeardownRequest: Sendable {
  /// The file, as it was read and checked; it need not name this machine any more.
  public var file: ClusterFile
  /// Which node of it this machine is.
  public var node = NodeRequest()
  /// For how many seconds real servers may end their connections; nil for none, without a wait.
  public var gracefulSeconds: Double?
  /// For how many seconds another lvsctl is waited for.
  public var lockSeconds = 10.0

  /// A plain teardown.
  public init(_ file: ClusterFile) { self.file = file }

  /// What was taken away.
  public struct Outcome: Sendable {
    /// What was to be done; nothing where there was nothing to take away.
    public var report: NodePlan
    /// The steps that were done, those of later rounds too.
    public var done: [Change]
    /// What there is to say of a change that nobody had confirmed, and that went with the rest.
    public var unconfirmed: UnconfirmedChange.Heading?
  }

  /// Takes it away, and reads the kernel back to prove it.
  public func carryOut(_ events: NodeEvents) throws(RunFailure) -> Outcome {
    try RunAccount.keeping(RunAccount(cluster: file.name)) { (account) throws(NodeFailure) in
      try carryOut(&account, events)
    }
  }

  private func carryOut(_ account: inout RunAccount, _ events: NodeEvents) throws(NodeFailure) -> Outcome {
    let lock = try MachineLock.acquire(waiting: lockSeconds, events)
    defer { withExtendedLifetime(lock) {} }
    let unconfirmed = try UnconfirmedRecord.kept()
    let session = try session(.forChange(events), events)
    account.note(session)
    let target = session.target
    let remembered = session.memory.stored
    let part = remembered?.part(of: target)
    let observed = try session.observe().state
    let plan = Planner.teardown(target, observed: observed, memory: part ?? MachineMemory())
    let report = session.report(
      plan, open: try session.openConnections(cutBy: plan), waits: gracefulSeconds != nil)
    account.report = report
    events.tell(.planned(report))
    tellForgotten(target, observed, part, events)
    tellWithheld(plan, target, observed, events)
    if !plan.isEmpty {
      try Privileges.check(for: plan)
      do throws(RunEnd) {
        account.done = try run(plan, session, observed, part ?? MachineMemory(), events)
      } catch {
        account.end = error
        throw error.failure
      }
    }
    if let remembered {
      try session.memory.keep(
        remembered.left(of: target, observed, account.done), "All that was to go has been taken away.")
    }
    if let unconfirmed { UnconfirmedRecord.remove(unconfirmed.file, events) }
    return Outcome(report: report, done: account.done, unconfirmed: unconfirmed?.heading)
  }

  private func run(
    _ plan: Plan, _ session: NodeSession, _ observed: HostState, _ memory: MachineMemory, _ events: NodeEvents
  ) throws(RunEnd) -> [Change] {
    let draft = MemoryDraft(session.memory)
    let target = session.target
    let run = ChangeRun(session: session, observed: observed, events, remember: draft.keepTransient) {
      observed throws(NodeFailure) in
      Planner.teardown(target, observed: observed.state, memory: memory)
    }
    return try run.carryOut(plan, graceful: gracefulSeconds, keepsPartial: false)
  }

  /// The node of the file that this machine is, or where the file does not name it any more, what it is remembered to be.
  private func session(_ memory: KeptMemory, _ events: NodeEvents) throws(NodeFailure) -> NodeSession {
    let session: NodeSession
    var isNamed = true
    do {
      session = try NodeSession(file, node, memory, .nothing)
    } catch let stranger as NodeMismatch where stranger.isStranger {
      guard let remembered = memory.stored else {
        throw NodeFailure(
          .invalidFile,
          "\(stranger.message)\nNor does lvsctl remember an apply on this machine, so there is nothing to take away.")
      }
      if let name = node.name, name != remembered.node { throw NodeFailure(.invalidFile, stranger.message) }
      session = NodeSession(file, remembering: memory, remembered)
      isNamed = false
    } catch {
      throw NodeFailure(describing: error)
    }
    if let note = memory.stored?.teardownNote(of: file.name, namesNode: isNamed) { events.note(note) }
    return session
  }
}
