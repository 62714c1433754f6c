/// The live state of a node as `lvsctl snapshot` prints it and `diff --against` reads it.
public struct Snapshot: Equatable, Sendable {
  /// The cluster's name.
  public var cluster: String
  /// The node's name.
  public var node: String
  /// The node's role.
  public var role: String
  /// What the node holds, of what the file is about.
  public var state: HostState
  /// VIPs whose services are lvsctl's, as apply remembers them: the kernel has no mark for services.
  public var managedVIPs: Set<IPAddress>
  /// Firewall marks whose services are lvsctl's.
  public var managedFwmarks: Set<ServiceID>

  /// Creates a snapshot.
  public init(
    cluster: String, node: String, role: String, state: HostState, managedVIPs: Set<IPAddress> = [],
    managedFwmarks: Set<ServiceID> = []
  ) {
    self.cluster = cluster
    self.node = node
    self.role = role
    self.state = state
    self.managedVIPs = managedVIPs
    self.managedFwmarks = managedFwmarks
  }

  /// The document: everything in a fixed order, so that two snapshots of one state are the same bytes.
  public var json: JSONText.Value {
    .object([
      ("format_version", .integer(1)),
      ("cluster", .string(cluster)),
      ("node", .string(node)),
      ("role", .string(role)),
      ("modules", .array(state.modules.sorted().map(JSONText.Value.string))),
      ("sysctls", .object(state.sysctls.sorted { $0.key < $1.key }.map { ($0, .string($1)) })),
      ("links", .object(state.links.sorted { $0.key < $1.key }.map { ($0, JSONText.Value($1.fields)) })),
      ("addresses", .array(state.addresses.sorted { $0.key < $1.key }.map(addressJSON))),
      ("routes", .array(state.routes.sorted { $0.key < $1.key }.map(routeJSON))),
      ("timeouts", JSONText.Value(state.timeouts.fields.filter { !$0.isDefault })),
      (
        "sync_daemons",
        .object(
          state.syncDaemons.sorted { $0.key < $1.key }.map { role, daemon in
            (role.word, JSONText.Value(daemon.fields.filter { !$0.isDefault }))
          })
      ),
      ("services", .array(state.services.sorted { $0.key < $1.key }.map(serviceJSON))),
      (
        "managed",
        .object([
          ("vips", .array(managedVIPs.sorted().map { .string($0.description) })),
          ("fwmarks", .array(managedFwmarks.sorted().map { .object(name($0)) })),
        ])
      ),
    ])
  }

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

  private func serviceJSON(_ id: ServiceID, _ service: VirtualService) -> JSONText.Value {
    let servers = service.realServers.sorted { $0.key < $1.key }.map { id, settings in
      JSONText.Value.object(
        [("address", .string(id.address.description)), ("port", .integer(Int(id.port)))]
          + settings.fields.filter { !$0.isDefault }.map { ($0.name, JSONText.Value($0.value)) })
    }
    return .object(
      name(id) + service.settings.fields.filter { !$0.isDefault }.map { ($0.name, JSONText.Value($0.value)) }
        + [("real_servers", .array(servers))])
  }
}
