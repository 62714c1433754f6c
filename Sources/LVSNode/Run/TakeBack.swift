import LVSKernel
import LVSModel
import LVSPlan
import LVSSystem
import LVSText

/// Takes back what nobody confirmed, where the apply that would have done so was killed.
public struct TakeBackRequest: Sendable {
  /// Whether VIPs are taken without asking the network first.
  public var takesOver = false
  /// For how many seconds another lvsctl is waited for.
  public var lockSeconds = 10.0

  /// Creates a request.
  public init(takesOver: Bool = false, lockSeconds: Double = 10) {
    self.takesOver = takesOver
    self.lockSeconds = lockSeconds
  }

  /// What was taken back.
  public struct Outcome: Sendable {
    /// The steps that took it back; none where nothing of the change was left.
    public var report: NodePlan
    /// What there is to say of the change.
    public var heading: UnconfirmedChange.Heading
  }

  /// Takes the change back that is kept for this machine, and reads the kernel back to prove it.
  public func carryOut(_ events: NodeEvents) throws(RunFailure) -> Outcome {
    try RunAccount.keeping(RunAccount()) { (account) throws(NodeFailure) in try carryOut(&account, events) }
  }

  private func carryOut(_ account: inout RunAccount, _ events: NodeEvents) throws(NodeFailure) -> Outcome {
    let lock = try MachineLock.acquire(waiting: lockSeconds, events)
    defer { withExtendedLifetime(lock) {} }
    let (file, change) = try kept()
    let heading = change.heading
    account.cluster = heading.cluster
    account.node = heading.node
    account.role = heading.role
    let memory = try KeptMemory.forChange(events)
    let kernel = KernelConnection()
    let observed = try observe(kernel, change)
    let reversal = Reversal(change, now: observed.state)
    var plan = Plan(changes: Undo.changes(for: reversal.done, before: reversal.goal))
    plan.announced = reversal.announced { name in
      observed.interfaces.contains { $0.name == name && !$0.isLoopback && $0.answersARP }
    }
    let report = NodePlan(cluster: heading.cluster, node: heading.node, role: heading.role, plan: plan)
    account.report = report
    events.tell(.planned(report))
    tellLeft(reversal, events)
    try Privileges.check(for: plan)
    if !takesOver { try HeldVIPs.askBeforeTaking(plan, kernel) }
    do throws(RunEnd) {
      try takeBack(reversal, kernel, change, announcing: plan.announced, events)
    } catch {
      account.end = error
      var failure = error.failure
      failure.message = "\(failure.message)\n\(UnconfirmedRecord.remaining)"
      throw failure
    }
    account.done = plan.changes
    try memory.keep(change.formerMemory, "All of the change was taken back.")
    UnconfirmedRecord.remove(file, events)
    return Outcome(report: report, heading: heading)
  }

  private func kept() throws(NodeFailure) -> (UnconfirmedChangeFile, UnconfirmedChange) {
    do throws(SystemError) {
      let file = try UnconfirmedRecord.file()
      if let change = try file.change() { return (file, change) }
    } catch {
      throw UnconfirmedRecord.unreadable(error)
    }
    throw NodeFailure(.negative, "There is no unconfirmed change on this machine, in this network namespace.")
  }

  private func observe(_ kernel: KernelConnection, _ change: UnconfirmedChange) throws(NodeFailure) -> Observed {
    var query = ObservationQuery(change)
    query.readsInterfaces = true
    do {
      return try kernel.observe(query)
    } catch {
      throw NodeFailure(describing: error)
    }
  }

  /// Says what is not taken back, since it is not what the change made of it.
  private func tellLeft(_ reversal: Reversal, _ events: NodeEvents) {
    if !reversal.foreign.isEmpty {
      events.note(
        """
        Others have changed these since, so they are left as they are: \
        \(reversal.foreign.prefix(20).joined(separator: ", "))\(more(reversal.foreign)).
        """)
    }
    if !reversal.withheld.isEmpty {
      events.note(
        """
        Only sysctls below net. are set from what is remembered; set these back by hand where that is wanted: \
        \(reversal.withheld.prefix(20).joined(separator: ", "))\(more(reversal.withheld)).
        """)
    }
  }

  private func more(_ list: [String]) -> Message { list.count > 20 ? ", and \(list.count - 20) more" : "" }

  private func takeBack(
    _ reversal: Reversal, _ kernel: KernelConnection, _ change: UnconfirmedChange,
    announcing announced: Set<AddressID>, _ events: NodeEvents
  ) throws(RunEnd) {
    // An end in the middle would leave what is neither the one nor the other.
    events.tell(.beginsChanging)
    defer { events.tell(.endsChanging) }
    let applier = Applier(
      sink: KernelSink(kernel, announcing: announced) { events.tell(.stepsDone($0)) },
      observe: { try observe(kernel, change).state },
      replan: { _ in Plan() })
    let takenBack = applier.takeBack(reversal.done, before: reversal.goal)
    guard let takenBack, !takenBack.isWhole else { return }
    throw .notTakenBack(takenBack)
  }
}
