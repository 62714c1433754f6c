/// A real server of a service that is to run empty.
package struct Draining: Hashable, Sendable {
  /// The service.
  package var service: ServiceID
  /// The real server.
  package var realServer: RealServerID

  /// Names a real server of a service.
  package init(service: ServiceID, realServer: RealServerID) {
    self.service = service
    self.realServer = realServer
  }
}
