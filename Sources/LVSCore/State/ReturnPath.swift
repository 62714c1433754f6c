extension ClusterFile {
  /// What an operator should know of the way back from a real server that answers by NAT: its replies carry its own
  /// address until a director rewrites them, so they have to pass one.
  ///
  /// One sentence for each family in which the default gateway is no address of a director; `defaultGateway` is asked
  /// only where it matters. A VIP counts too, since it moves with the active director.
  public func returnPathNotes<Failure: Error>(
    for node: Node, defaultGateway: (AddressFamily) throws(Failure) -> IPAddress?
  ) throws(Failure) -> [String] {
    // What a director serves itself never leaves it.
    guard let index = node.realServer, node.directing == nil else { return [] }
    let ways = Set(directors.flatMap(\.addresses) + vips.map(\.address))
    var notes: [String] = []
    for family in natFamilies(ofRealServer: index).sorted() {
      let gateway = try defaultGateway(family)
      if let gateway, ways.contains(gateway) { continue }
      let name = family == .ipv4 ? "IPv4" : "IPv6"
      let found =
        if let gateway {
          "its default gateway for \(name) is \(gateway), which is no address of a director in the file"
        } else {
          "it has no default route for \(name) through one gateway"
        }
      notes.append(
        "\(node.name) answers by NAT, and \(found). Replies that do not pass the director reach no client.")
    }
    return notes
  }

  private func natFamilies(ofRealServer index: Int) -> Set<AddressFamily> {
    var families: Set<AddressFamily> = []
    for service in services {
      for member in service.realServers where member.server == index && member.settings.forward == .nat {
        families.insert(service.id.family)
      }
    }
    return families
  }
}
