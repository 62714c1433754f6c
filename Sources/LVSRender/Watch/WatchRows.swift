import LVSModel
import LVSPlan
import LVSText

/// What a row of a watch is about.
enum WatchRow: Hashable {
  case service(ServiceID)
  case realServer(ServiceID, RealServerID)
  case machine(IPAddress)
  case line(Int)
}

/// The rows of a page, which are drawn as far as they are seen.
struct WatchRows {
  var ids: [WatchRow] = []
  var draw: (Int, _ isMarked: Bool) -> TextLine
}

extension WatchRows {
  /// The services, with the real servers of those that are open.
  static func services(_ rows: StatusRows, _ services: [ServiceStatus], isOpen: (ServiceID) -> Bool) -> WatchRows {
    var ids: [WatchRow] = []
    var places: [(service: Int, server: Int?)] = []
    for (index, service) in services.enumerated() {
      ids.append(.service(service.id))
      places.append((index, nil))
      guard isOpen(service.id) else { continue }
      for (place, server) in service.realServers.enumerated() {
        ids.append(.realServer(service.id, server.id))
        places.append((index, place))
      }
    }
    let open = Set(services.lazy.map(\.id).filter(isOpen))
    return WatchRows(ids: ids) { index, isMarked in
      let (place, server) = places[index]
      let service = services[place]
      guard let server else {
        return rows.row(service, isClosed: !open.contains(service.id), isMarked: isMarked)
      }
      return rows.row(service.realServers[server], in: service, isMarked: isMarked)
    }
  }

  /// The real servers over all services.
  static func machines(_ rows: StatusRows, _ machines: [ServerSummary]) -> WatchRows {
    WatchRows(ids: machines.map { .machine($0.address) }) { index, isMarked in
      rows.row(machines[index], isMarked: isMarked)
    }
  }

  /// Lines of text.
  static func lines(_ lines: [TextLine]) -> WatchRows {
    WatchRows(ids: lines.indices.map(WatchRow.line)) { index, _ in lines[index] }
  }
}

extension ServiceStatus {
  /// Whether a word is in what its row or those of its real servers say.
  func matches(_ word: String, estimatesRates: Bool) -> Bool {
    if [id.description, name ?? "", standing(estimatesRates: estimatesRates).word].contains(where: { $0.holds(word) }) {
      return true
    }
    return realServers.contains { server in
      (server.name ?? "").holds(word) || server.id.description.holds(word)
        || server.standings(in: id, estimatesRates: estimatesRates).contains { $0.word.holds(word) }
    }
  }
}

extension ServerSummary {
  /// Whether a word is in what its row says.
  func matches(_ word: String) -> Bool {
    (name ?? "").holds(word) || address.description.holds(word) || standing.word.holds(word)
  }
}

extension String {
  /// Whether a word is part of it, in letters of either case; `word` is in small ones.
  fileprivate func holds(_ word: String) -> Bool { lowercased().contains(word) }
}
