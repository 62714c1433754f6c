import LVSConfig
import LVSModel
import LVSText

/// The part of a director that a node plays.
public enum DirectorRole: String, Sendable, Hashable {
  /// The active director: holds the VIPs and sends connection sync.
  case director
  /// A hot standby: the same services, no VIP, receives connection sync.
  case standby
}

/// A machine of the file: a director, a real server, or both where the two entries share a name or an address.
public struct Machine: Equatable, Sendable {
  /// Its name; the director's where it is both.
  public var name: String
  /// Index into ``ClusterFile/directors``.
  public var director: Int?
  /// Index into ``ClusterFile/realServers``.
  public var realServer: Int?
}

/// A machine in the role it has now.
public struct Node: Equatable, Sendable {
  /// Its name in the file.
  public var name: String
  /// Its entry among the directors and its part there, or nil where it directs nothing now.
  public var directing: Directing?
  /// Index into ``ClusterFile/realServers``, or nil where it serves nothing now.
  public var realServer: Int?
  /// Whether the file also has it as a director, whose part this run leaves alone.
  public var leavesDirectorAlone: Bool

  /// A director's entry and part.
  public struct Directing: Equatable, Sendable {
    /// Index into ``ClusterFile/directors``.
    public var director: Int
    /// Active or standby.
    public var role: DirectorRole
    /// Whether it is a standby because somebody asked for it; then it gives up its own VIPs (`held_by: NAME`) too.
    public var isDemoted = false
  }

  /// `director`, `standby`, `realserver`, or two of them joined by `+`.
  public var roleWord: String {
    let words = [directing?.role.rawValue, realServer == nil ? nil : RoleRequest.realserver.rawValue]
    return words.compactMap { $0 }.joined(separator: "+")
  }
}

/// Why no node of the file fits this machine or what was asked for.
public struct NodeMismatch: Error, Equatable, Sendable, MessageConvertible {
  /// What was found, and what to do.
  public var finding: Finding

  fileprivate init(
    _ code: FindingCode, node: String? = nil, subject: String, _ message: Message, facts: [Finding.Fact] = []
  ) {
    finding = Finding(code, .error, node: node, subject: subject, message, facts: facts)
  }

  /// What was found, and what to do, in whole sentences.
  public var message: Message { finding.message }
  /// Whether the file has no node that this machine could be.
  public var isStranger: Bool { finding.code == .unknownMachine || finding.code == .unknownNode }
}

extension ClusterFile {
  /// Every machine of the file once: directors first, in file order. A real server that is whichever director forwards is
  /// none.
  public var machines: [Machine] {
    var machines = directors.indices.map { Machine(name: directors[$0].name, director: $0) }
    var byName: [String: Int] = [:]
    var byAddress: [IPAddress: Int] = [:]
    for (index, director) in directors.enumerated() {
      byName[director.name] = index
      for address in director.addresses { byAddress[address] = index }
    }
    for (index, server) in realServers.enumerated() where !server.isForwardingDirector {
      let both = byName[server.name] ?? server.addresses.lazy.compactMap { byAddress[$0] }.first
      if let both {
        machines[both].realServer = index
      } else {
        machines.append(Machine(name: server.name, realServer: index))
      }
    }
    return machines
  }

  /// Every machine of the file in the role that the file gives it.
  public var nodes: [Node] { machines.map { node($0) } }

  private func node(_ machine: Machine) -> Node {
    let directing = machine.director.map { Node.Directing(director: $0, role: $0 == 0 ? .director : .standby) }
    return Node(name: machine.name, directing: directing, realServer: machine.realServer, leavesDirectorAlone: false)
  }

  /// The addresses by which a node is recognised.
  public func addresses(of node: Node) -> [IPAddress] {
    addresses(of: Machine(name: node.name, director: node.directing?.director, realServer: node.realServer))
  }

  /// The addresses by which a machine is recognised.
  func addresses(of machine: Machine) -> [IPAddress] {
    (machine.director.map { directors[$0].addresses } ?? [])
      + (machine.realServer.map { realServers[$0].addresses } ?? [])
  }

  /// The node this machine is, by the addresses it holds.
  public func node(holding held: Set<IPAddress>, role: RoleRequest) throws(NodeMismatch) -> Node {
    try node(machine(holding: held), role: role)
  }

  /// The machine of the file that this one is, by the addresses it holds.
  public func machine(holding held: Set<IPAddress>) throws(NodeMismatch) -> Machine {
    var found = machines.filter { !held.isDisjoint(with: addresses(of: $0)) }
    if found.count > 1 {
      // A VIP may be a director's own address (`held_by: external`), and real servers hold it, too.
      let own = held.subtracting(vips.lazy.map(\.address))
      found = found.filter { !own.isDisjoint(with: addresses(of: $0)) }
    }
    if found.count == 1 { return found[0] }
    let nodes = machines.map { "\($0.name) (\(addresses(of: $0).map(\.description).joined(separator: ", ")))" }
    if found.isEmpty {
      let own = listed(held.filter { !$0.isLoopback && !$0.isLinkLocal }.sorted().map(\.description))
      throw NodeMismatch(
        .unknownMachine, subject: own,
        """
        This machine holds no address of the file. Its addresses: \(own.isEmpty ? "none" : own). \
        Nodes of the file: \(listed(nodes)). Run lvsctl on one of them, or name one with --node.
        """)
    }
    throw NodeMismatch(
      .severalNodes, subject: listed(found.map(\.name)),
      """
      This machine holds addresses of \(found.count) nodes of the file: \(listed(found.map(\.name))). \
      Name the one that is meant with --node.
      """)
  }

  /// The machine of that name, where this one may be it: one that holds an address of another node of the file, and none
  /// of this one's, is that other node.
  public func machine(named name: String, holding held: Set<IPAddress>) throws(NodeMismatch) -> Machine {
    let machine = try machine(named: name)
    let own = addresses(of: machine)
    guard held.isDisjoint(with: own) else { return machine }
    for other in machines {
      guard let address = addresses(of: other).first(where: held.contains) else { continue }
      throw NodeMismatch(
        .anotherNode, node: machine.name, subject: address.description,
        """
        This machine holds \(address), which is \(other.name)'s in the file, and no address of \(machine.name) \
        (\(listed(own.map(\.description)))), so it is not taken for \(machine.name). Leave --node out here, or give \
        --force-node as well where the addresses of \(machine.name) are still to come.
        """, facts: [Finding.Fact("node", other.name)])
    }
    return machine
  }

  /// The node of that name.
  public func node(named name: String, role: RoleRequest) throws(NodeMismatch) -> Node {
    try node(machine(named: name), role: role)
  }

  /// The machine of that name.
  public func machine(named name: String) throws(NodeMismatch) -> Machine {
    let machine = machines.first { machine in
      machine.name == name || machine.realServer.map { realServers[$0].name == name } == true
    }
    if let machine { return machine }
    throw NodeMismatch(
      .unknownNode, subject: name, "The file has no node \"\(name)\". Its nodes: \(listed(machines.map(\.name))).")
  }

  /// A machine in the role asked for.
  public func node(_ machine: Machine, role: RoleRequest) throws(NodeMismatch) -> Node {
    switch role {
    case .auto, .file: return node(machine)
    case .director, .standby:
      guard let director = machine.director else {
        throw NodeMismatch(
          .notADirector, node: machine.name, subject: role.rawValue,
          """
          "\(machine.name)" is a real server in the file and no director, so it cannot be given the role \
          \(role.rawValue). Nothing was changed. Directors of the file: \(listed(directors.map(\.name))).
          """)
      }
      let directing = Node.Directing(
        director: director, role: role == .director ? .director : .standby, isDemoted: role == .standby)
      return Node(
        name: machine.name, directing: directing, realServer: machine.realServer, leavesDirectorAlone: false)
    case .realserver:
      guard let server = machine.realServer else {
        throw NodeMismatch(
          .directorAlone, node: machine.name, subject: role.rawValue,
          """
          "\(machine.name)" is a director in the file and no real server, so it cannot be given the role \
          realserver. Nothing was changed. Real servers of the file: \(listed(realServers.map(\.name))).
          """)
      }
      return Node(
        name: realServers[server].name, directing: nil, realServer: server,
        leavesDirectorAlone: machine.director != nil)
    }
  }
}
