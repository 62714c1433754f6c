import LVSCore

/// Plans between values: a file and a snapshot, or two files.
enum Comparison {
  /// A node of a file, or the end of the command.
  static func node(_ name: String, in file: ClusterFile, role: RoleRequest) throws(Failure) -> Node {
    do {
      return try file.node(named: name, role: role)
    } catch {
      throw Failure(.invalidFile, error.message)
    }
  }

  /// The plan from a state to what a file wants of a node.
  static func plan(
    _ target: Target, observed: HostState, _ file: ClusterFile, _ node: Node, prune: Bool
  ) throws(Failure) -> NodePlan {
    do {
      let plan = try Planner.plan(target, observed: observed, prune: prune)
      return NodePlan(
        cluster: file.name, node: node.name, role: node.roleWord, plan: plan, serverNames: file.serverNames)
    } catch {
      throw Failure(.invalidFile, error.reasons.joined(separator: "\n"))
    }
  }

  /// The plan for one node between two files: as in ``plans(from:to:prune:)``, but in the role that is asked for.
  static func plan(
    from old: ClusterFile, to new: ClusterFile, _ name: String, _ role: RoleRequest, prune: Bool
  ) throws(Failure) -> NodePlan {
    let oldNodes = old.nodes
    let newNodes = new.nodes
    let pairing = Pairing(old, oldNodes, new, newNodes)
    if pairing.left.contains(where: { oldNodes[$0].name == name }) {
      return removal(of: try node(name, in: old, role: role), from: old, cluster: new.name)
    }
    let node = try node(name, in: new, role: role)
    let place = newNodes.firstIndex { $0.name == name }
    let before = place.flatMap { pairing.before[$0] }.flatMap { try? old.node(named: oldNodes[$0].name, role: role) }
    return try plan(from: old, before, to: new, node, prune: prune)
  }

  /// A plan for each node of either file: those of the new one, then those that left.
  static func plans(from old: ClusterFile, to new: ClusterFile, prune: Bool) throws(Failure) -> [NodePlan] {
    let oldNodes = old.nodes
    let newNodes = new.nodes
    let pairing = Pairing(old, oldNodes, new, newNodes)
    var plans: [NodePlan] = []
    for (index, node) in newNodes.enumerated() {
      plans.append(try plan(from: old, pairing.before[index].map { oldNodes[$0] }, to: new, node, prune: prune))
    }
    return plans + pairing.left.map { removal(of: oldNodes[$0], from: old, cluster: new.name) }
  }

  /// The plan for a node that left the file.
  private static func removal(of node: Node, from old: ClusterFile, cluster: String) -> NodePlan {
    let target = old.target(for: node)
    let plan = Planner.teardown(target, observed: target.state)
    return NodePlan(
      cluster: cluster, node: node.name, role: node.roleWord, plan: plan, serverNames: old.serverNames)
  }

  private static func plan(
    from old: ClusterFile, _ before: Node?, to new: ClusterFile, _ node: Node, prune: Bool
  ) throws(Failure) -> NodePlan {
    var target = new.target(for: node)
    target.scope.takeOver(from: old)
    let observed = before.map { old.target(for: $0).state } ?? HostState()
    var nodePlan = try plan(target, observed: observed, new, node, prune: prune)
    // A real server that leaves has its name in the old file alone.
    nodePlan.serverNames.merge(old.serverNames) { name, _ in name }
    return nodePlan
  }
}

/// Which node of an old file is which of a new one: by name, else, since machines are renamed, by address.
private struct Pairing {
  /// For each new node the old one, nil for one that is new.
  var before: [Int?]
  /// The old nodes that are in the new file no more.
  var left: [Int]

  init(_ old: ClusterFile, _ oldNodes: [Node], _ new: ClusterFile, _ newNodes: [Node]) {
    let byName = Dictionary(zip(oldNodes.map(\.name), oldNodes.indices)) { first, _ in first }
    before = newNodes.map { byName[$0.name] }
    var free = Set(oldNodes.indices).subtracting(before.compactMap(\.self))
    var byAddress: [IPAddress: Int] = [:]
    for index in free.sorted() {
      for address in old.addresses(of: oldNodes[index]) { byAddress[address] = index }
    }
    for (index, node) in newNodes.enumerated() where before[index] == nil {
      guard let found = new.addresses(of: node).lazy.compactMap({ byAddress[$0] }).first(where: free.contains) else {
        continue
      }
      before[index] = found
      free.remove(found)
    }
    left = free.sorted()
  }
}
