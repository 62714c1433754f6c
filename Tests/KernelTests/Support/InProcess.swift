import LVSConfig
import LVSKernel
import LVSModel
import LVSNode
import LVSPlan

/// lvsctl's way from a file to the kernel and back, without its process: starting one takes most of a test's time in
/// user-mode Linux. The tests of the commands start it all the same.
struct InProcessNode {
  private let file: ClusterFile
  private let name: String
  private let role: RoleRequest
  private let prunes: Bool
  private let namespace: Namespace

  /// The node of that name in a role, as the machine `namespace`; a file with faults is an error that lists them.
  init(_ text: String, node: String, role: RoleRequest, prunes: Bool, at namespace: Namespace) throws {
    file = try readCluster(text)
    name = node
    self.role = role
    self.prunes = prunes
    self.namespace = namespace
  }

  /// The plan as `diff` has it: `ACTION KIND ID` of every change.
  func diff() throws -> [String] {
    try inNamespace(namespace.name) {
      let session = try session()
      return try session.plan(from: session.observe(), prune: prunes).changes.map(\.words)
    }
  }

  /// Carries the plan out and proves it, as `apply` does; what was planned is returned.
  func apply() throws -> [String] {
    try inNamespace(namespace.name) {
      let session = try session()
      let before = try session.observe()
      let plan = try session.plan(from: before, prune: prunes)
      let run = ChangeRun(session: session, observed: before.state, NodeEvents { _ in }) {
        observed throws(NodeFailure) in
        try session.plan(from: observed, prune: prunes)
      }
      do throws(RunEnd) {
        _ = try run.carryOut(plan, graceful: nil, keepsPartial: true)
      } catch {
        throw CommandFailure(description: error.failure.message.text)
      }
      return plan.changes.map(\.words)
    }
  }

  private func session() throws -> NodeSession { try NodeSession(file, named: name, role: role) }
}

extension Change {
  fileprivate var words: String { "\(action.rawValue) \(kind) \(id)" }
}
