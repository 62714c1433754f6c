import LVSModel

/// Rates that a watch makes from what the kernel has counted between its looks, in tenths: the kernel's own estimates are
/// whole numbers, and one connection in three seconds is none to them.
///
/// The kernel brings its counters up to date every two seconds (ip_vs_est.c), so a rate is made over ten seconds at least.
/// Two earlier looks are kept, and the older one is what is counted from.
public struct CountedRates: Sendable {
  /// The least time that a rate is made over, in seconds.
  static let span = 10.0

  private struct Look: Sendable {
    var time: Double
    var services: [ServiceID: TrafficCounters] = [:]
    var realServers: [ServiceID: [RealServerID: TrafficCounters]] = [:]
  }

  private var older: Look?
  private var newer: Look?
  private var now: Double = 0

  /// Rates before the first look: the kernel's own.
  public init() {}

  /// Notes a look at a time of a clock that goes steadily, in seconds.
  public mutating func note(_ report: StatusReport, at time: Double) {
    now = time
    if let newer, time - newer.time < Self.span { return }
    var look = Look(time: time)
    for service in report.services where service.mark != .missing {
      look.services[service.id] = service.traffic
      look.realServers[service.id] = Dictionary(
        service.realServers.lazy.filter(\.isInTable).map { ($0.id, $0.counters.traffic) }
      ) { first, _ in first }
    }
    older = newer
    newer = look
  }

  /// The rates of a service: those that were counted, otherwise the kernel's.
  public func rates(of service: ServiceStatus) -> TrafficRates {
    rates(service.traffic) { $0.services[service.id] }
  }

  /// The rates of a real server in a service.
  public func rates(of server: RealServerStatus, in service: ServiceID) -> TrafficRates {
    rates(server.counters.traffic) { $0.realServers[service]?[server.id] }
  }

  private func rates(_ traffic: TrafficCounters, _ earlier: (Look) -> TrafficCounters?) -> TrafficRates {
    let looks = [older, newer].compactMap { $0 }
    guard let look = looks.first(where: { now - $0.time >= Self.span }), let before = earlier(look),
      let counted = TrafficRates(from: before, to: traffic, seconds: now - look.time)
    else { return TrafficRates(traffic) }
    return counted
  }
}
