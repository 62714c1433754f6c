import LVSConfig
import LVSModel
import LVSNode
import LVSPlan
import LVSSandbox
import LVSSystem
import LVSText

/// A rehearsal: the whole cluster of a file, its nodes brought to it by apply, with traffic and with what goes wrong.
///
/// It runs where nothing else is: the caller has a network to itself, as root and on a kernel with IPVS.
public final class Rehearsal {
  let request: RehearsalRequest
  private let tell: (RehearsalEvent) -> Void
  /// What is done to the machines, and to what answers on them, when all of them are what the file says; for what tests
  /// break.
  public var edit: (Network, [String: Responder]) throws -> Void = { _, _ in }
  private(set) var report: RehearsalReport

  /// Prepares a rehearsal; `tell` hears of what happens on the way.
  public init(_ request: RehearsalRequest, tell: @escaping (RehearsalEvent) -> Void = { _ in }) {
    self.request = request
    self.tell = tell
    report = RehearsalReport(cluster: request.file.name)
  }

  /// Builds the cluster, makes the checks and takes everything away again; `afterwards` has the cluster before that.
  ///
  /// Throws ``Unbuildable`` for a file that cannot be rehearsed, a `NodeFailure` of the kind `noIPVS` for a kernel that
  /// cannot, and what the system refused.
  public func run(
    naming: Network.Naming = .numbered, afterwards: (Network, RehearsalReport) throws -> Void = { _, _ in }
  ) throws -> RehearsalReport {
    let files = [request.file, request.former].compactMap(\.self)
    let topology = try Topology(files, named: request.networks)
    try KernelParts(topology, files).load()
    try Network.with(topology.machines, naming: naming) { network in
      let capture = try request.captures.map { try Capture(network, folder: $0) }
      let first = request.former ?? request.file
      let stage = try Stage(first, later: request.former == nil ? nil : request.file, topology, network)
      defer { stage.stop() }
      tell(.built(topology))
      let end = Result { try rehearse(stage) }
      // What was captured is worth most where something went wrong.
      try capture?.stop()
      try end.get()
      try afterwards(network, report)
    }
    return report
  }

  private func rehearse(_ stage: Stage) throws {
    try askBefore(stage)
    guard try applyEverywhere(stage), try checkChange(stage) else {
      return skipAll("The file is not applied on every node.")
    }
    try applyAgain(stage)
    try runHook(stage)
    try edit(stage.network, stage.responders)
    try stage.forgetNeighbours()
    try checkTraffic(stage)
    try make([.persistence]) { try checkPersistence(stage) }
    try make([.serverDown]) { try checkServerDown(stage) }
    try make([.drain]) { try checkDrain(stage) }
    try make([.failover]) { try checkFailover(stage) }
    try checkHealth(stage)
    try make([.vipOwner]) { checkOwners(stage) }
  }

  // MARK: Checks

  func wants(_ name: CheckName) -> Bool { request.only.contains(name) }

  /// Makes checks of these names, where any is asked for. One that waits in vain has failed, and the others are made.
  func make(_ names: [CheckName], _ body: () throws -> Void) throws {
    guard let name = names.first(where: wants) else { return }
    tell(.begins(name))
    do {
      try body()
    } catch let late as NeverHappened {
      note(CheckResult(name, .fail, "It was waited for in vain that \(late.description)."))
    }
  }

  /// The services that all of their real servers answer, as far as that is known: what goes wrong at others later would say
  /// nothing new.
  func sound(_ stage: Stage) -> (Trial) -> Bool {
    let broken = Set(report.checks.filter { $0.name == .answers && $0.result == .fail }.compactMap(\.node))
    return { trial in stage.obstacle(to: trial) == nil && !trial.weighted.contains { broken.contains($0.station) } }
  }

  /// Keeps a result, where its check is asked for.
  func note(_ result: CheckResult) {
    guard wants(result.name) else { return }
    report.checks.append(result)
    tell(.ended(result))
  }

  func note(_ tally: RehearsalReport.Tally) { report.tallies.append(tally) }

  /// Says of all checks that have not been made why.
  private func skipAll(_ reason: Message) {
    for name in CheckName.allCases where !report.checks.contains(where: { $0.name == name }) {
      if name == .change && request.former == nil || name == .health || name == .allDown { continue }
      note(CheckResult(name, .skip, reason))
    }
  }

  private func runHook(_ stage: Stage) throws {
    guard let program = request.afterApply else { return }
    for node in stage.rollout {
      let outcome = try stage.network[node.name].run([program, node.name])
      if outcome.status == 0 { continue }
      throw Unbuildable(
        "\(program) ended with status \(outcome.status) at \(node.name): \(outcome.output + outcome.errors)")
    }
  }
}
