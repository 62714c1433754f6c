import Glibc
import LVSConfig
import LVSKernel
import LVSModel
import LVSPlan
import LVSSystem
import LVSText

/// Looks at this machine for a status, with what a file says of it or without one.
public struct StatusSource {
  /// The node of the file that this machine is; nil without a file.
  public let session: NodeSession?
  private let request: NodeRequest

  /// Finds out which node of the file this machine is, where there is a file, and whether this kernel can have a status
  /// at all.
  public init(_ file: ClusterFile?, _ request: NodeRequest, _ events: NodeEvents) throws(NodeFailure) {
    self.request = request
    guard let file else {
      session = nil
      try Requirements.proc()
      if try Self.availability() == .absent {
        throw NodeFailure(.noIPVS, "There is no table to show: \(Requirements.ipvsRemedy)")
      }
      return
    }
    let session = try NodeSession(file, request, events)
    try session.requireIPVS()
    self.session = session
  }

  private init(_ session: NodeSession, _ request: NodeRequest) {
    self.session = session
    self.request = request
  }

  /// The same node once more, for a later look: meanwhile verdicts were found, real servers drained and VIPs moved. It is
  /// known by its name now, whatever becomes of its addresses, and what there was to say of it has been said.
  public func renewed() throws(NodeFailure) -> StatusSource {
    guard let session else { return self }
    let same = NodeRequest(name: session.node.name, isForced: true, role: request.role)
    return StatusSource(try NodeSession(session.file, same, NodeEvents { _ in }), request)
  }

  private static func availability() throws(NodeFailure) -> IPVSAvailability {
    do {
      return try IPVSAvailability.current()
    } catch {
      throw NodeFailure(describing: error)
    }
  }

  /// One look.
  public func report() throws(NodeFailure) -> StatusReport {
    // A connection of its own: between two looks the module may be unloaded and come back with another family number.
    let kernel = KernelConnection()
    var query = session?.query ?? ObservationQuery()
    query.readsCounters = true
    let live: Observed
    var mayReadIPVS = true
    do {
      do throws(ObservationError) {
        live = try kernel.observe(query)
      } catch .netlink(let error) where error.errno == EPERM && session.map({ $0.node.directing == nil }) == true {
        // A real server needs nothing of IPVS.
        query.leavesOutIPVS()
        live = try kernel.observe(query)
        mayReadIPVS = false
      }
    } catch {
      throw NodeFailure(describing: error)
    }
    var drift: StatusReport.Drift?
    var findings: [Finding] = []
    var view: RealServerView?
    if let session {
      let plan = Self.plan(session, live)
      drift = plan.drift
      (findings, view) = session.findingsAndView(live, unsigned: plan.unsigned, kernel)
    } else {
      findings = UnconfirmedRecord.findings(beside: try? MachineMemoryFile())
    }
    let activity = mayReadIPVS ? live.activity : nil
    var report = StatusReport(
      identity: session?.identity, ipvs: activity?.info, mayReadIPVS: mayReadIPVS,
      estimatesRates: activity?.estimatesRates ?? true, syncDaemons: live.state.syncDaemons,
      wantedSyncRoles: session?.wantedSyncRoles,
      vips: session.map { $0.file.vipStatuses(of: $0.node, in: $0.target, holding: live.state.addresses) } ?? [],
      services: live.state.services, counters: activity?.counters ?? [:], drift: drift, findings: findings,
      health: session.map { $0.file.memberHealth($0.health, in: $0.target) } ?? [:],
      serviceHealth: session.map { $0.file.serviceHealth($0.health, in: $0.target) } ?? [:],
      leavesAlone: { session?.target.scope.leavesAlone($0) ?? false })
    report.time = WallClock.now.tv_sec
    report.realServer = view
    return report
  }

  private static func plan(
    _ session: NodeSession, _ observed: Observed
  ) -> (drift: StatusReport.Drift, unsigned: [AddressID]) {
    let unfit = session.unfitness(observed)
    if !unfit.isEmpty { return (StatusReport.Drift(conflicts: unfit), []) }
    do {
      let plan = try Planner.plan(session.target, observed: observed.state)
      return (StatusReport.Drift(changes: plan.changes, unmanaged: plan.unmanaged), plan.unsigned)
    } catch {
      return (StatusReport.Drift(conflicts: error.reasons.map { $0.on(session.node.name) }), [])
    }
  }
}

extension NodeSession {
  /// Who this node is, with the names of the file.
  fileprivate var identity: StatusReport.Identity {
    StatusReport.Identity(
      cluster: file.name, node: node.name, role: node.roleWord, serverNames: file.serverNames,
      vipNames: file.vipNames, isDirecting: node.directing != nil)
  }

  /// The sync daemons that the file wants here; nil where it leaves them alone.
  fileprivate var wantedSyncRoles: Set<SyncRole>? {
    target.scope.coversSyncDaemons ? Set(target.state.syncDaemons.keys) : nil
  }
}
