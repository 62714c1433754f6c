import LVSModel

/// What a status is sorted by.
public enum StatusOrder: String, Sendable, CaseIterable {
  /// What is wrong first, then as by name.
  case state
  /// Services by address, real servers by name.
  case name
  /// The most established connections first.
  case active
  /// The most new connections per second first, then the most packets.
  case rate
  /// The greatest weight first; services by address.
  case weight
}

extension StatusReport {
  /// The report with its services and real servers in another order; what is equal keeps its order, and so does everything
  /// by a rate that is not known.
  public func sorted(by order: StatusOrder) -> StatusReport {
    if order == .rate && !estimatesRates { return self }
    var report = self
    for index in report.services.indices {
      report.services[index].sortRealServers(by: order, estimatesRates: estimatesRates)
    }
    switch order {
    case .name, .weight: break
    case .state:
      let keyed = report.services.map { (key: $0.standing(estimatesRates: estimatesRates), service: $0) }
      report.services = keyed.sorted { $0.key < $1.key }.map(\.service)
    case .active:
      let keyed = report.services.map { (key: $0.sum(\.active), service: $0) }
      report.services = keyed.sorted { $0.key > $1.key }.map(\.service)
    case .rate: report.services.sort { $0.traffic.rateKey > $1.traffic.rateKey }
    }
    return report
  }
}

extension ServiceStatus {
  fileprivate mutating func sortRealServers(by order: StatusOrder, estimatesRates: Bool) {
    switch order {
    case .state:
      sortRealServers(by: .name, estimatesRates: estimatesRates)
      let keyed = realServers.map { (key: $0.standing(in: id, estimatesRates: estimatesRates), server: $0) }
      realServers = keyed.sorted { $0.key < $1.key }.map(\.server)
    case .name:
      // Real servers without a name come last, by address as they are.
      realServers.sort { a, b in
        guard let first = a.name else { return false }
        guard let second = b.name else { return true }
        return first < second
      }
    case .active: realServers.sort { $0.counters.active > $1.counters.active }
    case .rate: realServers.sort { $0.counters.traffic.rateKey > $1.counters.traffic.rateKey }
    case .weight: realServers.sort { $0.settings.weight > $1.settings.weight }
    }
  }
}

extension TrafficCounters {
  fileprivate var rateKey: (UInt64, UInt64) { (connectionRate, packetRateIn) }
}
