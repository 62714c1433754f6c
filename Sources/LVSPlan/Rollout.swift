import LVSConfig
import LVSModel

/// The machines of a file in the order in which it is safe to bring them to it, one after the other, under traffic.
///
/// Who is sent to is ready before anybody sends there, and goes when nobody does any more; who holds a VIP lets go of it
/// before another takes it, which `apply` refuses otherwise. So real servers come first, then standbys, then the directors
/// that hold VIPs, the active one last, and behind it the machines that only lose something.
public struct Rollout: Sendable {
  /// A machine's turn.
  public struct Step: Equatable, Sendable {
    /// What it was; nil for one that is new.
    public var before: Node?
    /// What it will be; nil for one that is in the file no more and is torn down.
    public var after: Node?
  }

  /// The machines, first to last.
  public let steps: [Step]

  /// The order for machines that no file has reached yet.
  public init(of file: ClusterFile) { self.init(from: ClusterFile(), to: file) }

  /// The order for a change from one file to another.
  public init(from old: ClusterFile, to new: ClusterFile) {
    self.init(from: old, to: new, TargetIndex(old), TargetIndex(new))
  }

  /// The same, with what the targets of each file share.
  public init(from old: ClusterFile, to new: ClusterFile, _ oldIndex: TargetIndex, _ newIndex: TargetIndex) {
    let (oldNodes, newNodes) = (old.nodes, new.nodes)
    let pairs = NodePairs(old, oldNodes, new, newNodes)
    let turns = Turns(old, new, oldIndex, newIndex, pairs)
    var steps: [(turn: Turn, step: Step)] = []
    steps.reserveCapacity(newNodes.count + pairs.left.count)
    for (index, node) in newNodes.enumerated() {
      let step = Step(before: pairs.before[index].map { oldNodes[$0] }, after: node)
      steps.append((turns.turn(of: step, at: index), step))
    }
    for index in pairs.left {
      let step = Step(before: oldNodes[index], after: nil)
      steps.append((turns.turn(ofLeaving: oldNodes[index]), step))
    }
    // A pass a turn keeps the order of the file within each.
    self.steps = Turn.allCases.flatMap { turn in steps.lazy.filter { $0.turn == turn }.map(\.step) }
  }
}

/// When it is a machine's turn.
private enum Turn: CaseIterable {
  /// It is sent to, and nothing that is sent there is taken from it alone.
  case realServer
  /// It directs, and holds no VIP afterwards.
  case standby
  /// It holds VIPs afterwards, none of them from another one.
  case holder
  /// The same, and it is the active director.
  case active
  /// It takes VIPs that another one held.
  case taker
  /// The same, and it is the active director.
  case activeTaker
  /// It is sent less than before, or nothing.
  case leaving
}

/// What decides on the turns.
private struct Turns {
  private let oldServed: [ServedVIPs]
  private let newServed: [ServedVIPs]
  /// Places of new directors that hold VIPs.
  private var holders: Set<Int> = []
  /// Those that take one from another machine.
  private var takers: Set<Int> = []
  /// Old directors whose VIPs another one takes.
  private var givers: Set<Int> = []

  init(
    _ old: ClusterFile, _ new: ClusterFile, _ oldIndex: TargetIndex, _ newIndex: TargetIndex, _ pairs: NodePairs
  ) {
    (oldServed, newServed) = (oldIndex.served, newIndex.served)
    let held = Dictionary(old.vips.map { ($0.address, $0.director) }) { first, _ in first }
    for vip in new.vips {
      holders.insert(vip.director)
      guard let former = held[vip.address], pairs.before[vip.director] != former else { continue }
      takers.insert(vip.director)
      givers.insert(former)
    }
  }

  func turn(of step: Rollout.Step, at index: Int) -> Turn {
    guard let directing = step.after?.directing else {
      return step.before?.directing == nil && onlyLoses(step) ? .leaving : .realServer
    }
    if directing.role == .director { return takers.contains(index) ? .activeTaker : .active }
    if holders.contains(index) { return takers.contains(index) ? .taker : .holder }
    let gives = step.before?.directing.map { givers.contains($0.director) } ?? false
    return !gives && onlyLoses(step) ? .leaving : .standby
  }

  /// A director has to let go of its VIPs before its heir takes them; a real server is needed until nobody sends there.
  func turn(ofLeaving node: Node) -> Turn {
    guard let directing = node.directing else { return .leaving }
    return node.realServer == nil || givers.contains(directing.director) ? .standby : .leaving
  }

  /// Whether packets for some VIP are sent there no more, and none for a VIP that are not yet.
  private func onlyLoses(_ step: Rollout.Step) -> Bool {
    let before = step.before?.realServer.map { oldServed[$0] } ?? [:]
    let after = step.after?.realServer.map { newServed[$0] } ?? [:]
    return before.keys.contains { after[$0] == nil } && !after.keys.contains { before[$0] == nil }
  }
}

extension ClusterFile.VIP {
  /// The place of the director that holds it, where every director is what the file says.
  fileprivate var director: Int {
    if case .director(let index) = holder { return index }
    return 0
  }
}
