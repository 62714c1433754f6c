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

  /// The plan for the node that the options name, between two files.
  static func plan(
    from old: ClusterFile, to new: ClusterFile, _ options: NodeOptions, prune: Bool
  ) throws(Failure) -> NodePlan {
    let name = options.node ?? ""
    let node = try node(name, in: new, role: options.role)
    let before = try? old.node(named: name, role: options.role)
    return try plan(from: old, before, to: new, node, prune: prune)
  }

  /// A plan for each node of either file: those of the new one, then those that left.
  static func plans(
    from old: ClusterFile, to new: ClusterFile, role: RoleRequest, prune: Bool
  ) throws(Failure) -> [NodePlan] {
    let before = Dictionary(old.machines.map { ($0.name, $0) }) { first, _ in first }
    var plans: [NodePlan] = []
    var present: Set<String> = []
    for machine in new.machines {
      present.insert(machine.name)
      let node = try Self.node(machine.name, in: new, role: role)
      let oldNode = before[machine.name].flatMap { try? old.node($0, role: role) }
      plans.append(try plan(from: old, oldNode, to: new, node, prune: prune))
    }
    for machine in old.machines where !present.contains(machine.name) {
      guard let node = try? old.node(machine, role: role) else { continue }
      let target = old.target(for: node)
      let plan = Planner.teardown(target, observed: target.state, remembered: [:])
      plans.append(
        NodePlan(
          cluster: new.name, node: node.name, role: node.roleWord, plan: plan, serverNames: old.serverNames))
    }
    return plans
  }

  private static func plan(
    from old: ClusterFile, _ before: Node?, to new: ClusterFile, _ node: Node, prune: Bool
  ) throws(Failure) -> NodePlan {
    var target = new.target(for: node)
    target.scope.takeOver(from: old)
    let observed = before.map { old.target(for: $0).state } ?? HostState()
    return try plan(target, observed: observed, new, node, prune: prune)
  }
}
