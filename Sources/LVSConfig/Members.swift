import LVSModel

/// A real server's entry in a service's list, before the service's own values are known.
struct MemberFields {
  /// The real server.
  var server: Int
  /// The entry in the list, or the name of the pool; nil for a list that the file leaves out.
  var node: Int?
  var port: Read<UInt16>?
  var weight: Int32?
  var forward: Read<ForwardingMethod>?
  var tunnel: Read<Tunnel>?
  var upperThreshold: UInt32 = 0
  var lowerThreshold: UInt32 = 0
}

/// The list of real servers of one service, or of `defaults`.
struct MemberList {
  var members: [MemberFields] = []
  /// Whether a server is there more than once, with different ports.
  var hasServerTwice = false
}

extension ClusterFileReader {
  /// The `real_servers` of a service; entries that are faulty are reported and left out.
  func memberList(_ node: Int) -> MemberList? {
    let help = "It is a list of names such as `[web1, web2]`, or of maps such as `{ server: web1, weight: 2 }`."
    guard let node = sequence(node, "`real_servers`", help: { help }) else { return nil }
    var list = MemberList()
    list.members.reserveCapacity(Int(tape[node].count))
    membership.beginList(realServers: names.realServers.count)
    tape.forEachElement(of: node) { element in
      let resolved = tape.resolved(element)
      switch tape[resolved].kind {
      case .mapping:
        guard let member = member(resolved, at: element) else { return }
        add(member, at: element, to: &list)
      case .scalar, .sequence, .alias, .faulty:
        guard let scalar = scalar(element, "an entry of `real_servers`") else { return }
        addNamed(tape.string(scalar), at: element, to: &list)
      }
    }
    list.hasServerTwice = membership.hasFurther
    return list
  }

  /// All real servers: the list of a service that names none.
  func allRealServers() -> MemberList {
    MemberList(members: names.realServers.indices.map { MemberFields(server: $0) })
  }

  private func addNamed(_ name: String, at element: Int, to list: inout MemberList) {
    switch target(name, at: element, "real server or pool") {
    case .realServer(let server):
      add(MemberFields(server: server, node: element), at: element, to: &list)
    case .pool(let pool):
      for server in names.pools[pool] {
        if let first = membership.insert(server, at: element) {
          reportRepeated(server, at: element, first: first, pool: name)
          return
        }
        list.members.append(MemberFields(server: server, node: element))
      }
    case nil:
      break
    }
  }

  private func add(_ member: MemberFields, at element: Int, to list: inout MemberList) {
    if let first = membership.insert(member.server, port: member.port?.value, at: element) {
      reportRepeated(member.server, at: element, first: first)
      return
    }
    list.members.append(member)
  }

  private func reportRepeated(_ server: Int, at element: Int, first: Int, pool: String? = nil) {
    let inPool = pool.map { " of the pool `\($0)`" } ?? ""
    report(
      .repeatedRealServer, at: element,
      "`\(name(ofServer: server))`\(inPool) is in this service already, on line \(line(of: first))."
    ) {
      pool == nil ? "Keep it once; give it more weight if it should get more." : "Take it out of one of the two."
    }
  }

  /// The name of a real server, or a stand-in for an entry that has none.
  func name(ofServer server: Int) -> String {
    guard let node = names.realServers[server].nameNode, tape[node].kind == .scalar else { return "?" }
    return tape.string(node).shortened
  }

  private func member(_ map: Int, at element: Int) -> MemberFields? {
    let fields = fields(of: map, MemberKey.self)
    let server = required(.server, in: fields, help: "Name the real server, as in `server: web1`.").flatMap {
      memberServer($0)
    }
    let port = fields[.port].map { node in
      Read(node: node, value: integer(node, "port", in: KeyRange.port).map(UInt16.init))
    }
    let weight = fields[.weight].flatMap { self.weight($0) }
    func read<Value>(_ key: MemberKey, _ value: (Int) -> Value?) -> Read<Value>? {
      if let node = fields.none(key) { return Read(node: node, isNone: true) }
      return fields[key].map { Read(node: $0, value: value($0)) }
    }
    let forward = read(.forward) { self.forward($0) }
    let tunnel = read(.tunnel) { self.tunnel($0) }
    let upper = fields[.upperThreshold].map { threshold($0, "upper_threshold") } ?? 0
    let lower = fields[.lowerThreshold].map { threshold($0, "lower_threshold") } ?? 0
    if let upper, let lower, let node = fields[.lowerThreshold] {
      checkThresholds(upper: upper, lower: lower, at: node)
    }
    guard let server else { return nil }
    return MemberFields(
      server: server, node: element, port: port, weight: weight, forward: forward, tunnel: tunnel,
      upperThreshold: upper ?? 0, lowerThreshold: lower ?? 0)
  }

  private func memberServer(_ node: Int) -> Int? {
    guard let scalar = scalar(node, "`server`") else { return nil }
    let name = tape.string(scalar)
    switch target(name, at: node, "real server") {
    case .realServer(let server):
      return server
    case .pool:
      report(.notARealServer, at: node, "`\(name)` is a pool, and `server` names one real server.") {
        "Name the pool itself in the list, or write an entry for each of its real servers."
      }
      return nil
    case nil:
      return nil
    }
  }

  /// A threshold of connections; 0 is none.
  private func threshold(_ node: Int, _ key: String) -> UInt32? {
    integer(node, key, in: KeyRange.threshold).map(UInt32.init)
  }

  /// ip_vs_add_dest() refuses a lower threshold above the upper one, also above none.
  private func checkThresholds(upper: UInt32, lower: UInt32, at node: Int) {
    guard lower > upper else { return }
    let found = upper == 0 ? "there is no upper one" : "the upper one is \(upper)"
    report(.thresholdOrder, at: node, "The lower threshold is \(lower), and \(found).") {
      "A real server that reached `upper_threshold` gets new connections again below `lower_threshold`: make it smaller."
    }
  }
}
