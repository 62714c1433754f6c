import LVSModel
import LVSPlan
import LVSText

/// Makes the rows of a report one by one: a layout does not depend on them, so none has to be kept.
struct StatusRows {
  let report: StatusReport
  let layout: StatusLayout
  var rates = CountedRates()
  var history = StatusHistory()

  /// The row of a service; `isClosed` is whether its real servers do not follow.
  func row(_ service: ServiceStatus, isClosed: Bool = false, isMarked: Bool = false) -> TextLine {
    let standing = isClosed ? service.standing(estimatesRates: report.estimatesRates) : service.ownStanding
    let words = service.words(isClosed: isClosed, isPart: report.isFiltered, estimatesRates: report.estimatesRates)
    return layout.line(
      sign: standing?.sign ?? " ", isMarked: isMarked, names: service.names, state: words,
      standing.map(\.ink) ?? .bold
    ) { service.mark == .missing ? "" : cell($0, of: service) }
  }

  /// The row of a real server below its service.
  func row(_ server: RealServerStatus, in service: ServiceStatus, isMarked: Bool = false) -> TextLine {
    let standings = server.standings(in: service.id, estimatesRates: report.estimatesRates)
    return layout.line(
      sign: standings[0].sign, indent: 2, isMarked: isMarked, names: server.names(in: service.id),
      state: server.words(standings, in: service.id, at: report.time), standings[0].ink
    ) { server.isInTable ? cell($0, of: server, in: service) : "" }
  }

  /// The row of all services together.
  func row(_ totals: StatusTotals) -> TextLine {
    layout.line(names: ["total"], state: "", .bold) { column in
      switch column {
      case .active: number(totals.active, column)
      case .inactive: number(totals.inactive, column)
      case .persistent: number(totals.persistent, column)
      case .connections: readable(totals.connections)
      default: rate(column, of: totals.rates, repliesPass: totals.repliesPass)
      }
    }
  }

  /// The row of a real server over all services.
  func row(_ server: ServerSummary, isMarked: Bool = false) -> TextLine {
    let names = server.name.map { ["\($0) \(server.address)", $0] } ?? [server.address.description]
    return layout.line(
      sign: server.standing.sign, isMarked: isMarked, names: names, state: server.words(at: report.time),
      server.standing.ink
    ) { column in
      switch column {
      case .services: "\(server.serving) of \(server.services)"
      case .active: number(server.active, column)
      case .inactive: number(server.inactive, column)
      case .left: number(server.connectionsLeft, column)
      case .connections: readable(server.connections)
      default: rate(column, of: server.rates)
      }
    }
  }

  private func cell(_ column: StatusLayout.Column, of service: ServiceStatus) -> String {
    switch column {
    case .active: number(service.sum(\.active), column)
    case .inactive: number(service.sum(\.inactive), column)
    case .persistent: number(service.sum(\.persistent), column)
    case .connections: readable(service.traffic.connections)
    case .minute: history.minute(of: service.id)
    default: rate(column, of: rates.rates(of: service), repliesPass: service.realServers.contains { $0.repliesPass })
    }
  }

  private func cell(_ column: StatusLayout.Column, of server: RealServerStatus, in service: ServiceStatus) -> String {
    switch column {
    case .forward: server.settings.forward.word
    case .weight: number(UInt64(server.settings.weight), column)
    case .active: number(UInt64(server.counters.active), column)
    case .inactive: number(UInt64(server.counters.inactive), column)
    case .persistent: number(UInt64(server.counters.persistent), column)
    case .connections: readable(server.counters.traffic.connections)
    case .thresholds: server.settings.thresholds
    case .share: server.share.map { "\($0)%" } ?? ""
    case .shareBar: server.share.map { bar($0, server, service) } ?? ""
    case .minute: history.minute(of: server.id, in: service.id)
    default: rate(column, of: rates.rates(of: server, in: service.id), repliesPass: server.repliesPass)
    }
  }

  private func number(_ number: UInt64, _ column: StatusLayout.Column) -> String {
    fitting(number, columns: column.width)
  }

  /// A rate; where replies do not pass this machine there is none to tell of them.
  private func rate(_ column: StatusLayout.Column, of rates: TrafficRates, repliesPass: Bool = true) -> String {
    guard report.estimatesRates else { return "" }
    switch column {
    case .connectionRate: return readable(rate: rates.connections, isFine: rates.isFine)
    case .packetRateIn: return readable(rate: rates.packetsIn, isFine: rates.isFine)
    case .byteRateIn: return readable(rate: rates.bytesIn, isFine: rates.isFine)
    case .packetRateOut: return repliesPass ? readable(rate: rates.packetsOut, isFine: rates.isFine) : "-"
    case .byteRateOut: return repliesPass ? readable(rate: rates.bytesOut, isFine: rates.isFine) : "-"
    default: return ""
    }
  }

  /// ` 50% =====|    `: a tenth of the present connections a mark, and the line where the weights would have them end.
  private func bar(_ share: Int, _ server: RealServerStatus, _ service: ServiceStatus) -> String {
    // These two look at no weight but 0 (ip_vs_rr.c, ip_vs_lc.c).
    let ignoresWeights = ["rr", "lc"].contains(service.settings.scheduler.name)
    func part(_ server: RealServerStatus) -> Double {
      ignoresWeights ? (server.settings.weight > 0 ? 1 : 0) : Double(server.settings.weight)
    }
    let all = service.realServers.reduce(0) { $0 + ($1.isInTable ? part($1) : 0) }
    var marks = (0..<10).map { $0 < (share + 5) / 10 ? "=" : " " }
    if all > 0 {
      let place = Int((part(server) / all * 10).rounded())
      marks.insert("|", at: place)
    }
    let percent = "\(share)%"
    return String(repeating: " ", count: 4 - percent.utf8.count) + percent + " " + marks.joined()
  }
}

extension RealServerStatus {
  /// Whether its replies come back through this machine.
  fileprivate var repliesPass: Bool { settings.forward == .nat }

  /// What it may be called, the longest first; the name wins over the address.
  fileprivate func names(in service: ServiceID) -> [String] {
    guard let name else { return [id.description] }
    return ["\(name) \(id)", id.port == service.port ? name : "\(name):\(id.port)"]
  }
}

extension RealServerSettings {
  /// `750-1000`: connections below which new ones come again, and at which they end.
  fileprivate var thresholds: String {
    if upperThreshold == 0 { return "" }
    // Where none is set the kernel takes three quarters (ip_vs_dest_hold of ip_vs_core.c).
    let low = lowerThreshold == 0 ? UInt64(upperThreshold) * 3 / 4 : UInt64(lowerThreshold)
    return "\(fitting(low, columns: 5))-\(fitting(UInt64(upperThreshold), columns: 5))"
  }
}

extension ServiceStatus {
  /// What it may be called, the longest first; the name of its VIP wins over the address.
  var names: [String] {
    guard let name, case .address(let transport, _, let port) = id else { return [id.description] }
    return ["\(id) (\(name))", "\(transport.word) \(name):\(port)"]
  }
}
