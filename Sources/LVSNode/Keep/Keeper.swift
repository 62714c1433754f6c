import LVSConfig
import LVSKernel
import LVSModel
import LVSPlan
import LVSSystem
import LVSText

/// Keeps this machine as a node of a file: each round looks, and where something differs from file, verdicts and drains it
/// carries out a plan as `apply` does, under the same lock.
public final class Keeper {
  /// What a round looks at; a later one looks at more.
  public enum Look: Int, Comparable, Sendable {
    /// What the kernel tells of when it changes: links, addresses, routes, and the sysctls beside them. Cheap, however many
    /// services there are.
    case network
    /// All that the file is about.
    case everything
    /// That, and what there is to say of the node beside: the first round with a file.
    case file

    public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
  }

  /// The file.
  public private(set) var file: ClusterFile
  private let request: NodeRequest
  private var contests: Contests
  /// The file as it is on the disk, where it is sound and another one than was read last; nil otherwise.
  private let changedFile: () -> ClusterFile?
  /// The node as the last round that came to its end had it.
  private var lastNode: Node?
  /// Contests of a round that did not come to its end.
  private var unsaid: [(subject: Subject, mends: Int, pause: Double)] = []
  /// The node as any round found it.
  public private(set) var foundNode: Node?
  /// What the last round that reached its end wanted.
  private var lastWish: HostState?

  /// A keeper of a node; drift that the kernel does not tell of is looked for every `interval` seconds. `changedFile` gives
  /// the file as it is on the disk, where it is sound and another one than was read last.
  public init(
    _ file: ClusterFile, _ request: NodeRequest, interval: Double, changedFile: @escaping () -> ClusterFile? = { nil }
  ) {
    self.changedFile = changedFile
    self.file = file
    self.request = request
    contests = Contests(interval: interval)
  }

  /// Goes by another file from the next round on.
  public func follow(_ file: ClusterFile) { self.file = file }

  /// When something that is contested may be mended again, on the clock of ``Monotonic``; nil where nothing is.
  public var nextContest: Double? { contests.nextEnd(after: Monotonic.now) }

  /// One round: what it did, and what it found.
  ///
  /// Where it cannot come to its end, real servers still leave and come as their health says: that one is the round's
  /// ``KeptRound/failure`` then. Throws where not even that could be done, or was not to be: for a file that is new, and
  /// while another lvsctl holds the lock.
  public func keep(
    _ look: Look, _ verdicts: [CheckRule: Verdict], _ events: NodeEvents
  ) throws(NodeFailure) -> KeptRound {
    do throws(NodeFailure) {
      return try wholeRound(look, verdicts, events)
    } catch {
      guard error.kind != .locked, look != .file, let lastNode else { throw error }
      var round = KeptRound(lastNode)
      round.failure = error
      round.contests = unsaid
      unsaid = []
      do throws(NodeFailure) {
        round.done = try followHealth(of: lastNode, verdicts, events)
      } catch {
        events.note("Real servers cannot follow their health either: \(error.message)")
      }
      return round
    }
  }

  private func wholeRound(
    _ look: Look, _ verdicts: [CheckRule: Verdict], _ events: NodeEvents
  ) throws(NodeFailure) -> KeptRound {
    let began = Monotonic.now
    var session = try NodeSession(file, request, events, verdicts: verdicts)
    foundNode = session.node
    let wish = session.target.state
    let isNews = session.node != lastNode
    if let lastWish { allowChanges(from: lastWish, to: wish) }
    let withheld = contests.withheld(at: Monotonic.now)
    var round = KeptRound(session.node)
    if look != .file {
      if look == .network && !isNews { session.leaveOutIPVS() }
      let isKept = try session.plan(from: session.observe(), prune: false).without(withheld).isEmpty
      round.lookSeconds = Monotonic.now - began
      if isKept {
        // What a look at the network alone did not see is not known to be so.
        if look == .everything || isNews { lastWish = wish }
        lastNode = session.node
        return round
      }
      if let newer = appliedFile(verdicts, events) {
        file = newer
        round.takesOver = true
        lastWish = nil
        return round
      }
    }
    var apply = ApplyRequest(file)
    apply.node = request
    apply.verdicts = verdicts
    apply.withheld = withheld
    apply.examines = look == .file
    // What was done for a node that is to be kept is nearer to what it is to be; a new file is taken whole or not at all.
    apply.keepsPartial = look != .file
    apply.lockSeconds = 0
    do throws(RunFailure) {
      round.done = try apply.carryOut(events).done
    } catch {
      // What another program takes back while it is set is contested as well.
      if case .notConverged(let rest)? = error.end {
        unsaid = contests.note(mended: rest.rest.changes.filter { isMend($0) }, at: Monotonic.now)
      }
      throw error.failure
    }
    round.mends = round.done.filter { isMend($0) }
    round.contests = contests.note(mended: round.mends, at: Monotonic.now)
    lastWish = wish
    lastNode = session.node
    return round
  }

  /// The file as it is now, where it is another one than the one in force and somebody has brought this node to it, as
  /// `lvsctl apply` does: nobody who did so wants it undone.
  private func appliedFile(_ verdicts: [CheckRule: Verdict], _ events: NodeEvents) -> ClusterFile? {
    guard let newer = changedFile() else { return nil }
    // One that does not fit this machine was not applied to it.
    guard let session = try? NodeSession(newer, request, events, verdicts: verdicts),
      let plan = try? session.plan(from: session.observe(), prune: false)
    else { return nil }
    return plan.isEmpty ? newer : nil
  }

  /// Brings real servers of services that are there to what the file, the verdicts and drains say, and touches nothing else.
  private func followHealth(
    of node: Node, _ verdicts: [CheckRule: Verdict], _ events: NodeEvents
  ) throws(NodeFailure) -> [Change] {
    let lock = try MachineLock.acquire(waiting: 0, events)
    defer { withExtendedLifetime(lock) {} }
    try UnconfirmedRecord.refuseBesideOne()
    // By its name: its address may be what is missing.
    var session = try NodeSession(
      file, NodeRequest(name: node.name, isForced: true, role: request.role), events, verdicts: verdicts)
    session.leaveOutAllButRealServers()
    let withheld = contests.withheld(at: Monotonic.now)
    let observed = try session.observe()
    let plan = try session.plan(from: observed, prune: false).without(withheld)
    if plan.isEmpty { return [] }
    let run = ChangeRun(session: session, observed: observed.state, events) { observed throws(NodeFailure) in
      try session.plan(from: observed, prune: false).without(withheld)
    }
    do throws(RunEnd) {
      return try run.carryOut(plan, graceful: nil, keepsPartial: true)
    } catch {
      throw error.failure
    }
  }

  /// Tells the neighbours again of the VIPs that this machine holds, of those that it is to hold.
  public func announce(_ verdicts: [CheckRule: Verdict], _ events: NodeEvents) throws(NodeFailure) {
    var session = try NodeSession(file, request, events, verdicts: verdicts)
    session.leaveOutIPVS()
    let held = try session.observe().state.addresses
    _ = try HeldVIPs.announce(session.target.announcedAddresses.filter { held[$0] != nil }, session.kernel)
  }

  /// Whether a step brings back what was wanted before already, so that something else had changed it.
  private func isMend(_ change: Change) -> Bool {
    guard let lastWish else { return false }
    return lastWish[change.subject] == change.after
  }

  /// What is wanted otherwise than before is not held back by a contest about what was wanted then.
  private func allowChanges(from old: HostState, to new: HostState) {
    let contested = contests.withheld(at: Monotonic.now)
    contests.allow(
      contested.filter { subject in
        guard case .service(let id) = subject else { return old[subject] != new[subject] }
        return old.services[id] != new.services[id]
      })
  }
}

/// What came of a round.
public struct KeptRound: Sendable {
  /// The node, in the role it has now.
  public var node: Node
  /// The steps that were done.
  public var done: [Change] = []
  /// Those of them that brought back what something else had changed.
  public var mends: [Change] = []
  /// What another program changes again and again, how often it was mended in a row, and for how many seconds it is left
  /// alone now.
  public var contests: [(subject: Subject, mends: Int, pause: Double)] = []
  /// Seconds that the look took; 0 for a round with a new file.
  public var lookSeconds = 0.0
  /// Whether somebody had brought the node to the file as it is on the disk, which is in force now.
  public var takesOver = false
  /// Why it did not come to its end; what was done was done nevertheless. Nil where it did.
  public var failure: NodeFailure?

  init(_ node: Node) { self.node = node }
}
