import LVSConfig
import LVSModel
import LVSSandbox

/// Which port of which VIP a client asks for services that name none: those of firewall marks, and of every port.
struct MarkedPorts {
  private var taken: Set<ServiceID>
  private let listed: [AddressFamily: [IPAddress]]

  init(_ file: ClusterFile) {
    taken = Set(file.services.lazy.map(\.id))
    let unnamed = file.vips.filter { !$0.isNamedByService }
    listed = Dictionary(grouping: (unnamed.isEmpty ? file.vips : unnamed).map(\.address), by: \.family)
  }

  /// What to ask for a service; without a VIP where no address is the service's.
  mutating func question(of id: ServiceID) -> (transport: Transport, vip: IPAddress?, port: UInt16) {
    switch id {
    case .address(let transport, let vip, let port) where port != 0: return (Transport(transport), vip, port)
    case .address(let transport, let vip, _): return (Transport(transport), vip, free(transport, vip))
    case .fwmark(_, let family):
      guard let vip = listed[family]?.first else { return (.tcp, nil, 80) }
      return (.tcp, vip, free(.tcp, vip))
    }
  }

  /// The first port from 80 on that no service of the VIP has.
  private mutating func free(_ transport: TransportProtocol, _ vip: IPAddress) -> UInt16 {
    var port: UInt16 = 80
    while !taken.insert(.address(transport, vip, port: port)).inserted { port += 1 }
    return port
  }
}
