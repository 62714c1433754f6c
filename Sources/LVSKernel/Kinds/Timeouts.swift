import CNetlink
import LVSModel

extension MessageBuilder {
  /// Writes the request that sets the timeouts; 0 leaves one as it is (ip_vs_set_timeout).
  mutating func timeouts(_ difference: Difference<Timeouts>, family: UInt16) {
    let timeouts = difference.after ?? Timeouts()
    ipvs(family, IPVS_CMD_SET_CONFIG) { message in
      message.attribute(IPVS_CMD_ATTR_TIMEOUT_TCP, timeouts.tcp ?? 0)
      message.attribute(IPVS_CMD_ATTR_TIMEOUT_TCP_FIN, timeouts.tcpFin ?? 0)
      message.attribute(IPVS_CMD_ATTR_TIMEOUT_UDP, timeouts.udp ?? 0)
    }
  }
}

extension Timeouts {
  /// Reads the answer to IPVS_CMD_GET_CONFIG; a protocol that the kernel was built without stays nil.
  init(_ message: NetlinkMessage, in bytes: RawSpan) {
    self.init()
    var cursor = AttributeCursor(message.payload, skipping: genericHeaderSize)
    while let attribute = cursor.next(in: bytes) {
      switch attribute.type {
      case IPVS_CMD_ATTR_TIMEOUT_TCP: tcp = bytes.value(attribute.payload)
      case IPVS_CMD_ATTR_TIMEOUT_TCP_FIN: tcpFin = bytes.value(attribute.payload)
      case IPVS_CMD_ATTR_TIMEOUT_UDP: udp = bytes.value(attribute.payload)
      default: break
      }
    }
  }
}

/// Asking makes the kernel load `ip_vs` where it is not; see ``IPVSAvailability``.
extension KernelConnection {
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
}
