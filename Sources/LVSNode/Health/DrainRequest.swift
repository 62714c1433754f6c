import Glibc
import LVSConfig
import LVSKernel
import LVSModel
import LVSPlan
import LVSSystem
import LVSText

/// Takes a real server out of all services of this node without cutting its connections, or brings it back.
public struct DrainRequest: Sendable {
  /// The file, as it was read and checked.
  public var file: ClusterFile
  /// The real server's name in it.
  public var server: String
  /// Whether it is to be drained, and not brought back.
  public var drains: Bool
  /// Which node of the file this machine is.
  public var node = NodeRequest()
  /// For how many seconds the connections are waited for that a drained one has left; nil for none.
  public var waitSeconds: Double?
  /// For how many seconds another lvsctl is waited for.
  public var lockSeconds = 10.0

  /// A request without a wait.
  public init(_ file: ClusterFile, _ server: String, drains: Bool) {
    self.file = file
    self.server = server
    self.drains = drains
  }

  /// What has come of it.
  public struct Outcome: Sendable {
    /// What was to be done, and what there is to say of the services.
    public var report: NodePlan
    /// Since when it was drained before, in seconds since the beginning of 1970; nil where it was not.
    public var since: Int?
    /// Whether it has connections left after the wait.
    public var hasConnections = false
  }

  /// Carries the request out, and reads the kernel back to prove it.
  public func carryOut(_ events: NodeEvents) throws(RunFailure) -> Outcome {
    try RunAccount.keeping(RunAccount(cluster: file.name)) { (account) throws(NodeFailure) in
      try carryOut(&account, events)
    }
  }

  private func carryOut(_ account: inout RunAccount, _ events: NodeEvents) throws(NodeFailure) -> Outcome {
    var lock: NamespaceLock? = try MachineLock.acquire(waiting: lockSeconds, events)
    defer { withExtendedLifetime(lock) {} }
    try UnconfirmedRecord.refuseBesideOne()
    let memory = try KeptMemory.forChange(events)
    let session: NodeSession
    do {
      session = try NodeSession(file, node, memory, .change)
    } catch {
      throw NodeFailure(describing: error)
    }
    account.note(session)
    try requireDirector(session)
    let drains = session.health.drains
    try requireName(knownBy: drains)
    try session.requireIPVS()
    if let note = session.roleChoice.note { events.note(note) }
    if let warning = memory.stored?.warning(of: file.name) { events.note(warning) }

    let change = DrainChange(self, session)
    let observed = try session.observe()
    let plan = change.plan(from: observed.state)
    let findings = change.wanted.findings(observed, unsigned: [], session.kernel)
    let report = session.report(
      plan, findings: findings.filter { [.noWeight, .belowQuorum].contains($0.code) })
    account.report = report
    events.tell(.planned(report))
    try Privileges.check(for: plan)

    var outcome = Outcome(report: report, since: drains[server])
    // Whatever happens on the way: the next apply makes it whole, and does not take it back.
    if self.drains { try keep(change.wanted.health, instead: drains, memory, "Nothing was changed.") }
    let draft = MemoryDraft(memory)
    do throws(RunEnd) {
      account.done = try carryOut(plan, change, observed.state, draft, events)
    } catch {
      account.end = error
      throw failure(of: error)
    }
    if !self.drains {
      try keep(change.wanted.health, instead: drains, memory, "Its weights are those of the file until the next apply.")
    }
    for note in change.notes(of: observed.state) { events.note(note) }
    guard let waitSeconds else { return outcome }
    let bindsClients = change.bindsClients(in: observed.state)
    // The sysctl that lets bound clients go is remembered under the lock. Without one nobody has to wait for this wait.
    if !bindsClients { lock = nil }
    outcome.hasConnections = try wait(
      for: change.draining(in: observed.state), bindsClients: bindsClients, seconds: waitSeconds, session, draft, events
    )
    return outcome
  }

  // MARK: What is asked for

  private func requireDirector(_ session: NodeSession) throws(NodeFailure) {
    if session.node.directing != nil { return }
    let directors = file.directors.prefix(20).map(\.name).joined(separator: ", ")
    throw NodeFailure(
      .invalidFile,
      """
      \(session.node.name) balances nothing, so there is nothing to drain here. Nothing was changed. Run lvsctl \
      \(drains ? "drain" : "undrain") on each director: \(directors).
      """)
  }

  /// A name that has left the file can still be undrained.
  private func requireName(knownBy kept: [String: Int]) throws(NodeFailure) {
    if file.realServers.contains(where: { $0.name == server }) || (!drains && kept[server] != nil) { return }
    let names = file.realServers.map(\.name) + (drains ? [] : kept.keys.sorted())
    let advice: Message
    if let nearest = Suggestion.nearest(to: server, among: names) {
      advice = "Did you mean \(nearest)?"
    } else {
      advice = "It has: \(listed(names))."
    }
    throw NodeFailure(
      .invalidFile, "The file has no real server of the name \(server). \(advice) Nothing was changed.")
  }

  // MARK: What is done

  /// Keeps which real servers are drained, where that is news.
  private func keep(
    _ health: Health, instead kept: [String: Int], _ memory: KeptMemory, _ end: Message
  ) throws(NodeFailure) {
    if health.drains == kept { return }
    do throws(SystemError) {
      let place = if let file = memory.file { file } else { try MachineMemoryFile() }
      try HealthFile(.drains, beside: place).write(health)
    } catch {
      throw NodeFailure(
        error,
        """
        Which real servers are drained cannot be kept: \(error). \(end) LVSCTL_STATE_DIR names another directory, which \
        later runs need too.
        """)
    }
  }

  private func carryOut(
    _ plan: Plan, _ change: DrainChange, _ observed: HostState, _ draft: MemoryDraft, _ events: NodeEvents
  ) throws(RunEnd) -> [Change] {
    if plan.isEmpty { return [] }
    let run = ChangeRun(session: change.wanted, observed: observed, events, remember: draft.keepTransient) {
      observed throws(NodeFailure) in change.plan(from: observed.state)
    }
    return try run.carryOut(plan, graceful: nil, keepsPartial: false)
  }

  private func failure(of end: RunEnd) -> NodeFailure {
    var failure = end.failure
    let words: Message =
      drains
      ? "\(server) counts as drained all the same: the next apply gives it weight 0, and lvsctl undrain ends that."
      : "\(server) is still drained."
    failure.message = "\(failure.message)\n\(words)"
    return failure
  }

  private func wait(
    for draining: [Draining], bindsClients: Bool, seconds: Double, _ session: NodeSession, _ draft: MemoryDraft,
    _ events: NodeEvents
  ) throws(NodeFailure) -> Bool {
    if draining.isEmpty { return false }
    events.tell(.beginsChanging)
    defer { events.tell(.endsChanging) }
    let removal = GracefulRemoval(
      session.kernel, remember: draft.keepTransient, shouldStop: events.shouldStop, signals: events.signals,
      report: events.note)
    do {
      return try removal.waitInPlace(for: draining, bindsClients: bindsClients, atMost: seconds) {
        events.tell(.draining($0, seconds: $1))
      }
    } catch {
      throw NodeFailure(describing: error)
    }
  }
}
