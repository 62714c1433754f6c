import LVSText

extension Examination {
  /// Interfaces of the file, of the node's own addresses, and on the way to real servers, that carry nothing.
  func linkFindings() -> [Finding] {
    neededInterfaces.sorted().compactMap { name in
      guard let link = links[name] else { return nil }
      if !link.isUp {
        return finding(
          .linkDown, .error, name, "The interface \(name) is down.", facts: [Finding.Fact("interface", name)],
          help: "Bring it up: ip link set \(word: name) up.")
      }
      if !link.hasCarrier {
        return finding(
          .noCarrier, .error, name, "The interface \(name) is up and has no carrier.",
          facts: [Finding.Fact("interface", name)],
          help: "See to its cable, switch port or peer: ip link show \(word: name)."
        )
      }
      return nil
    }
  }

  /// Addresses of the node in the file that no interface has, as happens to those of IPv6 when a link goes down.
  func addressFindings() -> [Finding] {
    // One that another program moves between directors is here only at times.
    var seen = Set(file.vips.lazy.filter(\.isHeldExternally).map(\.address))
    return file.addresses(of: node).filter { !held.contains($0) && seen.insert($0).inserted }.map { address in
      finding(
        .missingAddress, .error, address.description,
        "No interface of this machine has \(address), an address of \(node.name) in the file.",
        help: "Give the address back to its interface, or correct the file.")
    }
  }

  private var neededInterfaces: Set<String> {
    var names = target.scope.realServerInterfaces
    let own = Set(file.addresses(of: node))
    for id in observed.addresses.keys where own.contains(id.address) { names.insert(id.interface) }
    if let directing = node.directing {
      names.insert(file.directors[directing.director].interface)
      for vip in file.vips { if let interface = vip.interface { names.insert(interface) } }
      if let interface = file.vrrp?.interface { names.insert(interface) }
      for daemon in target.state.syncDaemons.values { names.insert(daemon.interface) }
      for (index, server) in file.realServers.enumerated() {
        for address in server.addresses where !uses[index, address.family].isEmpty {
          if let network = networks.network(of: address) { names.insert(network.interface) }
        }
      }
    }
    // Those that the plan brings up are the plan's.
    return names.subtracting(target.state.links.keys)
  }
}
