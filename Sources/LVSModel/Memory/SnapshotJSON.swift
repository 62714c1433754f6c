import LVSText

/// The live state of a node as `lvsctl snapshot` prints it and `diff --against` reads it.
package struct Snapshot: Equatable, Sendable {
  /// The cluster's name, nil where no file was at hand.
  package var cluster: String?
  /// The node's name in the file.
  package var node: String?
  /// The node's role by the file.
  package var role: String?
  /// What the node holds, of what any file could be about.
  package var state: HostState
  /// Sysctls that the node has and whose value is not told.
  package var withheldSysctls: Set<String>
  /// What apply remembers of the node.
  package var memory: MachineMemory

  /// Creates a snapshot.
  package init(
    cluster: String? = nil, node: String? = nil, role: String? = nil, state: HostState,
    withheldSysctls: Set<String> = [], memory: MachineMemory = MachineMemory()
  ) {
    self.cluster = cluster
    self.node = node
    self.role = role
    self.state = state
    self.withheldSysctls = withheldSysctls
    self.memory = memory
  }

  /// Whose sysctls a snapshot holds: those that a cluster file names without further leave.
  package static let sysctlFolders = SysctlName.clusterFolders

  /// Whether the snapshot tells the value of a sysctl, or that the node does not have it.
  package func tells(_ sysctl: String) -> Bool {
    if withheldSysctls.contains(sysctl) { return false }
    return state.sysctls[sysctl] != nil || Self.sysctlFolders.contains { sysctl.hasPrefix("\($0).") }
  }

  /// The document: everything in a fixed order, so that two snapshots of one state are the same bytes.
  package var json: JSONText.Value {
    .object([
      ("format_version", .integer(1)),
      ("cluster", optional(cluster)),
      ("node", optional(node)),
      ("role", optional(role)),
      ("modules", .array(state.modules.sorted().map(JSONText.Value.string))),
      ("sysctls", .object(state.sysctls.sorted { $0.key < $1.key }.map { ($0, .string($1)) })),
      ("sysctls_withheld", .array(withheldSysctls.sorted().map(JSONText.Value.string))),
      ("links", .object(state.links.sorted { $0.key < $1.key }.map { ($0, JSONText.Value($1.fields)) })),
      ("addresses", .array(state.addresses.sorted { $0.key < $1.key }.map(addressJSON))),
      ("routes", .array(state.routes.sorted { $0.key < $1.key }.map(routeJSON))),
      ("timeouts", JSONText.Value(state.timeouts.fields.filter { !$0.isDefault })),
      ("sync_daemons", syncDaemonsJSON(state.syncDaemons)),
      ("services", .maps(state.services.keys.sorted()) { serviceJSON($0, state.services[$0]) }),
      ("managed", memoryJSON),
    ])
  }

  /// What of it is not remembered is left out.
  private var memoryJSON: JSONText.Value {
    var members: [(String, JSONText.Value)] = [
      ("vips", .array(memory.vips.sorted().map { .string($0.description) })),
      ("fwmarks", .array(memory.fwmarks.sorted().map { .object(name($0)) })),
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
    if let daemons = memory.syncDaemons { members.append(("sync_daemons", syncDaemonsJSON(daemons))) }
    if let sync = memory.sync { members.append(("sync", JSONText.Value(sync.fields.filter { !$0.isDefault }))) }
    return .object(members)
  }

  private func syncDaemonsJSON(_ daemons: [SyncRole: SyncDaemon]) -> JSONText.Value {
    .object(
      daemons.sorted { $0.key < $1.key }.map { role, daemon in
        (role.word, JSONText.Value(daemon.fields.filter { !$0.isDefault }))
      })
  }

  private func optional(_ text: String?) -> JSONText.Value { text.map(JSONText.Value.string) ?? .null }

  private func addressJSON(_ id: AddressID, _ settings: AddressSettings) -> JSONText.Value {
    .object([
      ("address", .string(id.address.description)),
      ("prefix_length", .integer(Int(id.prefixLength))),
      ("interface", .string(id.interface)),
      ("label", settings.label.map(JSONText.Value.string) ?? .null),
      ("protocol", .integer(Int(settings.mark))),
    ])
  }

  private func routeJSON(_ id: RouteID, _ settings: RouteSettings) -> JSONText.Value {
    .object([
      ("destination", .string(id.destination.description)),
      ("prefix_length", .integer(Int(id.prefixLength))),
      ("interface", .string(id.interface)),
      ("protocol", .integer(Int(settings.mark))),
    ])
  }

  private func name(_ id: ServiceID) -> [(String, JSONText.Value)] {
    switch id {
    case .address(let proto, let vip, let port):
      [("vip", .string(vip.description)), ("port", .integer(Int(port))), ("protocol", .string(proto.word))]
    case .fwmark(let mark, let family): [("fwmark", .integer(Int(mark))), ("family", .string(family.word))]
    }
  }

  private func serviceJSON(_ id: ServiceID, _ service: VirtualService?) -> JSONText.Value {
    let settings = service?.settings.fields ?? []
    let servers = service?.realServers ?? [:]
    return .object(
      name(id) + settings.filter { !$0.isDefault }.map { ($0.name, JSONText.Value($0.value)) }
        + [("real_servers", .maps(servers.sorted { $0.key < $1.key }) { serverJSON($0.key, $0.value) })])
  }

  private func serverJSON(_ id: RealServerID, _ settings: RealServerSettings) -> JSONText.Value {
    .object(
      [("address", .string(id.address.description)), ("port", .integer(Int(id.port)))]
        + settings.fields.filter { !$0.isDefault }.map { ($0.name, JSONText.Value($0.value)) })
  }
}
