/// Traffic since the counters were last set to zero, and its rates over the last seconds.
///
/// The kernel's estimator brings all of it up to date every two seconds (ip_vs_est.c): where it is off, nothing moves.
public struct TrafficCounters: Hashable, Sendable {
  /// Connections that were scheduled.
  public var connections: UInt64 = 0
  /// Packets from clients.
  public var packetsIn: UInt64 = 0
  /// Packets to clients that came through this machine.
  public var packetsOut: UInt64 = 0
  /// Bytes from clients.
  public var bytesIn: UInt64 = 0
  /// Bytes to clients that came through this machine.
  public var bytesOut: UInt64 = 0
  /// Connections per second.
  public var connectionRate: UInt64 = 0
  /// Packets per second from clients.
  public var packetRateIn: UInt64 = 0
  /// Packets per second to clients.
  public var packetRateOut: UInt64 = 0
  /// Bytes per second from clients.
  public var byteRateIn: UInt64 = 0
  /// Bytes per second to clients.
  public var byteRateOut: UInt64 = 0

  /// Creates counters that have counted nothing.
  public init() {}
}

/// What a real server of a service is doing.
public struct RealServerCounters: Hashable, Sendable {
  /// Connections in an established state.
  public var active: UInt32 = 0
  /// Connections in any other state.
  public var inactive: UInt32 = 0
  /// Persistence templates.
  public var persistent: UInt32 = 0
  /// Its traffic.
  public var traffic = TrafficCounters()

  /// Creates counters that have counted nothing.
  public init() {}

  /// The connections there are now, established or not, without persistence templates (ip_vs_dest_totalconns).
  public var connections: UInt64 { UInt64(active) + UInt64(inactive) }
}

/// What a virtual service is doing.
public struct ServiceCounters: Hashable, Sendable {
  /// Its traffic.
  public var traffic = TrafficCounters()
  /// What each of its real servers is doing.
  public var realServers: [RealServerID: RealServerCounters] = [:]

  /// Creates counters that have counted nothing.
  public init() {}
}

/// A virtual service as it is set and what it is doing, from one look.
public struct LiveService: Hashable, Sendable {
  /// The service with its real servers.
  public var service: VirtualService
  /// What they are doing.
  public var counters: ServiceCounters

  /// Creates a live service.
  public init(service: VirtualService, counters: ServiceCounters = ServiceCounters()) {
    self.service = service
    self.counters = counters
  }
}
