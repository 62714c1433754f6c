import LVSModel

/// `directors`, `real_servers` and `pools`.
extension ClusterFileReader {
  func readDirectors(_ top: Fields<TopKey>) -> Placed<[DirectorDraft]>? {
    let help = "List the machines that balance, the active one first: `- { name: …, address: …, interface: … }`."
    return required(.directors, top, help: help) { node in
      guard let list = sequence(node, "`directors`", help: { help }) else {
        draft.lacksDirectors = true
        return nil
      }
      guard tape[list].count > 0 else {
        report(.missingValue, at: node, "`directors` is empty, and a cluster needs at least one.") { help }
        return nil
      }
      var directors: [DirectorDraft] = []
      directors.reserveCapacity(Int(tape[list].count))
      tape.forEachElement(of: list) { element in
        guard let map = mapping(element, "a director", help: { help }) else {
          draft.lacksDirectors = true
          return
        }
        let director = director(map)
        if director.name?.value == nil { draft.lacksDirectors = true }
        directors.append(director)
      }
      return directors
    }
  }

  private func director(_ map: Int) -> DirectorDraft {
    let fields = fields(of: map, DirectorKey.self)
    var director = DirectorDraft()
    director.name = required(.name, fields, help: "Give the director a name, as in `name: director1`.") {
      directorName($0)
    }
    director.addresses = required(
      .address, fields, help: "Give the address by which the director is recognised."
    ) {
      machineAddresses($0, of: "a director", linkLocal: true)
    }
    director.interface = required(
      .interface, fields, help: "Name the interface that is to hold the VIPs, as in `interface: eth0`."
    ) {
      interface($0)
    }
    return director
  }

  /// The name of a director, which `held_by` must be able to say.
  private func directorName(_ node: Int) -> String? {
    guard let name = name(node, of: "a director") else { return nil }
    let meaning: String? =
      switch name {
      case "lvsctl": "the active director"
      case "external": "another program"
      case "none": "the default"
      default: nil
      }
    guard let meaning else { return name }
    report(.badName, at: node, "A director cannot be called `\(name)`: as `held_by` of a VIP that means \(meaning).") {
      "Give the director another name."
    }
    return nil
  }

  func realServers(_ node: Int) -> [RealServerDraft]? {
    let help = "List the machines that answer: `- { name: …, address: … }`."
    guard let list = sequence(node, "`real_servers`", help: { help }) else {
      draft.lacksRealServers = true
      return nil
    }
    var servers: [RealServerDraft] = []
    servers.reserveCapacity(Int(tape[list].count))
    tape.forEachElement(of: list) { element in
      guard let map = mapping(element, "an entry of `real_servers`", help: { help }) else {
        draft.lacksRealServers = true
        return
      }
      var server = realServer(map)
      server.place = place(of: element)
      if server.name?.value == nil { draft.lacksRealServers = true }
      servers.append(server)
    }
    return servers
  }

  private func realServer(_ map: Int) -> RealServerDraft {
    let fields = fields(of: map, RealServerKey.self)
    var server = RealServerDraft()
    server.name = required(.name, fields, help: "Give the real server a name, as in `name: web1`.") { node in
      let scalar = tape.resolved(node)
      if tape[scalar].kind == .scalar { server.title = tape.string(scalar).shortened }
      return name(node, of: "a real server")
    }
    server.addresses = required(.address, fields, help: "Give the address to which its packets go.") {
      machineAddresses($0, of: "a real server", linkLocal: false, mayBeLoopback: true)
    }
    server.weight = placed(.weight, fields) { weight($0) }
    server.interface = placed(.interface, fields) { interface($0) }
    return server
  }

  /// A weight, 0 to 2147483647: ip_vs_add_dest() refuses negative ones, and the kernel's field is an int.
  func weight(_ node: Int) -> Int32? {
    integer(node, "weight", in: KeyRange.weight) {
      "A weight is a share of the new connections; 0 means no new ones."
    }.map(Int32.init)
  }

  /// The addresses of one machine: one, or a list of them; nil for a list of none.
  private func machineAddresses(
    _ node: Int, of what: String, linkLocal: Bool, mayBeLoopback: Bool = false
  ) -> [Placed<IPAddress>]? {
    list(node, "addresses", "address") { node in
      let address = address(node, "address").flatMap { address in
        mayBeLoopback && address.isLoopback || checkUsable(address, at: node, as: what, linkLocal: linkLocal)
          ? address : nil
      }
      return Placed(address, at: place(of: node))
    }
  }

  func pools(_ node: Int) -> [PoolDraft]? {
    let help = "It maps each pool's name to a list of real servers, as in `web: [web1, web2]`."
    guard let map = mapping(node, "`pools`", help: { help }) else {
      draft.lacksRealServers = true
      return nil
    }
    var pools: [PoolDraft] = []
    var keys: [String: Int] = [:]
    tape.forEachPair(of: map) { key, value in
      guard let name = keyWord(key) else { return }
      if let first = keys[name] {
        reportRepeatedKey(name, at: key, first: first)
        return
      }
      keys[name] = key
      guard checkName(name, at: key, of: "a pool") else {
        draft.lacksRealServers = true
        return
      }
      let members: Placed<[Placed<String>]> =
        tape.isNone(value)
        ? .none(at: place(of: value))
        : Placed(shared(\.sharedPools, value) { poolMembers($0, help: help) }, at: place(of: value))
      pools.append(PoolDraft(Placed(name, at: place(of: key)), members))
    }
    return pools
  }

  private func poolMembers(_ node: Int, help: String) -> [Placed<String>]? {
    guard let list = sequence(node, "a pool", help: { help }) else { return nil }
    var members: [Placed<String>] = []
    members.reserveCapacity(Int(tape[list].count))
    tape.forEachElement(of: list) { element in
      guard let scalar = scalar(element, "a name in a pool") else { return }
      members.append(Placed(tape.string(scalar), at: place(of: element)))
    }
    return members
  }
}
