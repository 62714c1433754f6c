import LVSConfig
import LVSKernel
import LVSModel
import LVSNode
import LVSPlan

/// lvsctl's way from a file to the kernel and back, without its process: starting one takes most of a test's time in
/// user-mode Linux. The tests of the commands start it all the same.
struct InProcessNode {
  private let target: Target
  private let prunes: Bool
  private let namespace: Namespace

  /// The node of that name in a role, as the machine `namespace`; a file with faults is an error that lists them.
  init(_ text: String, node: String, role: RoleRequest, prunes: Bool, at namespace: Namespace) throws {
    let reading = ClusterFile.read(Array(text.utf8))
    guard let file = reading.file else {
      let faults = reading.diagnostics.map { "\($0.code.rawValue): \($0.message)" }
      throw CommandFailure(description: "the file is refused: \(faults.joined(separator: "; "))")
    }
    target = file.target(for: try file.node(named: node, role: role))
    self.prunes = prunes
    self.namespace = namespace
  }

  /// The plan as `diff` has it: `ACTION KIND ID` of every change.
  func diff() throws -> [String] {
    try inNamespace(namespace.name) {
      try Planner.plan(target, observed: observe(), prune: prunes).changes.map(\.words)
    }
  }

  /// Carries the plan out and proves it, as `apply` does; what it did is returned.
  func apply() throws -> [String] {
    try inNamespace(namespace.name) {
      let kernel = KernelConnection()
      let before = try observe(kernel)
      let plan = try Planner.plan(target, observed: before, prune: prunes)
      let applier = Applier(
        sink: KernelSink(kernel), observe: { try observe(kernel) },
        replan: { try Planner.plan(target, observed: $0, prune: prunes) })
      do {
        try applier.apply(plan.changes, before: before, keepsPartial: true)
      } catch let error as ApplyError {
        let failure = error.progress.failure
        throw CommandFailure(description: "refused: \(failure?.change.words ?? "-"): \(failure?.message ?? "-")")
      }
      return plan.changes.map(\.words)
    }
  }

  private func observe(_ kernel: KernelConnection = KernelConnection()) throws -> HostState {
    try kernel.observe(ObservationQuery(target)).state
  }
}

extension Change {
  fileprivate var words: String { "\(action.rawValue) \(kind) \(id)" }
}
