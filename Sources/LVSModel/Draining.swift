/// A real server of a service that is to run empty.
public struct Draining: Hashable, Sendable {
  /// The service.
  public var service: ServiceID
  /// The real server.
  public var realServer: RealServerID

  /// Names a real server of a service.
  public init(service: ServiceID, realServer: RealServerID) {
    self.service = service
    self.realServer = realServer
  }
}
