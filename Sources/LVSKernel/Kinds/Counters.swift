import CNetlink
import LVSModel

extension TrafficCounters {
  /// Reads the attributes inside IPVS_SVC_ATTR_STATS64, or inside IPVS_SVC_ATTR_STATS, whose numbers are mostly 32 bits wide.
  init(_ payload: Range<Int>, in bytes: RawSpan) {
    self.init()
    var cursor = AttributeCursor(payload)
    while let attribute = cursor.next(in: bytes) {
      let number =
        bytes.value(attribute.payload, as: UInt64.self)
        ?? bytes.value(attribute.payload, as: UInt32.self).map(UInt64.init) ?? 0
      switch attribute.type {
      case IPVS_STATS_ATTR_CONNS: connections = number
      case IPVS_STATS_ATTR_INPKTS: packetsIn = number
      case IPVS_STATS_ATTR_OUTPKTS: packetsOut = number
      case IPVS_STATS_ATTR_INBYTES: bytesIn = number
      case IPVS_STATS_ATTR_OUTBYTES: bytesOut = number
      case IPVS_STATS_ATTR_CPS: connectionRate = number
      case IPVS_STATS_ATTR_INPPS: packetRateIn = number
      case IPVS_STATS_ATTR_OUTPPS: packetRateOut = number
      case IPVS_STATS_ATTR_INBPS: byteRateIn = number
      case IPVS_STATS_ATTR_OUTBPS: byteRateOut = number
      default: break
      }
    }
  }
}

extension RealServerCounters {
  /// Reads the attributes inside IPVS_CMD_ATTR_DEST.
  init(_ payload: Range<Int>, in bytes: RawSpan) {
    self.init()
    var narrow: Range<Int>?
    var wide: Range<Int>?
    var cursor = AttributeCursor(payload)
    while let attribute = cursor.next(in: bytes) {
      switch attribute.type {
      case IPVS_DEST_ATTR_ACTIVE_CONNS: active = bytes.value(attribute.payload) ?? 0
      case IPVS_DEST_ATTR_INACT_CONNS: inactive = bytes.value(attribute.payload) ?? 0
      case IPVS_DEST_ATTR_PERSIST_CONNS: persistent = bytes.value(attribute.payload) ?? 0
      case IPVS_DEST_ATTR_STATS: narrow = attribute.payload
      case IPVS_DEST_ATTR_STATS64: wide = attribute.payload
      default: break
      }
    }
    // Kernels before 4.1 have only the narrow ones.
    if let field = wide ?? narrow { traffic = TrafficCounters(field, in: bytes) }
  }
}

extension ServiceCounters {
  /// Reads the attributes inside IPVS_CMD_ATTR_SERVICE.
  init(_ payload: Range<Int>, in bytes: RawSpan) {
    self.init()
    var narrow: Range<Int>?
    var wide: Range<Int>?
    var cursor = AttributeCursor(payload)
    while let attribute = cursor.next(in: bytes) {
      switch attribute.type {
      case IPVS_SVC_ATTR_STATS: narrow = attribute.payload
      case IPVS_SVC_ATTR_STATS64: wide = attribute.payload
      default: break
      }
    }
    if let field = wide ?? narrow { traffic = TrafficCounters(field, in: bytes) }
  }
}
