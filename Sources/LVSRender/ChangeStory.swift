import LVSModel
import LVSPlan
import LVSText

extension Change {
  /// The step on one line of a log: what, and from what to what. `names` are those of real servers, by address.
  ///
  /// `update real server tcp 192.168.147.100:80 -> 192.168.147.4:80 (web1): weight 1 → 0`
  public func story(_ names: [IPAddress: String]) -> Message {
    var words: Message = "\(action.rawValue) \(kindWords) \(id)"
    if case .realServer(_, let id) = subject, let name = names[id.address] { words += " (\(name))" }
    let details = details
    return details.isEmpty ? words : words + ": \(details)"
  }

  private var details: String {
    if case .sysctl = subject {
      return [before, after].map { $0?.sysctl ?? "unset" }.joined(separator: " → ")
    }
    let fields = fields
    guard let after = fields.after else { return "" }
    guard let before = fields.before else {
      return after.map { "\($0.name) \($0.value.text)" }.joined(separator: ", ")
    }
    return zip(before, after).map { "\($0.name) \($0.value.text) → \($1.value.text)" }.joined(separator: ", ")
  }
}

extension Subject {
  /// What names the thing in a sentence: `service tcp 192.168.147.100:80`.
  public var title: Message { "\(kind.replacing("_", with: " ")) \(id)" }
}
