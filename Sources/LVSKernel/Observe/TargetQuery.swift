import LVSCore

extension ObservationQuery {
  /// What has to be looked at to plan the way to a target, and no more.
  public init(_ target: Target) {
    self.init()
    sysctls = Set(target.state.sysctls.keys)
    modules = target.state.modules
    readsLinks = !target.state.links.isEmpty
    readsAddresses = true
    routeInterfaces = target.scope.realServerInterfaces
    readsMarkedRoutes = true
    readsServices = target.scope.coversServices
    probableServices = target.state.services
    readsTimeouts = target.state.timeouts != Timeouts()
    readsSyncDaemons = target.scope.coversSyncDaemons
  }
}
