import CNetlink
import Glibc
import LVSModel

/// Reading what IPVS holds beside its services. Everything here makes the kernel load `ip_vs` where it is not; see ``IPVSAvailability``.
extension KernelConnection {
  /// The connection timeouts.
  package func timeouts() throws(NetlinkError) -> Timeouts {
    let (ipvs, number) = try self.ipvs()
    var builder = MessageBuilder()
    builder.ipvs(number, IPVS_CMD_GET_CONFIG)
    return try ipvs.get(&builder, describing: "read the timeouts", into: Timeouts()) { timeouts, bytes, message in
      timeouts = Timeouts(message, in: bytes)
      return true
    }
  }

  /// The connection sync daemons that run.
  package func syncDaemons() throws(NetlinkError) -> [SyncRole: SyncDaemon] {
    let (ipvs, number) = try self.ipvs()
    var builder = MessageBuilder()
    builder.ipvs(number, IPVS_CMD_GET_DAEMON)
    return try ipvs.dump(&builder, describing: "list the sync daemons", into: [:]) { daemons, bytes, message in
      guard let field = genericField(IPVS_CMD_ATTR_DAEMON, of: message, in: bytes),
        let record = SyncDaemonRecord(field, in: bytes)
      else { return false }
      daemons[record.role] = record.daemon
      return true
    }
  }

  /// The version and the size of the connection table.
  package func info() throws(NetlinkError) -> IPVSInfo? {
    let (ipvs, number) = try self.ipvs()
    var builder = MessageBuilder()
    builder.ipvs(number, IPVS_CMD_GET_INFO)
    return try ipvs.get(&builder, describing: "read the version of IPVS", into: nil) { info, bytes, message in
      info = IPVSInfo(message, in: bytes)
      return true
    }
  }
}
