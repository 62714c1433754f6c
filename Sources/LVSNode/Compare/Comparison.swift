import LVSConfig
import LVSModel
import LVSPlan

/// Plans between values: a file and a snapshot, or two files.
public enum Comparison {
  /// A node of a file; throws where it has none of that name, or not in that role.
  private static func node(_ name: String, in file: ClusterFile, role: RoleRequest) throws(NodeFailure) -> Node {
    do {
      return try file.node(named: name, role: role)
    } catch {
      throw NodeFailure(.invalidFile, error.message)
    }
  }

  private static func plan(
    _ target: Target, observed: HostState, _ file: ClusterFile, _ node: Node, prune: Bool
  ) throws(NodeFailure) -> NodePlan {
    do {
      let plan = try Planner.plan(target, observed: observed, prune: prune)
      return NodePlan(
        cluster: file.name, node: node.name, role: node.roleWord, plan: plan,
        serverNames: file.serverNames, vipNames: file.vipNames)
    } catch {
      throw NodeFailure(.invalidFile, error.reasons.map(\.message).joined(separator: "\n"))
    }
  }

  // MARK: A snapshot

  /// The plan from the state in a snapshot, as a comparison on that node would have made it.
  public static func plan(
    from snapshot: Snapshot, named source: String, to file: ClusterFile, _ request: NodeRequest, prune: Bool
  ) throws(NodeFailure) -> SnapshotPlan {
    let node = try node(of: snapshot, named: source, in: file, request)
    let health = snapshot.health.carried(over: file.checks(for: node).rules)
    var target = file.target(for: node, health: health)
    target.scope.takeOver(from: snapshot)
    target.restore(from: snapshot.memory)
    let unknown = target.state.sysctls.keys.filter { !snapshot.tells($0) }.sorted()
    for name in unknown { target.state.sysctls[name] = nil }
    let plan = try plan(target, observed: snapshot.state, file, node, prune: prune)
    return SnapshotPlan(plan: plan, unknownSysctls: unknown)
  }

  /// The node that a snapshot is of: the machine finds itself by its addresses in the file it is compared with, whatever
  /// it was called when the snapshot was taken.
  private static func node(
    of snapshot: Snapshot, named source: String, in file: ClusterFile, _ request: NodeRequest
  ) throws(NodeFailure) -> Node {
    var held: [IPAddress: Set<String>] = [:]
    for id in snapshot.state.addresses.keys { held[id.address, default: []].insert(id.interface) }
    do {
      let machine = try machine(of: snapshot, holding: Set(held.keys), in: file, request)
      let role = machine.role(asked: request.role, remembered: snapshot.memory.role).role
      return try file.node(machine, role: role, holding: held)
    } catch {
      throw NodeFailure(.invalidFile, "\(source): \(error.message)")
    }
  }

  private static func machine(
    of snapshot: Snapshot, holding held: Set<IPAddress>, in file: ClusterFile, _ request: NodeRequest
  ) throws(NodeMismatch) -> Machine {
    if let name = request.name { return try file.machine(named: name) }
    do {
      return try file.machine(holding: held)
    } catch {
      // Taken with --node, or by a machine that has its address from elsewhere.
      if let name = snapshot.node, let machine = try? file.machine(named: name) { return machine }
      throw error
    }
  }

  // MARK: Another file

  /// The plan for one node between two files: as in ``plans(from:to:prune:)``, but in the role that is asked for.
  public static func plan(
    from old: ClusterFile, named source: String, to new: ClusterFile, _ name: String, _ role: RoleRequest, prune: Bool
  ) throws(NodeFailure) -> NodePlan {
    let oldNodes = old.nodes
    let newNodes = new.nodes
    let pairs = NodePairs(old, oldNodes, new, newNodes)
    let files = FilePair(old, new, prune: prune, oldIndex: nil, newIndex: nil)
    if pairs.left.contains(where: { oldNodes[$0].name == name }) {
      return files.removal(of: try node(name, in: old, role: role))
    }
    let node = try node(name, in: new, role: role)
    let place = newNodes.firstIndex { $0.name == name }
    guard let before = place.flatMap({ pairs.before[$0] }).map({ oldNodes[$0] }) else {
      return files.plan(from: nil, to: node)
    }
    do {
      return files.plan(from: try old.node(named: before.name, role: role), to: node)
    } catch {
      throw NodeFailure(
        .invalidFile,
        "\(source) has this node in another part, so there is nothing to compare with: \(error.message)")
    }
  }

  /// A plan for each node of either file, in the order of the rollout.
  public static func plans(from old: ClusterFile, to new: ClusterFile, prune: Bool) -> FilePlans {
    FilePlans(from: old, to: new, prune: prune)
  }
}

/// The plan from a snapshot, and what it could not be about.
public struct SnapshotPlan: Equatable, Sendable {
  /// The plan.
  public var plan: NodePlan
  /// The sysctls of the file whose values the snapshot does not tell, sorted; whether they differ is left open.
  public var unknownSysctls: [String]
}
