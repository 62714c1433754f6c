import CNetlink
import Glibc
import LVSModel
import LVSSystem

/// Reading the services of IPVS, true while other programs write. Everything here makes the kernel load `ip_vs` where it
/// is not; see ``IPVSAvailability``.
///
/// A dump walks the table by position, over the services of all network namespaces: where another program adds or removes
/// some between two datagrams of it, services are listed twice or left out, and the kernel does not tell. What one
/// datagram holds is true. So a service that should be there and that a longer dump does not list is asked for by itself,
/// and a list of real servers that is longer, or empty as that of a service that is gone (ip_vs_genl_dump_dests), is read
/// again where it is not what it should be.
extension KernelConnection {
  /// The virtual services with their real servers; those that are as in `probable` share its memory.
  ///
  /// No service of `probable` that is there is missing, whatever other programs write meanwhile.
  public func services(
    probably probable: [ServiceID: VirtualService] = [:]
  ) throws(NetlinkError) -> [ServiceID: VirtualService] {
    try readTable(probably: probable, isOnlyList: false)
  }

  /// The virtual services with their real servers and what all of them are doing.
  ///
  /// No service of `probable` that is there is missing, whatever other programs write meanwhile.
  public func table(
    probably probable: [ServiceID: VirtualService] = [:]
  ) throws(NetlinkError) -> [ServiceID: LiveService] {
    try readTable(probably: probable, isOnlyList: probable.isEmpty)
  }

  /// Some services with their real servers, each asked for by its identity; those that are not there are missing.
  public func services(named ids: Set<ServiceID>) throws(NetlinkError) -> [ServiceID: VirtualService] {
    var table: [ServiceID: VirtualService] = [:]
    try readAgain(ids, into: &table, probably: [:])
    return table
  }

  /// The counters and rates of the virtual services and their real servers.
  public func counters() throws(NetlinkError) -> [ServiceID: ServiceCounters] { try table().mapValues(\.counters) }

  /// What the real servers of some services are doing; a service that is not there has none.
  func realServerCounters(
    of services: Set<ServiceID>
  ) throws(NetlinkError) -> [ServiceID: [RealServerID: RealServerCounters]] {
    var counters: [ServiceID: [RealServerID: RealServerCounters]] = [:]
    var builder = MessageBuilder()
    for id in services.sorted() {
      var found: [RealServerID: RealServerCounters] = [:]
      // A real server that one reading of a long list leaves out still has its connections: what any of them saw counts.
      for _ in 0..<Self.readings {
        let (seen, isWhole) = try realServers(of: id, &builder, into: [RealServerID: RealServerCounters]()) {
          servers, field, bytes in
          guard let server = RealServerRecord(field, in: bytes, serviceFamily: id.family) else { return false }
          servers[server.id] = RealServerCounters(field, in: bytes)
          return true
        }
        let isSettled = seen.keys == found.keys
        found.merge(seen) { _, new in new }
        if isWhole || isSettled { break }
      }
      counters[id] = found
    }
    return counters
  }
}

/// A service as a reading of the table keeps it.
private protocol TableEntry {
  var realServers: [RealServerID: RealServerSettings] { get set }
  init(_ settings: ServiceSettings, _ field: Range<Int>, in bytes: RawSpan)
  /// An entry without real servers, with room for so many.
  func emptied(expecting count: Int) -> Self
  mutating func add(_ server: RealServerRecord, _ field: Range<Int>, in bytes: RawSpan)
}

extension VirtualService: TableEntry {
  fileprivate init(_ settings: ServiceSettings, _ field: Range<Int>, in bytes: RawSpan) {
    self.init(settings: settings)
  }

  fileprivate func emptied(expecting count: Int) -> VirtualService {
    VirtualService(settings: settings, realServers: Dictionary(minimumCapacity: count))
  }

  fileprivate mutating func add(_ server: RealServerRecord, _ field: Range<Int>, in bytes: RawSpan) {
    realServers[server.id] = server.settings
  }
}

extension LiveService: TableEntry {
  fileprivate var realServers: [RealServerID: RealServerSettings] {
    get { service.realServers }
    set { service.realServers = newValue }
  }

  fileprivate init(_ settings: ServiceSettings, _ field: Range<Int>, in bytes: RawSpan) {
    self.init(service: VirtualService(settings: settings), counters: ServiceCounters(field, in: bytes))
  }

  fileprivate func emptied(expecting count: Int) -> LiveService {
    var live = LiveService(service: service.emptied(expecting: count), counters: counters)
    live.counters.realServers = Dictionary(minimumCapacity: count)
    return live
  }

  fileprivate mutating func add(_ server: RealServerRecord, _ field: Range<Int>, in bytes: RawSpan) {
    service.realServers[server.id] = server.settings
    counters.realServers[server.id] = RealServerCounters(field, in: bytes)
  }
}

extension KernelConnection {
  /// How often at most something is read until two readings agree.
  private static var readings: Int { 5 }

  /// Reads the table; with `isOnlyList` nothing else is known of what should be there, and a long list is read twice.
  private func readTable<Entry: TableEntry>(
    probably probable: [ServiceID: VirtualService], isOnlyList: Bool
  ) throws(NetlinkError) -> [ServiceID: Entry] {
    let list: [(id: ServiceID, entry: Entry)] = try listedServices()
    let isWhole = try ipvs().conversation.dataDatagrams <= 1
    var table = [ServiceID: Entry](minimumCapacity: list.count)
    var doubtful: Set<ServiceID> = []
    var builder = MessageBuilder()
    // Services mostly have as many real servers as their neighbours: a table of that size need not grow.
    var expected = 0
    for (id, listed) in list {
      var (entry, isTrue) = try withRealServers(listed.emptied(expecting: expected), of: id, &builder)
      expected = entry.realServers.count
      if let known = probable[id]?.realServers, known == entry.realServers {
        entry.realServers = known
      } else if !isTrue || expected == 0 {
        doubtful.insert(id)
      }
      table[id] = entry
    }
    var isMoving = !isWhole && table.count < list.count
    if !isWhole {
      let missing = probable.keys.filter { table[$0] == nil }
      try readAgain(doubtful.union(missing), into: &table, probably: probable)
      isMoving = isMoving || doubtful.contains { table[$0] == nil } || missing.contains { table[$0] != nil }
      if isMoving || isOnlyList { try addUnlisted(to: &table) }
    } else if !doubtful.isEmpty {
      try readAgain(doubtful, into: &table, probably: probable)
    }
    return table
  }

  /// Lists the services again until a list has none that is new: others write, and what nobody expects is missed too.
  private func addUnlisted<Entry: TableEntry>(to table: inout [ServiceID: Entry]) throws(NetlinkError) {
    for _ in 0..<Self.readings {
      let list: [(id: ServiceID, entry: Entry)] = try listedServices()
      let new = Set(list.map(\.id)).subtracting(table.keys)
      if new.isEmpty { return }
      try readAgain(new, into: &table, probably: [:])
    }
  }

  /// Reads services, each by its identity, until it is what it should be or two readings agree; takes away those that are
  /// not there.
  private func readAgain<Entry: TableEntry>(
    _ ids: Set<ServiceID>, into table: inout [ServiceID: Entry], probably probable: [ServiceID: VirtualService]
  ) throws(NetlinkError) {
    var builder = MessageBuilder()
    var unsettled = ids
    for _ in 0..<Self.readings where !unsettled.isEmpty {
      var differing: Set<ServiceID> = []
      let found: [ServiceID: Entry] = try namedServices(unsettled)
      for id in unsettled {
        guard let named = found[id] else {
          table[id] = nil
          continue
        }
        var (entry, isTrue) = try withRealServers(named.emptied(expecting: 0), of: id, &builder)
        if let known = probable[id]?.realServers, known == entry.realServers {
          entry.realServers = known
        } else if !isTrue || entry.realServers.isEmpty, table[id]?.realServers != entry.realServers {
          differing.insert(id)
        }
        table[id] = entry
      }
      unsettled = differing
    }
  }

  /// The services that one dump lists, some perhaps twice.
  private func listedServices<Entry: TableEntry>() throws(NetlinkError) -> [(id: ServiceID, entry: Entry)] {
    let (ipvs, number) = try self.ipvs()
    var builder = MessageBuilder()
    builder.ipvs(number, IPVS_CMD_GET_SERVICE)
    // Most services have the settings of their neighbours, which then are in memory once.
    var settings = ServiceSettings()
    return try ipvs.dump(&builder, describing: "list the services", into: []) { list, bytes, message in
      guard let field = genericAttribute(IPVS_CMD_ATTR_SERVICE, of: message, in: bytes),
        let record = ServiceRecord(field, in: bytes)
      else { return false }
      if record.settings != settings { settings = record.settings }
      if let id = record.id { list.append((id, Entry(settings, field, in: bytes))) }
      return true
    }
  }

  /// The services of these names that are there, without their real servers; many are asked for in one send.
  private func namedServices<Entry: TableEntry>(_ ids: Set<ServiceID>) throws(NetlinkError) -> [ServiceID: Entry] {
    let (ipvs, number) = try self.ipvs()
    let names = ids.sorted()
    var batch = RequestBatch()
    for id in names {
      try batch.append { (builder) throws(NetlinkError) in
        builder.ipvs(number, IPVS_CMD_GET_SERVICE) { message in
          message.nested(IPVS_CMD_ATTR_SERVICE) { $0.serviceIdentity(id) }
        }
      }
    }
    var found: [ServiceID: Entry] = [:]
    let report = ipvs.send(
      &batch, describing: { "read \(names[$0])" }, passes: { _, error in error.errno == ESRCH },
      data: { index, bytes, message in
        guard let field = genericAttribute(IPVS_CMD_ATTR_SERVICE, of: message, in: bytes),
          let record = ServiceRecord(field, in: bytes), record.id == names[index]
        else { return false }
        found[names[index]] = Entry(record.settings, field, in: bytes)
        return true
      })
    if let refusal = report.failures.first(where: { $0.error.errno != ESRCH })?.error ?? report.interruption {
      throw refusal
    }
    return found
  }

  private func withRealServers<Entry: TableEntry>(
    _ empty: Entry, of id: ServiceID, _ builder: inout MessageBuilder
  ) throws(NetlinkError) -> (entry: Entry, isTrue: Bool) {
    try realServers(of: id, &builder, into: empty) { entry, field, bytes in
      guard let server = RealServerRecord(field, in: bytes, serviceFamily: id.family) else { return false }
      entry.add(server, field, in: bytes)
      return true
    }
  }

  /// Folds the real servers of one service, which the kernel dumps for one service at a time; and whether they came in
  /// one datagram, and are true.
  private func realServers<Result>(
    of id: ServiceID, _ builder: inout MessageBuilder, into initial: Result,
    _ body: (inout Result, Range<Int>, RawSpan) -> Bool
  ) throws(NetlinkError) -> (Result, Bool) {
    let (ipvs, number) = try self.ipvs()
    builder.removeAll()
    builder.ipvs(number, IPVS_CMD_GET_DEST) { message in
      message.nested(IPVS_CMD_ATTR_SERVICE) { $0.serviceIdentity(id) }
    }
    do throws(NetlinkError) {
      let result = try ipvs.dump(&builder, describing: "list the real servers of \(id)", into: initial) {
        result, bytes, message in
        guard let field = genericAttribute(IPVS_CMD_ATTR_DEST, of: message, in: bytes) else { return false }
        return body(&result, field, bytes)
      }
      return (result, ipvs.dataDatagrams <= 1)
    } catch {
      // A service that is gone has no real servers, whichever way the kernel says so.
      if error.errno == ESRCH { return (initial, true) }
      throw error
    }
  }
}
