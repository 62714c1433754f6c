import LVSModel

/// How a service or a real server that is shown differs from the file.
public enum DriftMark: Hashable, Sendable {
  /// The file has it and the kernel does not.
  case missing
  /// The kernel has it, and apply takes it away.
  case foreign
  /// Its settings differ, as in `weight 0 → 1`: live, then the file's.
  case changed(String)
}

extension DriftMark {
  fileprivate init(_ change: Change) {
    switch change.action {
    case .create: self = .missing
    case .delete: self = .foreign
    case .update: self = .changed(change.driftWords)
    }
  }
}

extension Change {
  /// What is wrong with the thing: it is missing, it should not be there, or its fields as live → file.
  public var driftWords: String {
    let fields = fields
    guard let before = fields.before else { return "missing" }
    guard let after = fields.after else { return "not in the file" }
    let differing = zip(before, after).map { old, new in
      let values = "\(old.value.text) → \(new.value.text)"
      return kind == "sysctl" ? values : "\(old.name) \(values)"
    }
    return differing.joined(separator: ", ")
  }
}

extension StatusReport {
  /// The report with its drift marked on the services and real servers that it is about, and with those that are missing in
  /// their places.
  ///
  /// Services stand by their identity in it, and real servers by theirs.
  public func withDriftInPlace() -> StatusReport {
    guard let drift, !drift.changes.isEmpty else { return self }
    var report = self
    var places = Dictionary(services.enumerated().map { ($1.id, $0) }) { first, _ in first }
    for change in drift.changes {
      guard case .service(let id) = change.subject else { continue }
      if places[id] == nil, let settings = change.after?.service {
        places[id] = report.services.count
        report.services.append(
          ServiceStatus(
            id, VirtualService(settings: settings), ServiceCounters(), names: identity, isUnmanaged: false, []))
      }
      if let place = places[id] { report.services[place].mark = DriftMark(change) }
    }
    var steps: [Int: [(id: RealServerID, change: Change)]] = [:]
    for change in drift.changes {
      guard case .realServer(let service, let id) = change.subject, let place = places[service] else { continue }
      steps[place, default: []].append((id, change))
    }
    for (place, steps) in steps { report.services[place].mark(steps, names: identity) }
    report.services.sort { $0.id < $1.id }
    return report
  }
}

extension ServiceStatus {
  fileprivate mutating func mark(_ steps: [(id: RealServerID, change: Change)], names: StatusReport.Identity?) {
    let places = Dictionary(realServers.enumerated().map { ($1.id, $0) }) { first, _ in first }
    for (id, change) in steps {
      if let place = places[id] {
        realServers[place].mark = DriftMark(change)
      } else if let settings = change.after?.realServer {
        realServers.append(
          RealServerStatus(
            id: id, name: names?.serverNames[id.address], settings: settings, counters: RealServerCounters(),
            isInTable: false, mark: .missing))
      }
    }
    realServers.sort { $0.id < $1.id }
  }
}
