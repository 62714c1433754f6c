import LVSModel
import LVSPlan

/// What a first look at the plans of several nodes finds, kept small: the plans are made again where they are told, since
/// all of them at a time may be many times the files.
struct PlanSurvey {
  /// Names of nodes, the first few of them.
  struct Names {
    private(set) var first: [String] = []
    private(set) var count = 0

    fileprivate mutating func append(_ name: String) {
      if count < 20 { first.append(name) }
      count += 1
    }
  }

  /// What is told at one place.
  struct Section {
    /// The place of its plan.
    var place: Int
    /// The nodes behind it that have the same plan.
    var sharedBy = Names()
    /// Whether it is a standby's, and has nothing that its director could not have as well.
    var mayRepeat: Bool
  }

  /// A standby that does what its director does, but for a few steps.
  struct Twin {
    /// The standby, with the steps that its director has not.
    var standby: NodePlan
    /// The director, with the steps that the standby has not.
    var director: NodePlan
    /// How many steps the standby has.
    var count: Int
  }

  /// The name of the cluster.
  private(set) var cluster = ""
  /// The steps of all nodes.
  private(set) var summary = PlanSummary([])
  /// How many nodes there are.
  private(set) var nodes = 0
  /// How many of them have something to change.
  private(set) var differing = 0
  /// Nodes that there is nothing to say of.
  private(set) var idle = Names()
  /// What there is to tell, in the order of the plans.
  private(set) var sections: [Section] = []
  private var director: (place: Int, steps: Set<Int>)?

  /// Looks at plans; unless they are folded, each of them is a section.
  init(_ plans: some Collection<NodePlan>, folding: Bool) {
    var known: [Likeness: Int] = [:]
    for (place, plan) in plans.enumerated() {
      if place == 0 { cluster = plan.cluster }
      nodes += 1
      summary += plan.plan.summary
      if !plan.plan.isEmpty { differing += 1 }
      let isPlain = plan.plan.unmanaged.isEmpty && plan.findings.isEmpty && plan.open.isEmpty
      guard folding && isPlain else {
        sections.append(Section(place: place, mayRepeat: false))
        continue
      }
      if plan.plan.isEmpty && !plan.isRemoval {
        idle.append(plan.node)
        continue
      }
      let likeness = Likeness(plan)
      if let section = known[likeness] {
        sections[section].sharedBy.append(plan.node)
        continue
      }
      known[likeness] = sections.count
      sections.append(Section(place: place, mayRepeat: plan.isActing(as: .standby)))
      if plan.isActing(as: .director) { director = (place, Set(plan.plan.changes.map(\.digest))) }
    }
  }

  /// The standby of a section beside the director that it repeats; nil where it does not, or not so that few words could
  /// say how they differ.
  func twin(of section: Section, in plans: some Collection<NodePlan>) -> Twin? {
    guard section.mayRepeat, let director else { return nil }
    let (standby, steps) = difference(plans[place: section.place], from: director.steps)
    let shared = steps.count - standby.plan.changes.count
    let missing = director.steps.count - shared
    guard shared > max(missing, standby.plan.changes.count) else { return nil }
    let twin = Twin(
      standby: standby, director: difference(plans[place: director.place], from: steps).rest, count: steps.count)
    let rows = PlanRows(twin.standby, folding: true).count + PlanRows(twin.director, folding: true).count
    return rows <= 6 ? twin : nil
  }

  /// A plan without some steps, and what stands for all that it has.
  private func difference(_ plan: NodePlan, from steps: Set<Int>) -> (rest: NodePlan, steps: Set<Int>) {
    var rest = plan
    rest.plan.changes = plan.plan.changes.filter { !steps.contains($0.digest) }
    return (rest, Set(plan.plan.changes.map(\.digest)))
  }
}

/// What nodes have in common whose plans are told together.
private struct Likeness: Hashable {
  var role: String?
  var isRemoval: Bool
  var steps: Int
  var digest: Int

  init(_ plan: NodePlan) {
    role = plan.role
    isRemoval = plan.isRemoval
    steps = plan.plan.changes.count
    digest = plan.plan.changes.hashValue
  }
}

extension Change {
  /// What stands for the step among those of another plan. Two that differ have the same one in 2⁶⁴ cases, and nobody can
  /// choose them so: it is another one in each process.
  fileprivate var digest: Int { hashValue }
}

extension NodePlan {
  fileprivate func isActing(as role: DirectorRole) -> Bool {
    !isRemoval && self.role?.hasPrefix(role.rawValue) == true
  }
}

extension Collection<NodePlan> {
  /// The plan at a place from the first.
  subscript(place place: Int) -> NodePlan { self[index(startIndex, offsetBy: place)] }
}
