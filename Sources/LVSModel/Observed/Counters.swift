/// Traffic since the counters were last set to zero, and its rates over the last seconds.
///
/// The kernel's estimator brings all of it up to date every two seconds (ip_vs_est.c): where it is off, nothing moves.
package struct TrafficCounters: Hashable, Sendable {
  /// Connections that were scheduled.
  package var connections: UInt64 = 0
  /// Packets from clients.
  package var packetsIn: UInt64 = 0
  /// Packets to clients that came through this machine.
  package var packetsOut: UInt64 = 0
  /// Bytes from clients.
  package var bytesIn: UInt64 = 0
  /// Bytes to clients that came through this machine.
  package var bytesOut: UInt64 = 0
  /// Connections per second.
  package var connectionRate: UInt64 = 0
  /// Packets per second from clients.
  package var packetRateIn: UInt64 = 0
  /// Packets per second to clients.
  package var packetRateOut: UInt64 = 0
  /// Bytes per second from clients.
  package var byteRateIn: UInt64 = 0
  /// Bytes per second to clients.
  package var byteRateOut: UInt64 = 0

  /// Creates counters that have counted nothing.
  package init() {}
}

/// What a real server of a service is doing.
package struct RealServerCounters: Hashable, Sendable {
  /// Connections in an established state.
  package var active: UInt32 = 0
  /// Connections in any other state.
  package var inactive: UInt32 = 0
  /// Persistence templates.
  package var persistent: UInt32 = 0
  /// Its traffic.
  package var traffic = TrafficCounters()

  /// Creates counters that have counted nothing.
  package init() {}

  /// The connections there are now, established or not, without persistence templates (ip_vs_dest_totalconns).
  package var connections: UInt64 { UInt64(active) + UInt64(inactive) }
}

/// What a virtual service is doing.
package struct ServiceCounters: Hashable, Sendable {
  /// Its traffic.
  package var traffic = TrafficCounters()
  /// What each of its real servers is doing.
  package var realServers: [RealServerID: RealServerCounters] = [:]

  /// Creates counters that have counted nothing.
  package init() {}
}

/// A virtual service as it is set and what it is doing, from one look.
package struct LiveService: Hashable, Sendable {
  /// The service with its real servers.
  package var service: VirtualService
  /// What they are doing.
  package var counters: ServiceCounters

  /// Creates a live service.
  package init(service: VirtualService, counters: ServiceCounters = ServiceCounters()) {
    self.service = service
    self.counters = counters
  }
}
