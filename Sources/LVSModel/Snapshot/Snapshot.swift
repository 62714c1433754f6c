import LVSText

/// The live state of a node as `lvsctl snapshot` prints it and `diff --against` reads it.
public struct Snapshot: Equatable, Sendable {
  /// The cluster's name, nil where no file was at hand.
  public var cluster: String?
  /// The node's name in the file.
  public var node: String?
  /// The node's role by the file.
  public var role: String?
  /// What the node holds, of what any file could be about.
  public var state: HostState
  /// Sysctls that the node has and whose value is not told.
  public var withheldSysctls: Set<String>
  /// What apply remembers of the node.
  public var memory: MachineMemory
  /// What is kept there of the health of real servers.
  public var health: Health

  /// Creates a snapshot.
  public init(
    cluster: String? = nil, node: String? = nil, role: String? = nil, state: HostState,
    withheldSysctls: Set<String> = [], memory: MachineMemory = MachineMemory(), health: Health = Health()
  ) {
    self.cluster = cluster
    self.node = node
    self.role = role
    self.state = state
    self.withheldSysctls = withheldSysctls
    self.memory = memory
    self.health = health
  }

  /// Whose sysctls a snapshot holds: those that a cluster file names without further leave.
  public static let sysctlFolders = SysctlName.clusterFolders

  /// Whether the snapshot tells the value of a sysctl, or that the node does not have it.
  public func tells(_ sysctl: String) -> Bool {
    if withheldSysctls.contains(sysctl) { return false }
    return state.sysctls[sysctl] != nil || Self.sysctlFolders.contains { sysctl.hasPrefix("\($0).") }
  }

  /// The document: everything in a fixed order, so that two snapshots of one state are the same bytes.
  public var json: JSONText.Value {
    var members: [(String, JSONText.Value)] = [
      ("format_version", .integer(1)), ("cluster", optional(cluster)), ("node", optional(node)),
      ("role", optional(role)),
    ]
    members += state.json(withheldSysctls: withheldSysctls)
    return .object(members + [("managed", memoryJSON)])
  }

  /// What of it is not remembered is left out.
  private var memoryJSON: JSONText.Value {
    var members: [(String, JSONText.Value)] = [
      ("vips", .array(memory.vips.sorted().map { .string($0.description) })),
      ("fwmarks", .array(memory.fwmarks.sorted().map { .object($0.json) })),
    ]
    if let cluster = memory.cluster { members.append(("cluster", .string(cluster))) }
    if let node = memory.node { members.append(("node", .string(node))) }
    if let role = memory.role { members.append(("role", .string(role.rawValue))) }
    if !memory.sysctls.isEmpty {
      members.append(("sysctls", .object(memory.sysctls.sorted { $0.key < $1.key }.map { ($0, .string($1)) })))
    }
    if !memory.devices.isEmpty {
      members.append(("devices", .array(memory.devices.sorted().map(JSONText.Value.string))))
    }
    if memory.timeouts != Timeouts() {
      members.append(("timeouts", JSONText.Value(memory.timeouts.fields.filter { !$0.isDefault })))
    }
    if let daemons = memory.syncDaemons { members.append(("sync_daemons", .object(daemons.json))) }
    if let sync = memory.sync { members.append(("sync", JSONText.Value(sync.fields.filter { !$0.isDefault }))) }
    if !health.drains.isEmpty { members.append(("drains", health.drainsJSON)) }
    if !health.verdicts.isEmpty { members.append(("verdicts", health.verdictsJSON)) }
    return .object(members)
  }

  private func optional(_ text: String?) -> JSONText.Value { text.map(JSONText.Value.string) ?? .null }
}
