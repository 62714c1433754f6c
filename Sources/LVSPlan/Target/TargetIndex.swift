import LVSConfig
import LVSModel

/// What the targets of a file's nodes share, worked out in one pass.
///
/// With it the targets of all nodes take time in proportion to the file and to what the nodes hold; without it each real
/// server is looked for in every service.
public struct TargetIndex: Sendable {
  /// What every node's scope begins with.
  let scope: Scope
  /// The N of the labels `IF:N`.
  let labelNumbers: [IPAddress: Int]
  /// For each real server the VIPs it answers for.
  let served: [ServedVIPs]

  /// Works it out for a file.
  public init(_ file: ClusterFile) {
    scope = file.ownScope
    labelNumbers = file.labelNumbers
    served = file.vipsServedByEach
  }
}
