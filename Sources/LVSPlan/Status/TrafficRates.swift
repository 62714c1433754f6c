import LVSModel

/// Rates of traffic per second.
public struct TrafficRates: Equatable, Sendable {
  /// New connections.
  public var connections: Double
  /// Packets from clients.
  public var packetsIn: Double
  /// Packets to clients that come through this machine.
  public var packetsOut: Double
  /// Bytes from clients.
  public var bytesIn: Double
  /// Bytes to clients that come through this machine.
  public var bytesOut: Double
  /// Whether they tell tenths: the kernel's own estimates are whole numbers.
  public var isFine: Bool
}

extension TrafficRates {
  /// The kernel's own estimates.
  public init(_ traffic: TrafficCounters) {
    connections = Double(traffic.connectionRate)
    packetsIn = Double(traffic.packetRateIn)
    packetsOut = Double(traffic.packetRateOut)
    bytesIn = Double(traffic.byteRateIn)
    bytesOut = Double(traffic.byteRateOut)
    isFine = false
  }

  /// What was counted between two looks; nil where a counter was set to zero meanwhile.
  init?(from earlier: TrafficCounters, to later: TrafficCounters, seconds: Double) {
    func rate(_ counter: (TrafficCounters) -> UInt64) -> Double? {
      let (before, after) = (counter(earlier), counter(later))
      return after < before ? nil : Double(after - before) / seconds
    }
    guard let connections = rate(\.connections), let packetsIn = rate(\.packetsIn), let packetsOut = rate(\.packetsOut),
      let bytesIn = rate(\.bytesIn), let bytesOut = rate(\.bytesOut)
    else { return nil }
    self.init(
      connections: connections, packetsIn: packetsIn, packetsOut: packetsOut, bytesIn: bytesIn, bytesOut: bytesOut,
      isFine: true)
  }

  static func + (one: Self, other: Self) -> Self {
    Self(
      connections: one.connections + other.connections, packetsIn: one.packetsIn + other.packetsIn,
      packetsOut: one.packetsOut + other.packetsOut, bytesIn: one.bytesIn + other.bytesIn,
      bytesOut: one.bytesOut + other.bytesOut, isFine: one.isFine && other.isFine)
  }

  static let none = Self(connections: 0, packetsIn: 0, packetsOut: 0, bytesIn: 0, bytesOut: 0, isFine: true)
}
