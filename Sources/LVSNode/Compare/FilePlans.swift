import LVSConfig
import LVSModel
import LVSPlan
import Synchronization

/// The plan for each node of two files, in the order of their rollout, made when it is its turn: all of them at a time may
/// be many times the files.
public struct FilePlans: RandomAccessCollection, Sendable {
  private let files: FilePair
  private let steps: [Rollout.Step]
  private let found = Found()

  /// Whether any of those that were made had something to change.
  public var differ: Bool { found.differ.load(ordering: .relaxed) }

  init(from old: ClusterFile, to new: ClusterFile, prune: Bool) {
    let (oldIndex, newIndex) = (TargetIndex(old), TargetIndex(new))
    steps = Rollout(from: old, to: new, oldIndex, newIndex).steps
    files = FilePair(old, new, prune: prune, oldIndex: oldIndex, newIndex: newIndex)
  }

  public var startIndex: Int { 0 }
  public var endIndex: Int { steps.count }

  public subscript(index: Int) -> NodePlan {
    let plan = files.plan(steps[index])
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
  /// What leaves has its name in the old file alone.
  private let names: Names
  private let oldNames: Names

  private struct Names {
    var servers: [IPAddress: String]
    var vips: [IPAddress: String]
  }

  init(_ old: ClusterFile, _ new: ClusterFile, prune: Bool, oldIndex: TargetIndex?, newIndex: TargetIndex?) {
    self.old = old
    self.new = new
    prunes = prune
    self.oldIndex = oldIndex
    self.newIndex = newIndex
    var former = Scope(vips: [])
    former.takeOver(from: old)
    self.former = former
    oldNames = Names(servers: old.serverNames, vips: old.vipNames)
    names = Names(
      servers: new.serverNames.merging(oldNames.servers) { name, _ in name },
      vips: new.vipNames.merging(oldNames.vips) { name, _ in name })
  }

  func plan(_ step: Rollout.Step) -> NodePlan {
    if let after = step.after { return plan(from: step.before, to: after) }
    guard let before = step.before else { preconditionFailure("a machine is in one of the files") }
    return removal(of: before)
  }

  func plan(from before: Node?, to node: Node) -> NodePlan {
    var target = new.target(for: node, sharing: newIndex)
    target.scope.formerVIPs = former.formerVIPs
    target.scope.formerFwmarks = former.formerFwmarks
    let observed = before.map { old.target(for: $0, sharing: oldIndex).state } ?? HostState()
    let plan = Planner.plan(target, from: observed, prune: prunes)
    return NodePlan(
      cluster: new.name, node: node.name, role: node.roleWord, plan: plan, serverNames: names.servers,
      vipNames: names.vips)
  }

  /// The plan for a node that left the file.
  func removal(of node: Node) -> NodePlan {
    let target = old.target(for: node, sharing: oldIndex)
    let plan = Planner.teardown(target, observed: target.state)
    return NodePlan(
      cluster: new.name, node: node.name, role: node.roleWord, plan: plan, serverNames: oldNames.servers,
      vipNames: oldNames.vips, isRemoval: true)
  }
}
