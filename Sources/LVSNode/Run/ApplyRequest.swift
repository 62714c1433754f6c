import LVSConfig
import LVSModel
import LVSPlan

/// What an apply is to do.
package struct ApplyRequest: Sendable {
  /// The file, as it was read and checked.
  package var file: ClusterFile
  /// Which node of it this machine is.
  package var node = NodeRequest()
  /// Whether services go whose VIP or fwmark the file does not name.
  package var prunes = false
  /// Whether a file of another cluster than before is taken, and what that one put here goes.
  package var replaces = false
  /// Whether addresses of the file that somebody added by hand are signed as lvsctl's.
  package var adopts = false
  /// Whether what was done before a refused step stays.
  package var keepsPartial = false
  /// Whether VIPs are taken without asking the network first.
  package var takesOver = false
  /// Whether neighbours are told again of the VIPs that this node holds.
  package var announces = false
  /// For how many seconds real servers that leave may end their connections; nil for none, without a wait.
  package var gracefulSeconds: Double?
  /// Within how many seconds it has to be confirmed; nil where it has not.
  package var confirmationSeconds: Double?
  /// For how many seconds another lvsctl is waited for.
  package var lockSeconds = 10.0

  /// A plain apply of a file.
  package init(_ file: ClusterFile) { self.file = file }
}

/// What has come of an apply that reached its end: the node is what the file says, read back from the kernel.
package struct ApplyOutcome: Sendable {
  /// What was to be done, and what there is to say of the node.
  package var report: NodePlan
  /// The steps that were done, those of later rounds too.
  package var done: [Change]
  /// How many VIPs were announced that anybody could hear of; nil where nobody asked for it.
  package var announced: Int?
}
