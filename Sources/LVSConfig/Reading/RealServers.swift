import LVSModel
import LVSText

/// `real_servers`.
extension ClusterFileReader {
  func realServers(_ node: Int) -> [RealServerDraft]? {
    let help: Message = "List the machines that answer: `- { name: …, address: … }`."
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
    let fields = keyedNodes(of: map, RealServerKey.self)
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
}
