import LVSConfig
import LVSModel
import LVSPlan

/// The classic cluster as values: two directors, two web servers, one VIP.
package enum Classic {
  package static let vip = IPAddress(ipv4: 0xc0a8_9364)
  package static let web1 = IPAddress(ipv4: 0xc0a8_9304)
  package static let web2 = IPAddress(ipv4: 0xc0a8_9303)
  package static let director1 = IPAddress(ipv4: 0xc0a8_9306)
  package static let director2 = IPAddress(ipv4: 0xc0a8_9305)
  package static let service = ServiceID.address(.tcp, vip, port: 80)
  package static let vipOnDirector = AddressID(vip, interface: "ens33")
  package static let vipOnLoopback = AddressID(vip, interface: "lo")

  package static func file(
    scheduler: Scheduler = Scheduler("rr"), forward: ForwardingMethod = .dr, weights: WeightPolicy = .fixed
  ) -> ClusterFile {
    let members = [web1, web2].enumerated().map { index, address in
      ClusterFile.Member(
        server: index, id: RealServerID(address: address, port: 80), settings: RealServerSettings(forward: forward))
    }
    return ClusterFile(
      directors: [
        ClusterFile.Director(name: "director1", addresses: [director1], interface: "ens33"),
        ClusterFile.Director(name: "director2", addresses: [director2], interface: "ens33"),
      ],
      realServers: [
        ClusterFile.RealServer(name: "web1", addresses: [web1]),
        ClusterFile.RealServer(name: "web2", addresses: [web2]),
      ],
      vips: [ClusterFile.VIP(address: vip)],
      services: [
        ClusterFile.Service(
          id: service, settings: ServiceSettings(scheduler: scheduler), weights: weights, realServers: members)
      ])
  }

  package static func target(_ name: String, role: RoleRequest = .auto, file: ClusterFile = file()) throws -> Target {
    file.target(for: try file.node(named: name, role: role))
  }
}

extension Plan {
  /// The steps as words: `create address 192.168.147.100/32 dev ens33`.
  package var words: [String] { changes.map { "\($0.action.rawValue) \($0.kind) \($0.id)" } }
}
