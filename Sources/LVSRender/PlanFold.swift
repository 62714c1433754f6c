import LVSModel

/// What steps have in common that a reader wants to see as one: the same change to many things.
struct PlanFold: Hashable {
  private enum Subject: Hashable {
    case services
    case realServer(IPAddress)
    case addresses(interface: String)
    case routes(interface: String)
  }

  private var subject: Subject
  private var action: Action
  private var fields: FieldChanges?

  /// The fold of a step, or nil for one that is always shown.
  init?(_ change: Change) {
    action = change.action
    switch change.subject {
    case .service:
      subject = .services
      fields = change.fields
    case .realServer(_, let id):
      subject = .realServer(id.address)
      fields = change.fields
    case .address(let id): subject = .addresses(interface: id.interface)
    case .route(let id): subject = .routes(interface: id.interface)
    case .module, .sysctl, .link, .timeouts, .syncDaemon: return nil
    }
  }

  /// Whether all steps of the fold have the same details.
  var keepsDetails: Bool { fields != nil }
}

/// Which steps of a plan are worth folding, and with which others.
struct PlanFolds {
  /// Fewer alike steps than this are shown one by one.
  static let fewest = 6

  /// One fold.
  struct Group {
    var fold: PlanFold
    /// The place of its first step in the plan.
    var first: Int
    var count = 0
  }

  /// What decides on a step's fold without the words that tell it: a plan has many steps and few kinds of them.
  private enum Kind: Hashable {
    case service(before: Settings?, after: Settings?)
    case realServer(IPAddress, before: Settings?, after: Settings?)
    case address(interface: String, Action)
    case route(interface: String, Action)

    init?(_ change: Change) {
      switch change.subject {
      case .service: self = .service(before: change.before, after: change.after)
      case .realServer(_, let id):
        self = .realServer(id.address, before: change.before, after: change.after)
      case .address(let id): self = .address(interface: id.interface, change.action)
      case .route(let id): self = .route(interface: id.interface, change.action)
      case .module, .sysctl, .link, .timeouts, .syncDaemon: return nil
      }
    }
  }

  /// For each step the place of its fold in ``groups``, or -1 where it has none.
  private var places: [Int32] = []
  private var groups: [Group] = []

  /// The folds of steps, of those that `mayFold`.
  init(_ changes: [Change], mayFold: (Change) -> Bool) {
    var placesOfKinds: [Kind: Int] = [:]
    var placesOfFolds: [PlanFold: Int] = [:]
    places.reserveCapacity(changes.count)
    for (index, change) in changes.enumerated() {
      guard let kind = Kind(change), mayFold(change) else {
        places.append(-1)
        continue
      }
      let place: Int
      if let known = placesOfKinds[kind] {
        place = known
      } else if let fold = PlanFold(change) {
        place = placesOfFolds[fold] ?? groups.count
        if place == groups.count { groups.append(Group(fold: fold, first: index)) }
        placesOfFolds[fold] = place
        placesOfKinds[kind] = place
      } else {
        places.append(-1)
        continue
      }
      groups[place].count += 1
      places.append(Int32(place))
    }
  }

  /// How many rows the steps take.
  var rows: Int { places.count - groups.reduce(0) { $0 + ($1.count >= Self.fewest ? $1.count - 1 : 0) } }

  /// The fold of the step at a place, or nil where it is shown by itself.
  subscript(index: Int) -> Group? {
    guard places[index] >= 0 else { return nil }
    let group = groups[Int(places[index])]
    return group.count >= Self.fewest ? group : nil
  }
}
