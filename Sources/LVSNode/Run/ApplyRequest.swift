import LVSConfig
import LVSModel
import LVSPlan

/// What an apply is to do.
public struct ApplyRequest: Sendable {
  /// The file, as it was read and checked.
  public var file: ClusterFile
  /// Which node of it this machine is.
  public var node = NodeRequest()
  /// Whether services go whose VIP or fwmark the file does not name.
  public var prunes = false
  /// Whether a file of another cluster than before is taken, and what that one put here goes.
  public var replaces = false
  /// Whether addresses of the file that somebody added by hand are signed as lvsctl's.
  public var adopts = false
  /// Whether what was done before a refused step stays.
  public var keepsPartial = false
  /// Whether VIPs are taken without asking the network first.
  public var takesOver = false
  /// Whether neighbours are told again of the VIPs that this node holds.
  public var announces = false
  /// For how many seconds real servers that leave may end their connections; nil for none, without a wait.
  public var gracefulSeconds: Double?
  /// Within how many seconds it has to be confirmed; nil where it has not.
  public var confirmationSeconds: Double?
  /// What is left as it is, whatever the file says: another program is at it.
  public var withheld: Set<Subject> = []
  /// Whether what there is to say of the node beyond the plan, and the connections that it cuts, are looked for.
  public var examines = true
  /// What is known of the health of its real servers, in the place of what is kept of it on this machine; nil for that.
  public var verdicts: [CheckRule: Verdict]?
  /// For how many seconds another lvsctl is waited for.
  public var lockSeconds = 10.0

  /// A plain apply of a file.
  public init(_ file: ClusterFile) { self.file = file }
}

/// What has come of an apply that reached its end: the node is what the file says, read back from the kernel.
public struct ApplyOutcome: Sendable {
  /// What was to be done, and what there is to say of the node.
  public var report: NodePlan
  /// The steps that were done, those of later rounds too.
  public var done: [Change]
  /// How many VIPs were announced that anybody could hear of; nil where nobody asked for it.
  public var announced: Int?
}
