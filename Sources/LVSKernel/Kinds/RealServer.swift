import CNetlink
import Glibc
import LVSModel

/// A real server of a service, as a dump shows it.
struct RealServerRecord: Equatable {
  public var id: RealServerID
  public var settings: RealServerSettings
}

extension MessageBuilder {
  /// Writes what names a real server within its service (ip_vs_genl_parse_dest).
  mutating func realServerIdentity(_ id: RealServerID) {
    attribute(IPVS_DEST_ATTR_ADDR, id.address)
    attribute(IPVS_DEST_ATTR_PORT, id.port.bigEndian)
    attribute(IPVS_DEST_ATTR_ADDR_FAMILY, id.address.family.number)
  }

  /// Writes everything about a real server that can be edited in place.
  mutating func realServerSettings(_ settings: RealServerSettings) {
    attribute(IPVS_DEST_ATTR_FWD_METHOD, settings.forward.kernelNumber)
    attribute(IPVS_DEST_ATTR_WEIGHT, settings.weight)
    attribute(IPVS_DEST_ATTR_U_THRESH, settings.upperThreshold)
    attribute(IPVS_DEST_ATTR_L_THRESH, settings.lowerThreshold)
    if let tunnel = settings.forward.tunnel {
      attribute(IPVS_DEST_ATTR_TUN_TYPE, tunnel.kind.rawValue)
      attribute(IPVS_DEST_ATTR_TUN_PORT, tunnel.port.bigEndian)
      attribute(IPVS_DEST_ATTR_TUN_FLAGS, tunnel.checksum.rawValue)
    }
    if case .unknown(let unknown) = settings.forward, unknown.method == UnknownForwarding.tunneling {
      attribute(IPVS_DEST_ATTR_TUN_TYPE, unknown.tunnelKind)
      attribute(IPVS_DEST_ATTR_TUN_PORT, unknown.port.bigEndian)
      attribute(IPVS_DEST_ATTR_TUN_FLAGS, unknown.flags)
    }
  }

  /// Writes the request that makes, edits or takes away a real server.
  public mutating func realServer(
    _ service: ServiceID, _ id: RealServerID, _ difference: Difference<RealServerSettings>, family: UInt16
  ) {
    let command =
      switch difference.action {
      case .create: IPVS_CMD_NEW_DEST
      case .update: IPVS_CMD_SET_DEST
      case .delete: IPVS_CMD_DEL_DEST
      }
    ipvs(family, command) { message in
      message.nested(IPVS_CMD_ATTR_SERVICE) { $0.serviceIdentity(service) }
      message.nested(IPVS_CMD_ATTR_DEST) { server in
        server.realServerIdentity(id)
        if let after = difference.after { server.realServerSettings(after) }
      }
    }
  }
}

extension ForwardingMethod {
  /// IP_VS_CONN_F_FWD_MASK.
  var kernelNumber: UInt32 {
    switch self {
    case .nat: UInt32(IP_VS_CONN_F_MASQ)
    case .local: UInt32(IP_VS_CONN_F_LOCALNODE)
    case .tun: UInt32(IP_VS_CONN_F_TUNNEL)
    case .dr: UInt32(IP_VS_CONN_F_DROUTE)
    case .bypass: UInt32(IP_VS_CONN_F_BYPASS)
    case .unknown(let unknown): UInt32(unknown.method)
    }
  }

  /// A method by its number, with the kind, port and flags of the tunnel that a tunneling one uses.
  ///
  /// What a newer kernel has is kept as it is: one real server that is not understood must not hide the table.
  fileprivate init(kernelNumber: UInt32, kind: UInt8, port: UInt16, flags: UInt16) {
    let method = CInt(bitPattern: kernelNumber) & IP_VS_CONN_F_FWD_MASK
    switch method {
    case IP_VS_CONN_F_MASQ: self = .nat
    case IP_VS_CONN_F_LOCALNODE: self = .local
    case IP_VS_CONN_F_DROUTE: self = .dr
    case IP_VS_CONN_F_BYPASS: self = .bypass
    case IP_VS_CONN_F_TUNNEL:
      if let tunnel = Tunnel(kind: kind, port: port, flags: flags) {
        self = .tun(tunnel)
      } else {
        self = .unknown(
          UnknownForwarding(method: UnknownForwarding.tunneling, tunnelKind: kind, port: port, flags: flags))
      }
    default: self = .unknown(UnknownForwarding(method: UInt8(truncatingIfNeeded: method)))
    }
  }
}

extension Tunnel {
  /// A tunnel from the kernel's numbers, or nil for a kind that is not known.
  ///
  /// Checksum flags may be combined in the table; the remote checksum offload then has the say (ip_vs_gue_encap).
  fileprivate init?(kind: UInt8, port: UInt16, flags: UInt16) {
    guard let kind = Kind(rawValue: kind) else { return nil }
    let checksum: Checksum =
      if flags & Checksum.remcsum.rawValue != 0 {
        .remcsum
      } else if flags & Checksum.csum.rawValue != 0 {
        .csum
      } else {
        .none
      }
    self.init(kind: kind, port: port, checksum: checksum)
  }
}

extension RealServerRecord {
  /// Reads the attributes inside IPVS_CMD_ATTR_DEST.
  ///
  /// Kernels before 3.18 leave out the family of the address: it is the service's.
  init?(_ payload: Range<Int>, in bytes: RawSpan, serviceFamily: AddressFamily) {
    var family = serviceFamily
    var addressField: Range<Int>?
    var port: UInt16?
    var forward: UInt32?
    var weight: Int32?
    var upper: UInt32 = 0
    var lower: UInt32 = 0
    var tunnelKind: UInt8 = 0
    var tunnelPort: UInt16 = 0
    var tunnelFlags: UInt16 = 0
    var cursor = AttributeCursor(payload)
    while let attribute = cursor.next(in: bytes) {
      let field = attribute.payload
      switch attribute.type {
      case IPVS_DEST_ATTR_ADDR: addressField = field
      case IPVS_DEST_ATTR_PORT: port = bytes.bigEndian(field)
      case IPVS_DEST_ATTR_FWD_METHOD: forward = bytes.value(field)
      case IPVS_DEST_ATTR_WEIGHT: weight = bytes.value(field)
      case IPVS_DEST_ATTR_U_THRESH: upper = bytes.value(field) ?? 0
      case IPVS_DEST_ATTR_L_THRESH: lower = bytes.value(field) ?? 0
      case IPVS_DEST_ATTR_TUN_TYPE: tunnelKind = bytes.value(field) ?? 0
      case IPVS_DEST_ATTR_TUN_PORT: tunnelPort = bytes.bigEndian(field) ?? 0
      case IPVS_DEST_ATTR_TUN_FLAGS: tunnelFlags = bytes.value(field) ?? 0
      case IPVS_DEST_ATTR_ADDR_FAMILY:
        guard let known = bytes.value(field).flatMap(AddressFamily.init(number:)) else { return nil }
        family = known
      default: break
      }
    }
    guard let addressField, let address = bytes.address(addressField, family), let port, let forward, let weight
    else { return nil }
    let method = ForwardingMethod(
      kernelNumber: forward, kind: tunnelKind, port: tunnelPort, flags: tunnelFlags)
    id = RealServerID(address: address, port: port)
    settings = RealServerSettings(forward: method, weight: weight, upperThreshold: upper, lowerThreshold: lower)
  }
}

extension RealServerSettings {
  /// What the kernel says where a real server is not there; ESRCH where its service is not there either.
  static let absence: [Int32] = [ENOENT, ESRCH]
}
