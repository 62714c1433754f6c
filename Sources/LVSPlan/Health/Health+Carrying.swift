import LVSModel

extension Health {
  /// What of it still holds when these are the rules of what is asked, as after another file was read.
  ///
  /// A rule that stays keeps its verdict. A new one about the address and port of one that left, and by which that was
  /// down, begins as down, with its time and reason: a real server that is down comes back by its new check, and not by the
  /// change of the file. Any other new one is unknown, and what nobody asks any more is dropped. Drains stay.
  public func carried(over rules: some Sequence<CheckRule>) -> Health {
    if verdicts.isEmpty { return self }
    var next = Health(drains: drains)
    var fresh: [CheckRule] = []
    for rule in rules {
      if let verdict = verdicts[rule] { next.verdicts[rule] = verdict } else { fresh.append(rule) }
    }
    if fresh.isEmpty { return next }
    var down: [Place: Verdict] = [:]
    for (rule, verdict) in verdicts where verdict.state == .down && next.verdicts[rule] == nil {
      let place = Place(rule)
      // The same one however the rules are ordered.
      if let known = down[place], Self.order(known) <= Self.order(verdict) { continue }
      down[place] = verdict
    }
    if down.isEmpty { return next }
    // Another port of the same machine may be what is asked now; that its real server has to pass first costs little.
    let anywhere = Dictionary(down.map { ($0.key.address, $0.value) }) { Self.order($0) <= Self.order($1) ? $0 : $1 }
    for rule in fresh {
      guard let verdict = down[Place(rule)] ?? anywhere[rule.question.address] else { continue }
      next.verdicts[rule] = Verdict(.down, since: verdict.since, reason: verdict.reason)
    }
    return next
  }

  private static func order(_ verdict: Verdict) -> (Int, String) { (verdict.since ?? .min, verdict.reason ?? "") }

  /// Where a question goes.
  private struct Place: Hashable {
    var address: IPAddress
    var port: UInt16

    init(_ rule: CheckRule) {
      address = rule.question.address
      port = rule.question.port
    }
  }
}
