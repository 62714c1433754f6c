import LVSConfig
import LVSModel
import LVSText

/// A plan with what a reader has to know to understand it.
public struct NodePlan: Equatable, Sendable {
  /// The cluster's name.
  public var cluster: String
  /// The node's name.
  public var node: String
  /// The node's role: `director`, `standby`, `realserver`, or two of them joined by `+`; nil for a machine that the file
  /// does not name, and whose last role is not remembered.
  public var role: String?
  /// The plan.
  public var plan: Plan
  /// Names of real servers by address, for readers.
  public var serverNames: [IPAddress: String]
  /// Names of VIPs by address, for readers.
  public var vipNames: [IPAddress: String]
  /// Whether the node is in the file no more, so that the plan takes it apart.
  public var isRemoval: Bool
  /// The open connections of what is removed, where they are known.
  public var open: OpenConnections
  /// Whether removals wait for these connections; otherwise they cut them.
  public var waits: Bool
  /// What there is to say of the node beyond the plan.
  public var findings: [Finding]

  /// Creates a node's plan.
  public init(
    cluster: String, node: String, role: String?, plan: Plan, serverNames: [IPAddress: String] = [:],
    vipNames: [IPAddress: String] = [:], isRemoval: Bool = false,
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
    self.vipNames = vipNames
    self.isRemoval = isRemoval
  }
}

extension NodePlan {
  /// The role as readers see it.
  public var roleWords: String { (role ?? "none") + (isRemoval ? ", leaves the file" : "") }
}

/// How many steps of each kind a plan has, or several plans together.
public struct PlanSummary: Equatable, Sendable {
  /// Things that come.
  public var create = 0
  /// Things that change.
  public var update = 0
  /// Things that go.
  public var delete = 0

  /// How many steps there are.
  public var count: Int { create + update + delete }

  /// Adds the steps of another plan.
  public static func += (sum: inout PlanSummary, other: PlanSummary) {
    sum.create += other.create
    sum.update += other.update
    sum.delete += other.delete
  }

  /// Counts the steps of a plan.
  public init(_ changes: some Sequence<Change>) {
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
  public var summary: PlanSummary { PlanSummary(changes) }
}

extension ClusterFile {
  /// Names of real servers by address.
  public var serverNames: [IPAddress: String] {
    Dictionary(realServers.flatMap { server in server.addresses.map { ($0, server.name) } }) { first, _ in first }
  }
  /// Names of VIPs by address, of those that have one.
  public var vipNames: [IPAddress: String] {
    Dictionary(vips.compactMap { vip in vip.name.map { (vip.address, $0) } }) { first, _ in first }
  }
}
