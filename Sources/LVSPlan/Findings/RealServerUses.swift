import LVSConfig
import LVSModel

/// The forwarding methods by which services use an address.
struct RealServerUse: OptionSet {
  let rawValue: UInt8
  static let direct = RealServerUse(rawValue: 1)
  static let nat = RealServerUse(rawValue: 2)
  static let tunnel = RealServerUse(rawValue: 4)

  init(rawValue: UInt8) { self.rawValue = rawValue }

  init(_ method: ForwardingMethod) {
    switch method {
    case .dr: self = .direct
    case .nat: self = .nat
    case .tun: self = .tunnel
    case .local, .bypass, .unknown: self = []
    }
  }
}

/// How the services of a file use the addresses of its real servers; a real server has one address per family at most.
struct RealServerUses {
  private var uses: [RealServerUse]

  /// One pass over all real servers of all services.
  init(_ file: ClusterFile) {
    uses = Array(repeating: [], count: file.realServers.count * 2)
    for service in file.services.representatives {
      for member in service.realServers {
        uses[Self.place(member.server, member.id.address.family)].formUnion(RealServerUse(member.settings.forward))
      }
    }
  }

  /// How services use an address of a real server.
  subscript(server: Int, family: AddressFamily) -> RealServerUse { uses[Self.place(server, family)] }

  private static func place(_ server: Int, _ family: AddressFamily) -> Int { server * 2 + (family == .ipv4 ? 0 : 1) }
}
