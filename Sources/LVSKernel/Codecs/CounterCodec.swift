import CNetlink
import LVSCore

/// Traffic since the counters were last set to zero, and its rates over the last seconds.
public struct TrafficCounters: Hashable, Sendable {
  /// Connections that were scheduled.
  public var connections: UInt64 = 0
  /// Packets from clients.
  public var packetsIn: UInt64 = 0
  /// Packets to clients that came through this machine.
  public var packetsOut: UInt64 = 0
  /// Bytes from clients.
  public var bytesIn: UInt64 = 0
  /// Bytes to clients that came through this machine.
  public var bytesOut: UInt64 = 0
  /// Connections per second.
  public var connectionRate: UInt64 = 0
  /// Packets per second from clients.
  public var packetRateIn: UInt64 = 0
  /// Packets per second to clients.
  public var packetRateOut: UInt64 = 0
  /// Bytes per second from clients.
  public var byteRateIn: UInt64 = 0
  /// Bytes per second to clients.
  public var byteRateOut: UInt64 = 0

  /// Creates counters that have counted nothing.
  public init() {}

  /// Reads the attributes inside IPVS_SVC_ATTR_STATS64, or inside IPVS_SVC_ATTR_STATS, whose numbers are mostly 32 bits wide.
  init(_ payload: Range<Int>, in bytes: RawSpan) {
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

/// What a real server of a service is doing.
public struct RealServerCounters: Hashable, Sendable {
  /// Connections in an established state.
  public var active: UInt32 = 0
  /// Connections in any other state.
  public var inactive: UInt32 = 0
  /// Persistence templates.
  public var persistent: UInt32 = 0
  /// Its traffic.
  public var traffic = TrafficCounters()

  /// Creates counters that have counted nothing.
  public init() {}

  /// Reads the attributes inside IPVS_CMD_ATTR_DEST.
  init(_ payload: Range<Int>, in bytes: RawSpan) {
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

/// What a virtual service is doing.
public struct ServiceCounters: Hashable, Sendable {
  /// Its traffic.
  public var traffic = TrafficCounters()
  /// What each of its real servers is doing.
  public var realServers: [RealServerID: RealServerCounters] = [:]

  /// Creates counters that have counted nothing.
  public init() {}

  /// Reads the attributes inside IPVS_CMD_ATTR_SERVICE.
  init(_ payload: Range<Int>, in bytes: RawSpan) {
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
