import CNetlink
import Glibc
import LVSModel

extension MessageBuilder {
  /// Writes the requests that start, restart or stop a connection sync daemon; the kernel cannot edit one that runs.
  mutating func syncDaemon(_ role: SyncRole, _ difference: Difference<SyncDaemon>, family: UInt16) {
    if let before = difference.before {
      ipvs(family, IPVS_CMD_DEL_DAEMON) { message in
        message.nested(IPVS_CMD_ATTR_DAEMON) { daemon in
          daemon.attribute(IPVS_DAEMON_ATTR_STATE, role.rawValue)
          daemon.attribute(IPVS_DAEMON_ATTR_MCAST_IFN, before.interface)
          daemon.attribute(IPVS_DAEMON_ATTR_SYNC_ID, before.id)
        }
      }
    }
    guard let after = difference.after else { return }
    ipvs(family, IPVS_CMD_NEW_DAEMON) { message in
      message.nested(IPVS_CMD_ATTR_DAEMON) { daemon in
        daemon.attribute(IPVS_DAEMON_ATTR_STATE, role.rawValue)
        daemon.attribute(IPVS_DAEMON_ATTR_MCAST_IFN, after.interface)
        daemon.attribute(IPVS_DAEMON_ATTR_SYNC_ID, after.id)
        if let maxlen = after.maxlen { daemon.attribute(IPVS_DAEMON_ATTR_SYNC_MAXLEN, maxlen) }
        switch after.group?.family {
        case .ipv4: after.group.map { daemon.attribute(IPVS_DAEMON_ATTR_MCAST_GROUP, $0) }
        case .ipv6: after.group.map { daemon.attribute(IPVS_DAEMON_ATTR_MCAST_GROUP6, $0) }
        case nil: break
        }
        // Unlike every other port of the family this one is in host order (ip_vs_genl_new_daemon).
        if let port = after.port { daemon.attribute(IPVS_DAEMON_ATTR_MCAST_PORT, port) }
        if let ttl = after.ttl { daemon.attribute(IPVS_DAEMON_ATTR_MCAST_TTL, ttl) }
      }
    }
  }
}

/// A connection sync daemon with its role, as a dump shows it.
struct SyncDaemonRecord: Equatable {
  var role: SyncRole
  var daemon: SyncDaemon

  /// Reads the attributes inside IPVS_CMD_ATTR_DAEMON; kernels before 4.3 tell no more than role, interface and id.
  init?(_ payload: Range<Int>, in bytes: RawSpan) {
    var role: SyncRole?
    var interface: String?
    var daemon = SyncDaemon(interface: "")
    var cursor = AttributeCursor(payload)
    while let attribute = cursor.next(in: bytes) {
      let field = attribute.payload
      switch attribute.type {
      case IPVS_DAEMON_ATTR_STATE: role = bytes.value(field).flatMap(SyncRole.init(rawValue:))
      case IPVS_DAEMON_ATTR_MCAST_IFN: interface = bytes.string(field)
      case IPVS_DAEMON_ATTR_SYNC_ID: daemon.id = bytes.value(field) ?? 0
      case IPVS_DAEMON_ATTR_SYNC_MAXLEN: daemon.maxlen = bytes.value(field)
      case IPVS_DAEMON_ATTR_MCAST_GROUP: daemon.group = bytes.address(field, .ipv4)
      case IPVS_DAEMON_ATTR_MCAST_GROUP6: daemon.group = bytes.address(field, .ipv6)
      case IPVS_DAEMON_ATTR_MCAST_PORT: daemon.port = bytes.value(field)
      case IPVS_DAEMON_ATTR_MCAST_TTL: daemon.ttl = bytes.value(field)
      default: break
      }
    }
    guard let role, let interface else { return nil }
    daemon.interface = interface
    self.role = role
    self.daemon = daemon
  }
}

/// Asking makes the kernel load `ip_vs` where it is not; see ``IPVSAvailability``.
extension KernelConnection {
  /// The connection sync daemons that run.
  public func syncDaemons() throws(NetlinkError) -> [SyncRole: SyncDaemon] {
    let (ipvs, number) = try self.ipvs()
    var builder = MessageBuilder()
    builder.ipvs(number, IPVS_CMD_GET_DAEMON)
    return try ipvs.dump(&builder, describing: "list the sync daemons", into: [:]) { daemons, bytes, message in
      guard let field = genericAttribute(IPVS_CMD_ATTR_DAEMON, of: message, in: bytes),
        let record = SyncDaemonRecord(field, in: bytes)
      else { return false }
      daemons[record.role] = record.daemon
      return true
    }
  }
}

extension SyncDaemon {
  /// What the kernel says where no such daemon runs (stop_sync_thread).
  static let absence: [Int32] = [ESRCH]
}
