import LVSModel
import LVSPlan

extension Plan {
  /// The plan without what is not to be touched.
  func without(_ withheld: Set<Subject>) -> Plan {
    if withheld.isEmpty { return self }
    var plan = self
    plan.changes.removeAll { withheld.contains($0.subject.whole) }
    return plan
  }

  /// The part of the plan about real servers of services that are there and stay.
  func withRealServersAlone(of observed: HostState) -> Plan {
    var plan = self
    let leaving = Set(changes.lazy.filter { $0.after == nil }.map(\.subject))
    plan.changes.removeAll { change in
      guard case .realServer(let service, _) = change.subject else { return true }
      return observed.services[service] == nil || leaving.contains(.service(service))
    }
    return plan
  }
}
