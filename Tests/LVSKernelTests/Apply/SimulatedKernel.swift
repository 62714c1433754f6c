import Glibc
import LVSKernel
import LVSModel

/// A kernel of values: carries steps out on a state, refuses what it is told to refuse.
final class SimulatedKernel: StepSink {
  private(set) var state: HostState
  private var refusals: [Change]
  private(set) var log: [Change] = []

  init(_ state: HostState, refusing refusals: [Change] = []) {
    self.state = state
    self.refusals = refusals
  }

  /// How often it was given steps.
  private(set) var calls = 0

  func carryOut(_ changes: [Change], pastRefusals: Bool, shouldStop: () -> Bool) -> Progress {
    calls += 1
    var progress = Progress()
    for change in changes {
      if shouldStop() {
        progress.wasInterrupted = true
        return progress
      }
      if refusals.contains(change) {
        progress.failures.append(
          StepFailure(change: change, errno: EPERM, message: "Operation not permitted (errno 1)"))
        if pastRefusals { continue }
        return progress
      }
      carryOut(change)
      progress.done.append(change)
    }
    return progress
  }

  private func carryOut(_ change: Change) {
    log.append(change)
    switch change {
    case .module(let name, let difference): state.modules.formSymmetricDifference(difference.after == nil ? [] : [name])
    case .sysctl(let name, let difference): state.sysctls[name] = difference.after
    case .link(let name, let difference): state.links[name] = difference.after
    case .address(let id, let difference): state.addresses[id] = difference.after
    case .route(let id, let difference): state.routes[id] = difference.after
    case .service(let id, let difference):
      guard let settings = difference.after else {
        state.services[id] = nil
        return
      }
      state.services[id, default: VirtualService(settings: settings)].settings = settings
    case .realServer(let service, let id, let difference): state.services[service]?.realServers[id] = difference.after
    case .timeouts(let difference):
      state.timeouts.tcp = difference.after?.tcp ?? state.timeouts.tcp
      state.timeouts.tcpFin = difference.after?.tcpFin ?? state.timeouts.tcpFin
      state.timeouts.udp = difference.after?.udp ?? state.timeouts.udp
    case .syncDaemon(let role, let difference): state.syncDaemons[role] = difference.after
    }
  }
}
