import LVSKernel
import LVSModel
import LVSPlan

extension ObservationQuery {
  /// What has to be looked at to plan the way to a target, and no more.
  public init(_ target: Target) {
    self.init()
    sysctls = Set(target.state.sysctls.keys).union(target.restored.sysctls.keys)
    modules = target.state.modules
    readsLinks = !target.state.links.isEmpty || !target.restored.devices.isEmpty
    readsAddresses = true
    routeInterfaces = target.scope.realServerInterfaces
    readsMarkedRoutes = true
    readsServices = target.scope.coversServices
    probableServices = target.state.services
    readsTimeouts = target.state.timeouts != Timeouts() || target.restored.timeouts != Timeouts()
    readsSyncDaemons = target.scope.coversSyncDaemons || target.restored.syncDaemons != nil
  }
}
