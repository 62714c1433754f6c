import LVSConfig
import LVSModel
import LVSPlan
import Synchronization

/// Plans between values: a file and a snapshot, or two files.
enum Comparison {
  /// A node of a file, or the end of the command.
  private static func node(_ name: String, in file: ClusterFile, role: RoleRequest) throws(Failure) -> Node {
    do {
      return try file.node(named: name, role: role)
    } catch {
      throw Failure(.invalidFile, error.message)
    }
  }

  private static func plan(
    _ target: Target, observed: HostState, _ file: ClusterFile, _ node: Node, prune: Bool,
    serverNames: [IPAddress: String]
  ) throws(Failure) -> NodePlan {
    do {
      let plan = try Planner.plan(target, observed: observed, prune: prune)
      return NodePlan(
        cluster: file.name, node: node.name, role: node.roleWord, plan: plan, serverNames: serverNames)
    } catch {
      throw Failure(.invalidFile, error.reasons.map(\.message).joined(separator: "\n"))
    }
  }

  // MARK: A snapshot

  /// The plan from the state in a snapshot, as a comparison on that node would have made it.
  static func plan(
    from snapshot: Snapshot, named source: String, to file: ClusterFile, _ options: NodeOptions, prune: Bool
  ) throws(Failure) -> NodePlan {
    let node = try node(of: snapshot, named: source, in: file, options)
    var target = file.target(for: node)
    target.scope.takeOver(from: snapshot)
    target.restore(from: snapshot.memory)
    let unknown = target.state.sysctls.keys.filter { !snapshot.tells($0) }.sorted()
    if !unknown.isEmpty {
      for name in unknown { target.state.sysctls[name] = nil }
      Terminal.report(
        """
        \(source) does not tell the value of \(unknown.joined(separator: ", ")): a snapshot has the sysctls under \
        net.ipv4, net.ipv6, net.core and net.netfilter that everybody may read. Whether they differ is left open; run \
        lvsctl diff on that machine.
        """)
    }
    return try plan(
      target, observed: snapshot.state, file, node, prune: prune, serverNames: file.serverNames)
  }

  /// The node that a snapshot is of: the machine finds itself by its addresses in the file it is compared with, whatever
  /// it was called when the snapshot was taken.
  private static func node(
    of snapshot: Snapshot, named source: String, in file: ClusterFile, _ options: NodeOptions
  ) throws(Failure) -> Node {
    var held: [IPAddress: Set<String>] = [:]
    for id in snapshot.state.addresses.keys { held[id.address, default: []].insert(id.interface) }
    do {
      let machine = try machine(of: snapshot, holding: Set(held.keys), in: file, options)
      let role = machine.role(asked: options.role, remembered: snapshot.memory.role).role
      return try file.node(machine, role: role, holding: held)
    } catch {
      throw Failure(.invalidFile, "\(source): \(error.message)")
    }
  }

  private static func machine(
    of snapshot: Snapshot, holding held: Set<IPAddress>, in file: ClusterFile, _ options: NodeOptions
  ) throws(NodeMismatch) -> Machine {
    if let name = options.node { return try file.machine(named: name) }
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
  static func plan(
    from old: ClusterFile, named source: String, to new: ClusterFile, _ name: String, _ role: RoleRequest, prune: Bool
  ) throws(Failure) -> NodePlan {
    let oldNodes = old.nodes
    let newNodes = new.nodes
    let pairing = Pairing(old, oldNodes, new, newNodes)
    let files = FilePair(old, new, prune: prune, oldIndex: nil, newIndex: nil)
    if pairing.left.contains(where: { oldNodes[$0].name == name }) {
      return files.removal(of: try node(name, in: old, role: role))
    }
    let node = try node(name, in: new, role: role)
    let place = newNodes.firstIndex { $0.name == name }
    guard let before = place.flatMap({ pairing.before[$0] }).map({ oldNodes[$0] }) else {
      return files.plan(from: nil, to: node)
    }
    do {
      return files.plan(from: try old.node(named: before.name, role: role), to: node)
    } catch {
      throw Failure(
        .invalidFile,
        "\(source) has this node in another part, so there is nothing to compare with: \(error.message)")
    }
  }

  /// A plan for each node of either file: those of the new one, then those that left.
  static func plans(from old: ClusterFile, to new: ClusterFile, prune: Bool) -> FilePlans {
    FilePlans(from: old, to: new, prune: prune)
  }
}

/// The plan for each node of two files, made when it is its turn: all of them at a time may be many times the files.
struct FilePlans: Collection, Sendable {
  private let files: FilePair
  private let oldNodes: [Node]
  private let newNodes: [Node]
  private let pairing: Pairing
  private let found = Found()

  /// Whether any of those that were made had something to change.
  var differ: Bool { found.differ.load(ordering: .relaxed) }

  fileprivate init(from old: ClusterFile, to new: ClusterFile, prune: Bool) {
    oldNodes = old.nodes
    newNodes = new.nodes
    pairing = Pairing(old, oldNodes, new, newNodes)
    files = FilePair(old, new, prune: prune, oldIndex: TargetIndex(old), newIndex: TargetIndex(new))
  }

  var startIndex: Int { 0 }
  var endIndex: Int { newNodes.count + pairing.left.count }
  func index(after index: Int) -> Int { index + 1 }

  subscript(index: Int) -> NodePlan {
    let plan =
      index < newNodes.count
      ? files.plan(from: pairing.before[index].map { oldNodes[$0] }, to: newNodes[index])
      : files.removal(of: oldNodes[pairing.left[index - newNodes.count]])
    if !plan.plan.isEmpty { found.differ.store(true, ordering: .relaxed) }
    return plan
  }

  private final class Found: Sendable {
    let differ = Atomic(false)
  }
}

/// Two files with what the plans between them share, so that many nodes take no longer than their own parts.
private struct FilePair: Sendable {
  private let old: ClusterFile
  private let new: ClusterFile
  private let prunes: Bool
  private let oldIndex: TargetIndex?
  private let newIndex: TargetIndex?
  /// What the old file had, taken over.
  private let former: Scope
  /// A real server that leaves has its name in the old file alone.
  private let serverNames: [IPAddress: String]
  private let oldServerNames: [IPAddress: String]

  init(_ old: ClusterFile, _ new: ClusterFile, prune: Bool, oldIndex: TargetIndex?, newIndex: TargetIndex?) {
    self.old = old
    self.new = new
    prunes = prune
    self.oldIndex = oldIndex
    self.newIndex = newIndex
    var former = Scope(vips: [])
    former.takeOver(from: old)
    self.former = former
    oldServerNames = old.serverNames
    serverNames = new.serverNames.merging(oldServerNames) { name, _ in name }
  }

  func plan(from before: Node?, to node: Node) -> NodePlan {
    var target = new.target(for: node, sharing: newIndex)
    target.scope.formerVIPs = former.formerVIPs
    target.scope.formerFwmarks = former.formerFwmarks
    let observed = before.map { old.target(for: $0, sharing: oldIndex).state } ?? HostState()
    let plan = Planner.plan(target, from: observed, prune: prunes)
    return NodePlan(
      cluster: new.name, node: node.name, role: node.roleWord, plan: plan, serverNames: serverNames)
  }

  /// The plan for a node that left the file.
  func removal(of node: Node) -> NodePlan {
    let target = old.target(for: node, sharing: oldIndex)
    let plan = Planner.teardown(target, observed: target.state)
    return NodePlan(
      cluster: new.name, node: node.name, role: node.roleWord, plan: plan, serverNames: oldServerNames)
  }
}

/// Which node of an old file is which of a new one: by name, else, since machines are renamed, by address.
private struct Pairing: Sendable {
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
