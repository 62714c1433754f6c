import LVSModel

/// What a status is sorted by.
package enum StatusOrder: String, Sendable, CaseIterable {
  /// Services by address, real servers by name.
  case name
  /// The most established connections first.
  case active
  /// The most new connections per second first, then the most packets.
  case rate
  /// The greatest weight first; services by address.
  case weight
}

/// An address or a name that services or real servers are chosen by.
package enum StatusFilter: Equatable, Sendable {
  /// An address.
  case address(IPAddress)
  /// A name of the file.
  case name(String)

  /// What a word means: an address where it is one.
  package init(_ text: String) { self = IPAddress(text).map(StatusFilter.address) ?? .name(text) }

  func matches(_ address: IPAddress?, _ name: String?) -> Bool {
    switch self {
    case .address(let wanted): wanted == address
    case .name(let wanted): wanted == name
    }
  }
}

extension StatusReport {
  /// The report with its services and real servers in another order; what is equal keeps its order, and so does everything
  /// by a rate that is not known.
  package func sorted(by order: StatusOrder) -> StatusReport {
    if order == .rate && !estimatesRates { return self }
    var report = self
    for index in report.services.indices { report.services[index].sortRealServers(by: order) }
    switch order {
    case .name, .weight: break
    case .active:
      let keyed = report.services.map { (key: $0.sum(\.active), service: $0) }
      report.services = keyed.sorted { $0.key > $1.key }.map(\.service)
    case .rate: report.services.sort { $0.traffic.rateKey > $1.traffic.rateKey }
    }
    return report
  }

  /// The report with the services on any of these VIPs, and of them the real servers that are any of these; an empty list
  /// chooses everything. Drift stays whole.
  package func filtered(vips: [StatusFilter] = [], servers: [StatusFilter] = []) -> StatusReport {
    var report = self
    report.isFiltered = !vips.isEmpty || !servers.isEmpty
    if !vips.isEmpty {
      report.services = report.services.filter { service in
        vips.contains { $0.matches(service.id.vip, service.name) }
      }
    }
    if servers.isEmpty { return report }
    report.services = report.services.compactMap { service in
      var service = service
      service.realServers = service.realServers.filter { server in
        servers.contains { $0.matches(server.id.address, server.name) }
      }
      return service.realServers.isEmpty ? nil : service
    }
    return report
  }
}

extension ServiceStatus {
  fileprivate mutating func sortRealServers(by order: StatusOrder) {
    switch order {
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
