import LVSConfig
import LVSModel

/// What of a node's part a machine can have while it boots, before its network is up and lvsctl runs.
///
/// A real server whose network comes up before its ARP sysctls are set answers for the VIP, until they are.
public struct BootSettings: Sendable {
  /// The cluster.
  public var cluster: String
  /// The node.
  public var node: String
  /// Its role, as in ``NodePlan/role``; nil where it has no part now.
  public var role: String?
  /// Its sysctls in the order in which they are to be set: forwarding moves others.
  public var sysctls: [(name: String, value: String)]
  /// The modules that it needs, sorted.
  public var modules: [String]

  /// What a target has of it.
  public init(cluster: String, node: String, role: String?, _ target: Target) {
    self.cluster = cluster
    self.node = node
    self.role = role
    modules = target.state.modules.sorted()
    let sorted = target.state.sysctls.sorted { $0.key < $1.key }
    let ordered = sorted.filter { ForwardingSysctl($0.key) != nil } + sorted.filter { ForwardingSysctl($0.key) == nil }
    sysctls = ordered.map { (name: $0.key, value: $0.value) }
  }
}
