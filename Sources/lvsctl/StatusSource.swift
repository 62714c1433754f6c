import Glibc
import LVSCore
import LVSKernel

/// Looks at this machine for a status, with what a file says of it or without one.
struct StatusSource {
  /// The node of the file that this machine is; nil without a file.
  let session: NodeSession?

  /// Reads the file, where there is one, and finds out whether this kernel can have a status at all.
  init(_ path: String?, _ options: NodeOptions, _ color: ColorChoice) throws(Failure) {
    guard let path else {
      session = nil
      if try Self.availability() == .absent {
        throw Failure(.noIPVS, "There is no table to show: \(NodeSession.ipvsRemedy)")
      }
      return
    }
    var session = try NodeSession(FileArgument.load(path, color), options)
    try session.requireIPVS()
    session.target.scope.takeOver(from: Memory(session).stored())
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
    let query = session.map { ObservationQuery($0.target) } ?? ObservationQuery()
    var live = LiveObservation(state: HostState())
    var mayReadIPVS = true
    do {
      do throws(ObservationError) {
        live = try kernel.observeLive(query)
      } catch .netlink(let error) where error.errno == EPERM && session.map({ $0.node.directing == nil }) == true {
        // A real server needs nothing of IPVS.
        var others = query
        others.leavesOutIPVS()
        live.state = try kernel.observe(others)
        mayReadIPVS = false
      }
    } catch {
      throw Failure(describing: error)
    }
    return StatusReport(
      identity: session?.identity, ipvs: live.ipvs, mayReadIPVS: mayReadIPVS, estimatesRates: live.estimatesRates,
      syncDaemons: live.state.syncDaemons, services: live.state.services, counters: live.counters,
      drift: session.map { Self.drift($0.target, live.state, unfit: $0.unfitness(live.state, kernel)) },
      findings: session?.findings(live.state, kernel) ?? [])
  }

  private static func drift(_ target: Target, _ observed: HostState, unfit: [String]) -> StatusReport.Drift {
    if !unfit.isEmpty { return StatusReport.Drift(conflicts: unfit) }
    do {
      let plan = try Planner.plan(target, observed: observed)
      return StatusReport.Drift(changes: plan.changes, unmanaged: plan.unmanaged)
    } catch {
      return StatusReport.Drift(conflicts: error.reasons)
    }
  }
}

extension NodeSession {
  /// Who this node is, with the names of the file.
  fileprivate var identity: StatusReport.Identity {
    let named = file.vips.compactMap { vip in vip.name.map { (vip.address, $0) } }
    return StatusReport.Identity(
      cluster: file.name, node: node.name, role: node.roleWord, serverNames: file.serverNames,
      vipNames: Dictionary(named) { first, _ in first })
  }
}
