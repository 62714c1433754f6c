import LVSConfig
import LVSModel
import LVSPlan
import Synchronization

/// The plan for each node of two files, made when it is its turn: all of them at a time may be many times the files.
public struct FilePlans: Collection, Sendable {
  private let files: FilePair
  private let oldNodes: [Node]
  private let newNodes: [Node]
  private let pairing: Pairing
  private let found = Found()

  /// Whether any of those that were made had something to change.
  public var differ: Bool { found.differ.load(ordering: .relaxed) }

  init(from old: ClusterFile, to new: ClusterFile, prune: Bool) {
    oldNodes = old.nodes
    newNodes = new.nodes
    pairing = Pairing(old, oldNodes, new, newNodes)
    files = FilePair(old, new, prune: prune, oldIndex: TargetIndex(old), newIndex: TargetIndex(new))
  }

  public var startIndex: Int { 0 }
  public var endIndex: Int { newNodes.count + pairing.left.count }
  public func index(after index: Int) -> Int { index + 1 }

  public subscript(index: Int) -> NodePlan {
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
struct FilePair: Sendable {
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
struct Pairing: Sendable {
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
