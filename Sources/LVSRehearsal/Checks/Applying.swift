import LVSModel
import LVSNode
import LVSPlan
import LVSSandbox
import LVSText

/// Bringing the nodes to the file.
extension Rehearsal {
  /// Asks for the VIPs while nobody holds them: whoever answers is caught later.
  func askBefore(_ stage: Stage) throws {
    guard wants(.vipOwner) else { return }
    for vip in stage.file.vips.prefix(8) {
      let question = Question(.udp, to: vip.address.description, port: 9)
      _ = try? ask(stage.network[stage.topology.client], question, count: 1, limit: 0.05)
    }
  }

  /// Applies the file on each node; whether all of them are what it says.
  func applyEverywhere(_ stage: Stage) throws -> Bool {
    try make([.apply]) {}
    var isApplied = true
    for node in stage.rollout {
      if node.directing?.role == .director {
        stage.begin(reignOf: node.name)
        if !runsKeepalived(stage) { try stage.holdExternalVIPs(at: node.name) }
      }
      if try !apply(on: node.name, stage) { isApplied = false }
    }
    guard isApplied, runsKeepalived(stage), let programs = request.programs else { return isApplied }
    return try elect(stage, programs)
  }

  private func runsKeepalived(_ stage: Stage) -> Bool {
    stage.file.vrrp != nil && request.programs != nil && RunningKeepalived.isInstalled
  }

  /// Starts keepalived, and waits until the first director holds the VIPs and has its role; whether it does.
  private func elect(_ stage: Stage, _ programs: DirectorPrograms) throws -> Bool {
    do {
      if stage.keepalived == nil {
        try stage.startKeepalived(programs)
      } else {
        try eventually("\(stage.active) is active", within: 60) { try stage.isActive(stage.active) }
      }
      note(
        CheckResult(.apply, node: stage.active, .pass, "director: keepalived gave it the VIPs, and the role followed."))
      return true
    } catch is NeverHappened {
      note(
        CheckResult(
          .apply, node: stage.active, .fail,
          "keepalived did not make it the active director: \(stage.keepalived?.lastWords(of: stage.active) ?? "")."))
      return false
    }
  }

  /// Applies the file on a node; whether it is what it says.
  func apply(on node: String, _ stage: Stage) throws -> Bool {
    do {
      let outcome = try stage.apply(node)
      let summary = outcome.report.plan.summary
      let errors = outcome.report.findings.filter { $0.severity == .error }
      // Of a file that only leads to the one that is rehearsed nothing is said but what goes wrong.
      if request.former != nil && stage.file != request.file { return true }
      let words: Message = errors.map { " \($0.message)" }.joined()
      note(
        CheckResult(
          .apply, node: node, errors.isEmpty ? .pass : .fail,
          "\(outcome.report.roleWords): \(summary.create) created, \(summary.update) updated, \(summary.delete) deleted.\(words)"
        ))
      return true
    } catch let failure as RunFailure {
      if failure.failure.kind == .noIPVS { throw failure.failure }
      note(CheckResult(.apply, node: node, .fail, failure.failure.message))
      return false
    }
  }

  /// Applies the file again, which is to find nothing to do.
  func applyAgain(_ stage: Stage) throws {
    try make([.secondApply]) {
      for node in stage.rollout {
        let plan = try stage.apply(node.name).report.plan
        let changes: Message = plan.changes.prefix(4).map { " \($0.kind) \($0.id)" }.joined(separator: ",")
        note(
          CheckResult(
            .secondApply, node: node.name, plan.isEmpty ? .pass : .fail,
            plan.isEmpty ? "Nothing was left to do." : "\(counted(plan.changes.count, "change")) more:\(changes)."))
      }
    }
  }
}
