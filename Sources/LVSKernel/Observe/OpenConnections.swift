import LVSModel

extension KernelConnection {
  /// The open connections of the real servers of some services; a service that is not there has none.
  ///
  /// The connection table is read only where the counters cannot tell. Where it cannot be read, every connection counts.
  public func openConnections(of services: Set<ServiceID>) throws(NetlinkError) -> OpenConnections {
    var open: OpenConnections = [:]
    var unclear: [Draining: UInt32] = [:]
    for (service, realServers) in try realServerCounters(of: services) {
      var known: [RealServerID: UInt32] = [:]
      for (realServer, counters) in realServers {
        if let count = counters.open(in: service) {
          known[realServer] = count
        } else {
          unclear[Draining(service: service, realServer: realServer)] = counters.inactive
        }
      }
      open[service] = known
    }
    if unclear.isEmpty { return open }
    var counts = ConnectionCounts(of: unclear.keys)
    let isRead = (try? ConnectionTable.read { if $0.isOpenAndInactive { counts.add($0) } }) != nil
    for (subject, inactive) in unclear {
      // A connection behind a firewall mark does not say so: with those of other services there may be more of them.
      open[subject.service]?[subject.realServer] = isRead ? min(inactive, counts[subject]) : inactive
    }
    return open
  }
}

/// Numbers of connections by service and real server, from the rows of the connection table.
public struct ConnectionCounts {
  private var counts: [Draining: UInt32] = [:]
  /// Those of real servers behind firewall marks, which the table does not have, by the family of the clients.
  private var marked: [MarkedServer: UInt32] = [:]

  private struct MarkedServer: Hashable {
    var family: AddressFamily
    var realServer: RealServerID
  }

  /// Counts the connections of these real servers.
  public init(of subjects: some Sequence<Draining>) {
    for subject in subjects {
      switch subject.service {
      case .address: counts[subject] = 0
      case .fwmark(_, let family): marked[MarkedServer(family: family, realServer: subject.realServer)] = 0
      }
    }
  }

  /// How many connections were counted of a real server; of one behind a firewall mark those of all services.
  subscript(subject: Draining) -> UInt32 {
    switch subject.service {
    case .address: counts[subject] ?? 0
    case .fwmark(_, let family): marked[MarkedServer(family: family, realServer: subject.realServer)] ?? 0
    }
  }

  /// Whether there is a connection of any of them.
  public var hasAny: Bool { counts.values.contains { $0 > 0 } || marked.values.contains { $0 > 0 } }

  /// Counts a connection where it is one of theirs.
  public mutating func add(_ row: ConnectionTable.Row) {
    // A service of every port has its real servers without a port, and so may one of a firewall mark.
    let anyPort = RealServerID(address: row.realServer.address, port: 0)
    if let transport = row.transport {
      let service = ServiceID.address(transport, row.vip, port: row.vipPort)
      let everyPort = ServiceID.address(transport, row.vip, port: 0)
      increment(Draining(service: service, realServer: row.realServer))
      increment(Draining(service: everyPort, realServer: anyPort))
    }
    if marked.isEmpty { return }
    increment(MarkedServer(family: row.vip.family, realServer: row.realServer))
    if row.realServer.port != 0 { increment(MarkedServer(family: row.vip.family, realServer: anyPort)) }
  }

  private mutating func increment(_ subject: Draining) {
    if let count = counts[subject] { counts[subject] = count &+ 1 }
  }

  private mutating func increment(_ server: MarkedServer) {
    if let count = marked[server] { marked[server] = count &+ 1 }
  }
}
