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
  private var fields: ChangeFields?

  /// The fold of a step, or nil for one that is always shown.
  init?(_ change: Change) {
    action = change.action
    switch change {
    case .service:
      subject = .services
      fields = change.fields
    case .realServer(_, let id, _):
      subject = .realServer(id.address)
      fields = change.fields
    case .address(let id, _): subject = .addresses(interface: id.interface)
    case .route(let id, _): subject = .routes(interface: id.interface)
    case .module, .sysctl, .link, .timeouts, .syncDaemon: return nil
    }
  }

  /// Whether all steps of the fold have the same details.
  var keepsDetails: Bool { fields != nil }

  /// The name of all steps of the fold together, of which `change` is the first.
  func name(of change: Change, count: Int, serverNames: [IPAddress: String]) -> String {
    switch subject {
    case .realServer(let address):
      "  -> \(address)" + (serverNames[address].map { " (\($0))" } ?? "") + " in \(count) services"
    case .services, .addresses, .routes: "\(change.id) and \(count - 1) more"
    }
  }
}

/// Which steps of a plan are worth folding.
enum PlanFolds {
  /// Fewer alike steps than this are shown one by one.
  static let fewest = 6

  /// The folds with at least ``fewest`` steps, and how many they have.
  static func counts(_ folds: some Sequence<PlanFold>) -> [PlanFold: Int] {
    var counts: [PlanFold: Int] = [:]
    for fold in folds { counts[fold, default: 0] += 1 }
    return counts.filter { $0.value >= fewest }
  }
}
