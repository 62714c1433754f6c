import LVSConfig
import LVSModel
import LVSText

/// A plan with what a reader has to know to understand it.
package struct NodePlan: Equatable, Sendable {
  /// The cluster's name.
  package var cluster: String
  /// The node's name.
  package var node: String
  /// The node's role: `director`, `standby`, `realserver`, or two of them joined by `+`; nil for a machine that the file
  /// does not name, and whose last role is not remembered.
  package var role: String?
  /// The plan.
  package var plan: Plan
  /// Names of real servers by address, for readers.
  package var serverNames: [IPAddress: String]
  /// The open connections of what is removed, where they are known.
  package var open: OpenConnections
  /// Whether removals wait for these connections; otherwise they cut them.
  package var waits: Bool
  /// What there is to say of the node beyond the plan.
  package var findings: [Finding]

  /// Creates a node's plan.
  package init(
    cluster: String, node: String, role: String?, plan: Plan, serverNames: [IPAddress: String] = [:],
    open: OpenConnections = [:], waits: Bool = false, findings: [Finding] = []
  ) {
    self.open = open
    self.waits = waits
    self.findings = findings
    self.cluster = cluster
    self.node = node
    self.role = role
    self.plan = plan
    self.serverNames = serverNames
  }
}

extension NodePlan {
  /// The role as readers see it.
  package var roleWords: String { role ?? "none" }
}

/// How many steps of each kind a plan has.
package struct PlanSummary: Equatable, Sendable {
  /// Things that come.
  package var create = 0
  /// Things that change.
  package var update = 0
  /// Things that go.
  package var delete = 0

  /// Counts the steps of a plan.
  package init(_ changes: some Sequence<Change>) {
    for change in changes {
      switch change.action {
      case .create: create += 1
      case .update: update += 1
      case .delete: delete += 1
      }
    }
  }
}

extension Plan {
  /// How many steps of each kind there are.
  package var summary: PlanSummary { PlanSummary(changes) }
}

extension ClusterFile {
  /// Names of real servers by address.
  package var serverNames: [IPAddress: String] {
    Dictionary(realServers.flatMap { server in server.addresses.map { ($0, server.name) } }) { first, _ in first }
  }
}
