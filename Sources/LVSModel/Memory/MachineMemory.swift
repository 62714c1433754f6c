/// What lvsctl has to remember of a machine (its network namespace) between runs: the kernel has no mark for it.
///
/// It belongs to the machine and not to names in a file: a node that was renamed, or has left the file, can still be torn
/// down by it.
public struct MachineMemory: Equatable, Sendable {
  /// The cluster that this machine was last brought to, nil before the first apply.
  public var cluster: String?
  /// The node it was then.
  public var node: String?
  /// The role it had then, as ``Node/roleWord`` says it.
  public var lastRole: String?
  /// The role that `--role` asked for and that a later apply keeps, or nil for the file's own word.
  public var role: RoleRequest?
  /// Sysctl → its value before lvsctl first set it.
  public var sysctls: [String: String] = [:]
  /// Sysctls that a run holds for its own time → what it sets them back to at its end; what is here after one was killed
  /// is still to be set back.
  public var transientSysctls: [String: String] = [:]
  /// Connection timeouts before lvsctl first set them; those it never set are nil.
  public var timeouts = Timeouts()
  /// The sync daemons that ran before lvsctl first started or stopped one; nil where it never did.
  public var syncDaemons: [SyncRole: SyncDaemon]?
  /// The sync daemon as the file last asked for it: a key that leaves the file goes back to the kernel's default.
  public var sync: SyncDaemon?
  /// Network devices that were down, or not there, before lvsctl brought them up.
  public var devices: Set<String> = []
  /// VIPs whose services are lvsctl's.
  public var vips: Set<IPAddress> = []
  /// Firewall marks whose services are lvsctl's.
  public var fwmarks: Set<ServiceID> = []

  /// Creates the memory of nothing.
  public init() {}

  /// What still holds after the machine's next start: who it is. What it held is gone with the old kernel.
  public var lasting: MachineMemory {
    var lasting = MachineMemory()
    lasting.cluster = cluster
    lasting.node = node
    lasting.lastRole = lastRole
    lasting.role = role
    return lasting
  }
}
