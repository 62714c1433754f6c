import LVSText

/// What makes a real server the one it is within its service.
public struct RealServerID: Hashable, Sendable {
  /// The address of the real server; its family may differ from the service's where the kernel tunnels.
  public var address: IPAddress
  /// The port on the real server; 0 where the service has port 0 or a fwmark.
  public var port: UInt16

  /// Creates the identity of a real server.
  public init(address: IPAddress, port: UInt16) {
    self.address = address
    self.port = port
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(address)
    hasher.combine(port)
  }
}

extension RealServerID: CustomStringConvertible {
  /// `192.168.147.4:80`, `[2001:db8::4]:80`.
  public var description: String { address.withPort(port) }
}

extension RealServerID: Comparable {
  public static func < (a: Self, b: Self) -> Bool { (a.address, a.port) < (b.address, b.port) }
}

/// Everything about a real server of a service that can be edited in place.
public struct RealServerSettings: Hashable, Sendable {
  /// The forwarding method.
  public var forward: ForwardingMethod
  /// The share of new connections, 0 to 2147483647; 0 gets none.
  public var weight: Int32
  /// Connections above which the server gets no new ones; 0 is no limit.
  public var upperThreshold: UInt32
  /// Connections below which it gets new ones again; 0 is three quarters of the upper threshold.
  public var lowerThreshold: UInt32

  /// Creates the settings of a real server.
  public init(
    forward: ForwardingMethod = .dr, weight: Int32 = 1, upperThreshold: UInt32 = 0, lowerThreshold: UInt32 = 0
  ) {
    self.forward = forward
    self.weight = weight
    self.upperThreshold = upperThreshold
    self.lowerThreshold = lowerThreshold
  }
}

extension RealServerSettings {
  public var fields: [Field] {
    [
      Field("forward", .text(forward.word)),
      Field(
        "tunnel", forward.tunnelValue ?? .absent,
        default: forward.tunnel.map { _ in Tunnel().fieldValue } ?? .absent),
      Field("weight", .integer(Int(weight))),
      Field("upper_threshold", .integer(Int(upperThreshold)), default: .integer(0)),
      Field("lower_threshold", .integer(Int(lowerThreshold)), default: .integer(0)),
    ]
  }
}

extension RealServerSettings {
  static let names: [StaticString] = [
    "address", "port", "forward", "weight", "tunnel", "upper_threshold", "lower_threshold",
  ]

  init(_ fields: JSONMembers) throws(JSONFault) {
    let plain: [ForwardingMethod] = [.dr, .nat, .tun(Tunnel()), .local, .bypass]
    var forward: ForwardingMethod
    if let unknown = try UnknownForwarding(fields) {
      forward = .unknown(unknown)
    } else {
      forward = try fields.required("forward").word(plain, \.word)
      if let tunnel = fields["tunnel"] {
        guard forward.tunnel != nil else { throw tunnel.fault("is there, and the forwarding method is not \"tun\"") }
        forward = .tun(try Tunnel(tunnel))
      }
    }
    self.init(
      forward: forward, weight: try fields.required("weight").number(),
      upperThreshold: try fields["upper_threshold"]?.number() ?? 0,
      lowerThreshold: try fields["lower_threshold"]?.number() ?? 0)
  }
}

extension RealServerSettings {
  /// The real server as a map of a snapshot.
  func json(_ id: RealServerID) -> JSONText.Value {
    .object(
      [("address", .string(id.address.description)), ("port", .integer(Int(id.port)))]
        + fields.filter { !$0.isDefault }.map { ($0.name, JSONText.Value($0.value)) })
  }

  /// The command of ipvsadm(8).
  static func command(
    _ service: ServiceID, _ id: RealServerID, _ difference: Difference<RealServerSettings>
  ) -> [String] {
    let names = service.ipvsadmWords + ["-r", id.description]
    guard let settings = difference.after else { return ["ipvsadm", "-d"] + names }
    var words = ["ipvsadm", difference.before == nil ? "-a" : "-e"] + names + settings.forward.ipvsadmWords
    words += ["-w", String(settings.weight)]
    if settings.upperThreshold != 0 { words += ["-x", String(settings.upperThreshold)] }
    if settings.lowerThreshold != 0 { words += ["-y", String(settings.lowerThreshold)] }
    return words
  }
}
