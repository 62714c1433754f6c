import LVSModel
import LVSNode
import LVSPlan
import LVSSandbox
import LVSText

/// What a new file does to the clients of the old one.
extension Rehearsal {
  /// The most services that are visited meanwhile.
  private static let services = 4

  /// Applies the file in the place of the one that is in force, under traffic to what both serve; whether it is applied.
  func checkChange(_ stage: Stage) throws -> Bool {
    guard let former = request.former else { return true }
    let file = request.file
    let later = Set(file.services.lazy.map(\.id))
    let visited = stage.trials.filter { trial in
      trial.transport == .tcp && later.contains(trial.service) && stage.obstacle(to: trial) == nil
    }.prefix(Self.services)
    try make([.change]) {}
    let client = stage.network[stage.topology.client]
    var visitors: [Visitors] = []
    defer { for visitors in visitors { visitors.stop() } }
    for trial in visited {
      visitors.append(try Visitors(at: client, to: trial.vip.description, port: trial.port, count: 1))
    }
    let answered = { visitors.map(\.answered) }
    func settle(_ what: String) throws -> Bool {
      let before = answered()
      do {
        try eventually("visitors are answered \(what)") { zip(answered(), before).allSatisfy { $0 > $1 + 10 } }
        return true
      } catch is NeverHappened {
        return false
      }
    }
    let begins = try settle("before the change")
    try stage.follow(file)
    var isApplied = true
    for step in Rollout(from: former, to: file).steps {
      // One that has another name from now on is two machines here.
      if let before = step.before, before.name != step.after?.name { try tearDown(before.name, stage) }
      guard let node = step.after else { continue }
      if node.directing?.role == .director && node.name != stage.active { stage.begin(reignOf: node.name) }
      if try !apply(on: node.name, stage) { isApplied = false }
    }
    let ends = try settle("after the change")
    for visitors in visitors { visitors.stop() }
    let failures = visitors.reduce(0) { $0 + $1.failed }
    let count = answered().reduce(0, +)
    let words: Message =
      "\(failures) of \(counted(count + failures, "connection")) to \(counted(visited.count, "service")) lost on the way"
    if visited.isEmpty {
      note(CheckResult(.change, .skip, "No TCP service is in both files, so nobody could lose anything."))
    } else if !begins {
      note(CheckResult(.change, .skip, "What the old file serves was not answered before the change: \(words)."))
    } else {
      let first: Message = visitors.lazy.compactMap(\.failures.first).first.map { ": \($0)" } ?? ""
      note(
        CheckResult(
          .change, failures == 0 && ends && isApplied ? .pass : .fail,
          ends ? "\(words)\(first)." : "\(words)\(first). Not every service is answered afterwards."))
    }
    return isApplied
  }

  /// Takes a machine apart that the file names no more.
  private func tearDown(_ machine: String, _ stage: Stage) throws {
    var request = TeardownRequest(request.file)
    request.node.name = nil
    _ = try stage.on(machine) { try request.carryOut(NodeEvents { _ in }) }
  }
}
