import Glibc
import LVSKernel
import LVSModel
import LVSNode
import LVSPlan
import LVSText

/// Looks at this machine for a status, with what a file says of it or without one.
struct StatusSource {
  /// The node of the file that this machine is; nil without a file.
  let session: NodeSession?

  /// Reads the file, where there is one, and finds out whether this kernel can have a status at all.
  init(
    _ path: String?, _ options: NodeOptions, _ sysctls: SysctlOption, _ color: ColorChoice
  ) throws(Failure) {
    guard let path else {
      session = nil
      try Requirements.proc()
      if try Self.availability() == .absent {
        throw Failure(.noIPVS, "There is no table to show: \(NodeSession.ipvsRemedy)")
      }
      return
    }
    let session = try NodeSession(FileArgument.load(path, color, anySysctl: sysctls.anySysctl), options)
    try session.requireIPVS()
    self.session = session
  }

  private static func availability() throws(Failure) -> IPVSAvailability {
    do {
      return try IPVSAvailability.current()
    } catch {
      throw Failure(describing: error)
    }
  }

  /// One look.
  func report() throws(Failure) -> StatusReport {
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
      throw Failure(describing: error)
    }
    var drift: StatusReport.Drift?
    var findings: [Finding] = []
    if let session {
      let plan = Self.plan(session, live)
      drift = plan.drift
      findings = session.findings(live, unsigned: plan.unsigned, kernel)
    } else {
      findings = UnconfirmedRecord.findings(beside: try? MachineMemoryFile())
    }
    return StatusReport(
      identity: session?.identity, ipvs: live.ipvs, mayReadIPVS: mayReadIPVS, estimatesRates: live.estimatesRates,
      syncDaemons: live.state.syncDaemons, services: live.state.services, counters: live.counters ?? [:], drift: drift,
      findings: findings)
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
      return (StatusReport.Drift(conflicts: error.reasons), [])
    }
  }
}

extension NodeSession {
  /// Who this node is, with the names of the file.
  fileprivate var identity: StatusReport.Identity {
    let named = file.vips.compactMap { vip in vip.name.map { (vip.address, $0) } }
    return StatusReport.Identity(
      cluster: file.name, node: node.name, role: role, serverNames: file.serverNames,
      vipNames: Dictionary(named) { first, _ in first })
  }
}
