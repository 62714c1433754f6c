import LVSConfig
import LVSModel

/// All that a file asks on one node, each question once.
public struct CheckList: Equatable, Sendable {
  /// A question as it is asked for however many real servers.
  public struct Entry: Equatable, Sendable {
    /// Seconds from one time it is asked to the next: the shortest that any of those who ask wants.
    public var interval: Int
    /// What its answers are counted by; at least one.
    public var rules: Set<CheckRule>

    fileprivate mutating func add(_ rule: CheckRule, each interval: Int) {
      self.interval = min(self.interval, interval)
      rules.insert(rule)
    }
  }

  /// The questions.
  public private(set) var questions: [CheckQuestion: Entry] = [:]

  /// Asks nothing.
  public init() {}

  /// Every rule of every question.
  public var rules: [CheckRule] { questions.values.flatMap(\.rules) }

  fileprivate mutating func add(_ check: Check, of subject: CheckSubject) {
    let rule = CheckRule(check, of: subject)
    questions[rule.question, default: Entry(interval: check.interval, rules: [])].add(rule, each: check.interval)
  }
}

extension ClusterFile {
  /// What this file asks on a node: a director asks, active or standby, of all services that are in its table by the file.
  public func checks(for node: Node) -> CheckList {
    var list = CheckList()
    guard node.directing != nil else { return list }
    for service in services where service.isChecked {
      for member in service.checkedMembers {
        let checks = checks(of: member, in: service)
        if checks.isEmpty { continue }
        let subject = subject(member, of: service)
        for check in checks { list.add(check, of: subject) }
      }
    }
    return list
  }
}
