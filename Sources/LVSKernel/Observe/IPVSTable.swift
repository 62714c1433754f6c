import CNetlink
import Glibc
import LVSCore

/// Reading IPVS. Everything here makes the kernel load `ip_vs` where it is not; see ``IPVSAvailability``.
extension KernelConnection {
  /// The virtual services with their real servers; those that are as in `probable` share its memory.
  public func services(
    probably probable: [ServiceID: VirtualService] = [:]
  ) throws(NetlinkError) -> [ServiceID: VirtualService] {
    let records = try serviceRecords()
    var services = [ServiceID: VirtualService](minimumCapacity: records.count)
    var builder = MessageBuilder()
    // Services mostly have as many real servers as their neighbours: a table of that size need not grow.
    var expected = 0
    for record in records {
      guard let id = record.id else { continue }
      let empty = [RealServerID: RealServerSettings](minimumCapacity: expected)
      let realServers = try eachRealServer(of: id, &builder, into: empty) {
        servers, field, bytes in
        guard let server = RealServerRecord(field, in: bytes, serviceFamily: id.family) else { return false }
        servers[server.id] = server.settings
        return true
      }
      expected = realServers.count
      let known = probable[id]?.realServers
      services[id] = VirtualService(
        settings: record.settings, realServers: known.flatMap { $0 == realServers ? $0 : nil } ?? realServers)
    }
    return services
  }

  /// The virtual services with their real servers and what all of them are doing, each dumped once.
  public func table() throws(NetlinkError) -> [ServiceID: LiveService] {
    let (ipvs, number) = try self.ipvs()
    var builder = MessageBuilder()
    builder.ipvs(number, IPVS_CMD_GET_SERVICE)
    var table = try ipvs.dump(&builder, describing: "list the services", into: [ServiceID: LiveService]()) {
      table, bytes, message in
      guard let field = Self.field(IPVS_CMD_ATTR_SERVICE, of: message, in: bytes),
        let record = ServiceRecord(field, in: bytes)
      else { return false }
      guard let id = record.id else { return true }
      table[id] = LiveService(
        service: VirtualService(settings: record.settings), counters: ServiceCounters(field, in: bytes))
      return true
    }
    for (id, service) in table {
      table[id] = try eachRealServer(of: id, &builder, into: service) { live, field, bytes in
        guard let server = RealServerRecord(field, in: bytes, serviceFamily: id.family) else { return false }
        live.service.realServers[server.id] = server.settings
        live.counters.realServers[server.id] = RealServerCounters(field, in: bytes)
        return true
      }
    }
    return table
  }

  /// The counters and rates of the virtual services and their real servers.
  public func counters() throws(NetlinkError) -> [ServiceID: ServiceCounters] { try table().mapValues(\.counters) }

  /// The connection timeouts.
  public func timeouts() throws(NetlinkError) -> Timeouts {
    let (ipvs, number) = try self.ipvs()
    var builder = MessageBuilder()
    builder.ipvs(number, IPVS_CMD_GET_CONFIG)
    return try ipvs.get(&builder, describing: "read the timeouts", into: Timeouts()) { timeouts, bytes, message in
      timeouts = Timeouts(message, in: bytes)
      return true
    }
  }

  /// The connection sync daemons that run.
  public func syncDaemons() throws(NetlinkError) -> [SyncRole: SyncDaemon] {
    let (ipvs, number) = try self.ipvs()
    var builder = MessageBuilder()
    builder.ipvs(number, IPVS_CMD_GET_DAEMON)
    return try ipvs.dump(&builder, describing: "list the sync daemons", into: [:]) { daemons, bytes, message in
      guard let field = Self.field(IPVS_CMD_ATTR_DAEMON, of: message, in: bytes),
        let record = SyncDaemonRecord(field, in: bytes)
      else { return false }
      daemons[record.role] = record.daemon
      return true
    }
  }

  /// The version and the size of the connection table.
  public func info() throws(NetlinkError) -> IPVSInfo? {
    let (ipvs, number) = try self.ipvs()
    var builder = MessageBuilder()
    builder.ipvs(number, IPVS_CMD_GET_INFO)
    return try ipvs.get(&builder, describing: "read the version of IPVS", into: nil) { info, bytes, message in
      info = IPVSInfo(message, in: bytes)
      return true
    }
  }

  /// What the real servers of some services are doing; a service that is not there has none.
  func realServerCounters(
    of services: Set<ServiceID>
  ) throws(NetlinkError) -> [ServiceID: [RealServerID: RealServerCounters]] {
    var counters: [ServiceID: [RealServerID: RealServerCounters]] = [:]
    var builder = MessageBuilder()
    for id in services.sorted() {
      do throws(NetlinkError) {
        counters[id] = try eachRealServer(of: id, &builder, into: [:]) { servers, field, bytes in
          guard let server = RealServerRecord(field, in: bytes, serviceFamily: id.family) else { return false }
          servers[server.id] = RealServerCounters(field, in: bytes)
          return true
        }
      } catch {
        if error.errno != ESRCH { throw error }
      }
    }
    return counters
  }

  private func serviceRecords() throws(NetlinkError) -> [ServiceRecord] {
    let (ipvs, number) = try self.ipvs()
    var builder = MessageBuilder()
    builder.ipvs(number, IPVS_CMD_GET_SERVICE)
    return try ipvs.dump(&builder, describing: "list the services", into: []) { records, bytes, message in
      guard let field = Self.field(IPVS_CMD_ATTR_SERVICE, of: message, in: bytes),
        let record = ServiceRecord(field, in: bytes)
      else { return false }
      records.append(record)
      return true
    }
  }

  /// Folds the real servers of one service: the kernel dumps them for one service at a time.
  private func eachRealServer<Result>(
    of id: ServiceID, _ builder: inout MessageBuilder, into initial: Result,
    _ body: (inout Result, Range<Int>, RawSpan) -> Bool
  ) throws(NetlinkError) -> Result {
    let (ipvs, number) = try self.ipvs()
    builder.removeAll()
    builder.ipvs(number, IPVS_CMD_GET_DEST) { message in
      message.nested(IPVS_CMD_ATTR_SERVICE) { $0.serviceIdentity(id) }
    }
    return try ipvs.dump(&builder, describing: "list the real servers of \(id)", into: initial) {
      result, bytes, message in
      guard let field = Self.field(IPVS_CMD_ATTR_DEST, of: message, in: bytes) else { return false }
      return body(&result, field, bytes)
    }
  }

  private static func field(_ type: Int, of message: NetlinkMessage, in bytes: RawSpan) -> Range<Int>? {
    var cursor = AttributeCursor(message.payload, skipping: genericHeaderSize)
    while let attribute = cursor.next(in: bytes) {
      if attribute.type == type { return attribute.payload }
    }
    return nil
  }
}
