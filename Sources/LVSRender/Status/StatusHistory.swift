import LVSModel
import LVSPlan

/// What a watch remembers of the looks of a minute: new connections per second, by service and real server.
public struct StatusHistory: Sendable {
  /// So many rows are remembered at most; a longer table has the minute of its services alone, or none.
  static let limit = 5000

  private struct Look: Sendable {
    var time: Double
    var services: [ServiceID: UInt64]
    var realServers: [ServiceID: [RealServerID: UInt64]]
  }

  private var looks: [Look] = []
  private var now: Double = 0

  /// Nothing is remembered.
  public init() {}

  /// Notes a look at a time of a clock that goes steadily, in seconds.
  public mutating func note(_ report: StatusReport, at time: Double) {
    now = time
    looks.removeAll { time - $0.time >= Spark.seconds }
    // A watch of ten looks a second needs no more of them than the bars can show.
    if let last = looks.last, time - last.time < Spark.seconds / Double(Spark.width) / 3 { return }
    guard report.estimatesRates, report.services.count <= Self.limit else { return }
    let rows = report.services.reduce(0) { $0 + $1.realServers.count }
    var realServers: [ServiceID: [RealServerID: UInt64]] = [:]
    if rows <= Self.limit {
      for service in report.services {
        realServers[service.id] = Dictionary(
          service.realServers.lazy.map { ($0.id, $0.counters.traffic.connectionRate) }
        ) { first, _ in first }
      }
    }
    let services = Dictionary(report.services.lazy.map { ($0.id, $0.traffic.connectionRate) }) { first, _ in first }
    looks.append(Look(time: time, services: services, realServers: realServers))
  }

  func minute(of service: ServiceID) -> String { line { $0.services[service] } }

  func minute(of server: RealServerID, in service: ServiceID) -> String { line { $0.realServers[service]?[server] } }

  private func line(_ rate: (Look) -> UInt64?) -> String {
    Spark.line(looks.compactMap { look in rate(look).map { (now - look.time, Double($0)) } })
  }
}
