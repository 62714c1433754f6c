import LVSModel
import LVSPlan
import LVSText

/// A line of a plan for a reader: a step, or all steps of a fold.
struct PlanRow {
  /// The step, or the first one of a fold.
  var change: Change
  /// The fold and the number of its steps, where it stands for more than one.
  var fold: (fold: PlanFold, count: Int)?

  /// What the VIP and the real server of the step are called, as far as they have names.
  func names(_ servers: [IPAddress: String], _ vips: [IPAddress: String]) -> [String] {
    let names: [String?] =
      switch change.subject {
      case .service(let id): [id.vip.flatMap { vips[$0] }]
      case .realServer(let service, let id):
        // Many services have many VIPs.
        [fold == nil ? service.vip.flatMap { vips[$0] } : nil, servers[id.address]]
      case .address(let id): [vips[id.address]]
      case .route(let id): [vips[id.destination]]
      case .module, .sysctl, .link, .timeouts, .syncDaemon: []
      }
    return names.compactMap(\.self)
  }
}

/// The steps of a plan in their order as rows, made one by one; unless told not to, those that are alike are one row where
/// the first of them stands.
struct PlanRows: Sequence {
  private let changes: [Change]
  private let folds: PlanFolds?

  init(_ plan: NodePlan, folding: Bool) {
    changes = plan.plan.changes
    // What costs connections is always shown by itself.
    folds = folding ? PlanFolds(changes) { plan.cost(of: $0).isEmpty } : nil
  }

  /// How many there are.
  var count: Int { folds?.rows ?? changes.count }

  func makeIterator() -> Iterator { Iterator(changes: changes, folds: folds) }

  struct Iterator: IteratorProtocol {
    fileprivate let changes: [Change]
    fileprivate let folds: PlanFolds?
    private var index = 0

    fileprivate init(changes: [Change], folds: PlanFolds?) {
      self.changes = changes
      self.folds = folds
    }

    mutating func next() -> PlanRow? {
      while index < changes.count {
        let place = index
        index += 1
        guard let group = folds?[place] else { return PlanRow(change: changes[place]) }
        if group.first == place { return PlanRow(change: changes[place], fold: (group.fold, group.count)) }
      }
      return nil
    }
  }
}

extension NodePlan {
  /// What a row tells of its step beside its name: values, or what a removal costs the clients of now.
  ///
  /// `word` is applied to each value, which may come from another machine.
  func details(of row: PlanRow, word: (String) -> String) -> String {
    if let fold = row.fold, !fold.fold.keepsDetails { return "" }
    func value(_ value: FieldValue) -> String { word(value.text) }
    if case .sysctl = row.change.subject {
      return [row.change.before, row.change.after].compactMap { $0?.sysctl.map(word) }.joined(separator: " → ")
    }
    let fields = row.change.fields
    guard let after = fields.after else { return cost(of: row.change) }
    guard let before = fields.before else {
      return after.map { "\($0.name) \(value($0.value))" }.joined(separator: ", ")
    }
    return zip(before, after).map { "\($0.name) \(value($0.value)) → \(value($1.value))" }.joined(separator: ", ")
  }

  /// What a removal costs the clients of now.
  fileprivate func cost(of change: Change) -> String {
    let connections: UInt32 =
      switch change.subject {
      case .realServer(let service, let id): open[service]?[id] ?? 0
      case .service(let id): open[id]?.values.reduce(0) { UInt32(clamping: UInt64($0) + UInt64($1)) } ?? 0
      default: 0
      }
    return connections == 0 ? "" : "\(waits ? "waits for" : "cuts") \(counted(Int(connections), "connection"))"
  }

}

extension PlanSummary {
  /// `1 to create, 3 to update, 0 to delete`.
  var words: String { "\(create) to create, \(update) to update, \(delete) to delete" }
}

extension Change {
  /// The kind in words.
  var kindWords: String {
    switch subject {
    case .realServer: "real server"
    case .syncDaemon: "sync daemon"
    default: kind
    }
  }
}
