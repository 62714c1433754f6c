import LVSModel

/// A real server over all services that have it, for whoever is about to take it away.
public struct ServerSummary: Equatable, Sendable {
  /// Its address.
  public var address: IPAddress
  /// Its name in the file.
  public var name: String?
  /// In how many services it is.
  public var services = 0
  /// In how many of them it gets new connections.
  public var serving = 0
  /// The worst that is to be said of it anywhere.
  public var standing = Standing.serving
  /// Its health where that is the worst.
  public var health: ServerHealth?
  /// Connections in an established state.
  public var active: UInt64 = 0
  /// Connections in any other state.
  public var inactive: UInt64 = 0
  /// The connections that a drain waits for.
  public var connectionsLeft: UInt64 = 0
  /// Connections that were scheduled.
  public var connections: UInt64 = 0
  /// Its traffic.
  public var rates = TrafficRates.none
}

extension StatusReport {
  /// The real servers of all services, each once, by name and then by address.
  public func byRealServer(_ counted: CountedRates = CountedRates()) -> [ServerSummary] {
    var places: [IPAddress: Int] = [:]
    var all: [ServerSummary] = []
    for service in services {
      for server in service.realServers {
        let place = places[server.id.address] ?? all.count
        if place == all.count {
          places[server.id.address] = place
          all.append(ServerSummary(address: server.id.address, name: server.name))
        }
        all[place].add(server, service.id, counted.rates(of: server, in: service.id), estimatesRates)
      }
    }
    return all.sorted {
      switch ($0.name, $1.name) {
      case (let one?, let other?): (one, $0.address) < (other, $1.address)
      case (nil, nil): $0.address < $1.address
      case (let one, _): one != nil
      }
    }
  }
}

extension ServerSummary {
  fileprivate mutating func add(
    _ server: RealServerStatus, _ service: ServiceID, _ traffic: TrafficRates, _ estimatesRates: Bool
  ) {
    let own = server.standing(in: service, estimatesRates: estimatesRates)
    services += 1
    if server.isInTable && server.settings.weight > 0 { serving += 1 }
    if own < standing || services == 1 {
      standing = own
      health = server.health
    }
    active += UInt64(server.counters.active)
    inactive += UInt64(server.counters.inactive)
    connectionsLeft += server.connectionsLeft(in: service)
    connections &+= server.counters.traffic.connections
    rates = rates + traffic
  }
}
