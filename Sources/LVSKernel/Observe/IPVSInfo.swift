import CNetlink
import Glibc
import LVSModel

/// Asking makes the kernel load `ip_vs` where it is not; see ``IPVSAvailability``.
extension KernelConnection {
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
}

extension IPVSInfo {
  /// Reads the answer to IPVS_CMD_GET_INFO.
  init(_ message: NetlinkMessage, in bytes: RawSpan) {
    self.init()
    var cursor = AttributeCursor(message.payload, skipping: genericHeaderSize)
    while let attribute = cursor.next(in: bytes) {
      switch attribute.type {
      case IPVS_INFO_ATTR_VERSION: version = bytes.value(attribute.payload) ?? 0
      case IPVS_INFO_ATTR_CONN_TAB_SIZE: connectionTableSize = bytes.value(attribute.payload) ?? 0
      default: break
      }
    }
  }
}
