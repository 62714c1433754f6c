import LVSModel

/// An address or a name that services or real servers are chosen by.
public enum StatusFilter: Equatable, Sendable {
  /// An address.
  case address(IPAddress)
  /// A name of the file.
  case name(String)

  /// What a word means: an address where it is one.
  public init(_ text: String) { self = IPAddress(text).map(StatusFilter.address) ?? .name(text) }

  func matches(_ address: IPAddress?, _ name: String?) -> Bool {
    switch self {
    case .address(let wanted): wanted == address
    case .name(let wanted): wanted == name
    }
  }
}

extension StatusReport {
  /// The report with the services on any of these VIPs, and of them the real servers that are any of these; an empty list
  /// chooses everything. Drift stays whole.
  public func filtered(vips: [StatusFilter] = [], servers: [StatusFilter] = []) -> StatusReport {
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
