import LVSText

/// The connection timeouts of IPVS in seconds; nil is not managed, or not read.
public struct Timeouts: Hashable, Sendable {
  /// An established TCP connection.
  public var tcp: UInt32?
  /// A TCP connection after a FIN.
  public var tcpFin: UInt32?
  /// A UDP flow.
  public var udp: UInt32?

  /// Every timeout.
  public static var all: [WritableKeyPath<Timeouts, UInt32?>] { [\.tcp, \.tcpFin, \.udp] }

  /// Creates timeouts.
  public init(tcp: UInt32? = nil, tcpFin: UInt32? = nil, udp: UInt32? = nil) {
    self.tcp = tcp
    self.tcpFin = tcpFin
    self.udp = udp
  }
}

extension Timeouts {
  public var fields: [Field] {
    [("tcp", tcp), ("tcp_fin", tcpFin), ("udp", udp)].map { name, seconds in
      Field(name, seconds.map { .integer(Int($0)) } ?? .absent, default: FieldValue.absent)
    }
  }

  /// What a network namespace begins with (tcp_timeouts of ip_vs_proto_tcp.c, udp_timeouts of ip_vs_proto_udp.c).
  public static var kernelDefaults: Timeouts { Timeouts(tcp: 900, tcpFin: 120, udp: 300) }

  /// Whether these are what `wanted` says, as far as it says anything.
  public func holds(_ wanted: Timeouts) -> Bool {
    Timeouts.all.allSatisfy { field in
      wanted[keyPath: field] == nil || wanted[keyPath: field] == self[keyPath: field]
    }
  }

  /// Whether everything that `other` says is said here, too.
  public func covers(_ other: Timeouts) -> Bool {
    Timeouts.all.allSatisfy { field in
      other[keyPath: field] == nil || self[keyPath: field] != nil
    }
  }

  init(_ part: JSONPart) throws(JSONFault) {
    let fields = try part.fields(["tcp", "tcp_fin", "udp"])
    self.init(
      tcp: try fields["tcp"]?.number(), tcpFin: try fields["tcp_fin"]?.number(), udp: try fields["udp"]?.number())
  }

  /// A value of 0 leaves a timeout alone (ipvsadm(8), --set).
  static func command(_ difference: Difference<Timeouts>) -> [String] {
    let after = difference.after ?? Timeouts()
    return ["ipvsadm", "--set"] + [after.tcp, after.tcpFin, after.udp].map { String($0 ?? 0) }
  }

  /// Takes over what others say.
  mutating func take(_ others: Timeouts) {
    for field in Timeouts.all {
      if let value = others[keyPath: field] { self[keyPath: field] = value }
    }
  }
}
