import LVSModel
import LVSText

/// The way back from real servers behind NAT: their replies carry their own address until a director rewrites them.
extension Examination {
  func askReturnPath(_ query: inout SurroundingsQuery) {
    for address in natAddresses {
      query.gateways.insert(address.family)
      query.routes.append(RouteQuestion(anybody(address.family), from: address))
    }
  }

  /// Silent where any route leads through a director: the operator has thought of it, and clients may be few.
  func returnPathFindings(_ surroundings: Surroundings) -> [Finding] {
    // A VIP counts too, since it moves with the active director.
    let ways = Set(file.directors.flatMap(\.addresses) + file.vips.map(\.address)).subtracting(natAddresses)
    return natAddresses.compactMap { address in
      guard let gateways = surroundings.gateways[address.family], gateways.isDisjoint(with: ways),
        let way = surroundings.routes[RouteQuestion(anybody(address.family), from: address)]
      else { return nil }
      let name = address.family == .ipv4 ? "IPv4" : "IPv6"
      let facts: [Finding.Fact]
      let found: Message
      switch way {
      // What this machine does with it then is beyond what a look can tell.
      case .local, .gateway(nil, _): return nil
      case .gateway(let gateway?, _):
        if ways.contains(gateway) { return nil }
        facts = [Finding.Fact("via", gateway.description)]
        found = "its gateway for \(name) is \(gateway), which is no director of the file"
      case .onLink, .unreachable:
        facts = []
        found = "it has no gateway for \(name)"
      }
      return finding(
        .natReturnPath, .warning, address.description, "\(node.name) answers by NAT, and \(found).", facts: facts,
        help: "Route its replies to clients through the active director: one that does not pass it reaches no client.")
    }
  }

  /// A director whose VIP is on the network of its NAT real servers: clients there get replies past the director.
  func sameNetworkFindings() -> [Finding] {
    guard isDirecting else { return [] }
    var reported: Set<ConnectedNetwork> = []
    var findings: [Finding] = []
    for service in file.services {
      guard let vip = service.id.vip, let network = networks.network(of: vip), !reported.contains(network) else {
        continue
      }
      let neighbour = service.realServers.first { member in
        member.settings.forward == .nat && network.contains(member.id.address) && !held.contains(member.id.address)
          && networks.network(of: member.id.address) == network
      }
      guard let neighbour else { continue }
      reported.insert(network)
      let server = file.realServers[neighbour.server].name
      findings.append(
        finding(
          .natSameNetwork, .warning, network.words,
          "The VIP \(vip) and \(server), a real server by NAT, are on one network, \(network.words): clients there get "
            + "replies past the director, from an address they did not ask.",
          facts: [Finding.Fact("vip", vip.description), Finding.Fact("real_server", server)],
          help: "Keep clients off that network, or choose `forward: dr`."))
    }
    return findings
  }

  /// The addresses of this node by which services use it through NAT.
  var natAddresses: [IPAddress] {
    guard let index = servingIndex else { return [] }
    return file.realServers[index].addresses.filter {
      uses[index, $0.family].contains(.nat) && !$0.isLoopback && held.contains($0)
    }
  }
}

/// An address that no network has, in place of a client's: 192.0.2.1 (RFC 5737), 2001:db8:ffff::1 (RFC 3849).
func anybody(_ family: AddressFamily) -> IPAddress {
  family == .ipv4 ? IPAddress(ipv4: 0xc000_0201) : IPAddress(ipv6High: 0x2001_0db8_ffff_0000, low: 1)
}
