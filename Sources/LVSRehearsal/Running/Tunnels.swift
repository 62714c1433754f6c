import LVSConfig
import LVSKernel
import LVSModel
import LVSSandbox
import LVSSystem

/// What real servers of tunnels need and the file leaves to their operators.
struct Tunnels {
  private struct Need: Hashable {
    var station: String
    var commands: [String]
    var modules: [String]
  }

  private var needs: Set<Need> = []

  init(_ files: [ClusterFile]) {
    for file in files {
      let stations = file.stations
      for service in file.services {
        for member in service.realServers {
          guard let tunnel = member.settings.forward.tunnel, let station = stations[member.id.address] else { continue }
          let outer = member.id.address.family
          if tunnel.kind == .gue {
            // fou6 opens its ports by the same commands.
            needs.insert(
              Need(
                station: station,
                commands: (outer == .ipv6 ? ["-6"] : []) + ["fou", "add", "port", "\(tunnel.port)", "gue"],
                modules: ["fou", outer == .ipv6 ? "fou6" : "ipip"]))
          }
          if tunnel.kind == .ipip && outer == .ipv6 && service.id.family == .ipv4 {
            needs.insert(
              Need(
                station: station, commands: ["-6", "tunnel", "change", "ip6tnl0", "mode", "any"],
                modules: ["ip6_tunnel"]))
          }
        }
      }
    }
  }

  /// Prepares the machines; what cannot be done is found by who looks at them, as on real ones.
  func prepare(_ network: Network) throws {
    for need in needs {
      for name in need.modules { try? KernelModule(name)?.load() }
      _ = try network[need.station].run(["ip"] + need.commands)
    }
  }
}
