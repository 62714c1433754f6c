import LVSModel
import LVSText

/// The way from a director to its real servers.
extension Examination {
  /// Real servers on a network of this machine are reached; for the others the kernel knows the way.
  func askReach(_ query: inout SurroundingsQuery) {
    query.routes += distantServers.prefix(SurroundingsQuery.routeLimit).map { RouteQuestion($0.address) }
  }

  func reachFindings(_ surroundings: Surroundings) -> [Finding] {
    distantServers.prefix(SurroundingsQuery.routeLimit).compactMap { server in
      let name = file.realServers[server.index].name
      let facts = [Finding.Fact("real_server", name)]
      switch surroundings.routes[RouteQuestion(server.address)] {
      case .gateway(let gateway, let interface) where server.use.contains(.direct):
        let words: Message = gateway.map { " \($0)" } ?? ""
        return finding(
          .drGateway, .error, server.address.description,
          "\(name) (\(server.address)) is reached through the gateway\(words), which direct routing cannot pass.",
          facts: (gateway.map { [Finding.Fact("via", $0.description)] } ?? [])
            + [Finding.Fact("interface", interface)] + facts,
          help: "Put it on a network of the director, or choose `forward: tun` or `forward: nat`.")
      case .unreachable:
        return finding(
          .noRoute, .error, server.address.description, "No route leads to \(name) (\(server.address)).", facts: facts,
          help: "Add the route, or the address of this machine, that is missing; see ip route get \(server.address).")
      default: return nil
      }
    }
  }

  private struct DistantServer {
    var index: Int
    var address: IPAddress
    var use: RealServerUse
  }

  /// Addresses of real servers that are on no network of this machine, and are not this machine.
  private var distantServers: [DistantServer] {
    guard isDirecting else { return [] }
    var distant: [DistantServer] = []
    for (index, server) in file.realServers.enumerated() {
      for address in server.addresses {
        let use = uses[index, address.family]
        if use.isEmpty || address.isLoopback { continue }
        if networks.contains(where: { $0.contains(address) }) || held.contains(address) { continue }
        distant.append(DistantServer(index: index, address: address, use: use))
      }
    }
    return distant
  }
}
