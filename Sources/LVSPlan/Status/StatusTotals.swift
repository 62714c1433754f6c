import LVSModel

/// What all services of a report come to.
public struct StatusTotals: Equatable, Sendable {
  /// The services in the table.
  public var services = 0
  /// Those of them that are down.
  public var downServices = 0
  /// Those that the file has and the table has not.
  public var missingServices = 0
  /// Those that the file says nothing about.
  public var unmanagedServices = 0
  /// The addresses of real servers.
  public var machines = 0
  /// The entries of real servers that there are, or by right are not.
  public var entries = 0
  /// How many of them stand so; one that stands in several ways counts for each.
  public var realServers: [Standing: Int] = [:]
  /// The entries in the table with a weight above 0.
  public var serving = 0
  /// The connections that drains wait for.
  public var connectionsLeft: UInt64 = 0
  /// Connections in an established state.
  public var active: UInt64 = 0
  /// Connections in any other state.
  public var inactive: UInt64 = 0
  /// Persistence templates.
  public var persistent: UInt64 = 0
  /// Connections that were scheduled.
  public var connections: UInt64 = 0
  /// The traffic.
  public var rates = TrafficRates.none
  /// Whether replies of any come back through this machine.
  public var repliesPass = false

  /// Adds a report up, with rates as they were counted.
  public init(_ report: StatusReport, _ counted: CountedRates = CountedRates()) {
    var addresses: Set<IPAddress> = []
    for service in report.services {
      if service.mark == .missing { missingServices += 1 } else { services += 1 }
      if service.isUnmanaged { unmanagedServices += 1 }
      if service.isDown { downServices += 1 }
      connections &+= service.traffic.connections
      rates = rates + counted.rates(of: service)
      for server in service.realServers {
        addresses.insert(server.id.address)
        let standings = server.standings(in: service.id, estimatesRates: report.estimatesRates)
        for standing in standings { realServers[standing, default: 0] += 1 }
        if standings[0] != .missing && standings[0] != .spare { entries += 1 }
        if standings.contains(.draining) { connectionsLeft += server.connectionsLeft(in: service.id) }
        if server.isInTable && server.settings.weight > 0 { serving += 1 }
        if server.settings.forward == .nat { repliesPass = true }
        active += UInt64(server.counters.active)
        inactive += UInt64(server.counters.inactive)
        persistent += UInt64(server.counters.persistent)
      }
    }
    machines = addresses.count
  }

  /// How many entries of real servers stand so.
  public func count(_ standing: Standing) -> Int { realServers[standing] ?? 0 }
}
