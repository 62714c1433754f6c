import LVSConfig
import LVSModel
import LVSText

/// The role of a machine, by what is asked for now, what was asked for before, and what the file says.
public struct RoleChoice: Equatable, Sendable {
  /// The role it has now, `.auto` where the file decides.
  public var role: RoleRequest
  /// What later runs are to know, or nil where the file decides.
  public var remembered: RoleRequest?
  /// What an operator has to know of it.
  public var note: Finding?

  /// Creates a choice.
  public init(role: RoleRequest, remembered: RoleRequest?, note: Finding? = nil) {
    self.role = role
    self.remembered = remembered
    self.note = note
  }
}

extension Machine {
  /// The role of this machine where `asked` is the word of `--role`, and `remembered` an earlier one.
  public func role(asked: RoleRequest, remembered: RoleRequest?) -> RoleChoice {
    switch asked {
    case .director, .standby: return RoleChoice(role: asked, remembered: asked)
    case .file: return RoleChoice(role: .auto, remembered: nil)
    // It limits one run, and says nothing about the director's part.
    case .realserver: return RoleChoice(role: asked, remembered: remembered)
    case .auto:
      guard let remembered else { return RoleChoice(role: .auto, remembered: nil) }
      guard director != nil else {
        return RoleChoice(
          role: .auto, remembered: nil,
          note: Finding(
            .droppedRole, .note, node: name, subject: remembered.rawValue,
            """
            The role \(remembered.rawValue), remembered from an earlier --role, is dropped: \(name) is \
            no director in the file.
            """))
      }
      return RoleChoice(
        role: remembered, remembered: remembered,
        note: Finding(
          .rememberedRole, .note, node: name, subject: remembered.rawValue,
          "The role \(remembered.rawValue) is remembered from an earlier --role; --role file forgets it."))
    }
  }
}

extension ClusterFile {
  /// Whether another program moves every VIP, so that the role of a director follows them.
  public var rolesFollowVIPs: Bool { !vips.isEmpty && vips.allSatisfy(\.isHeldExternally) }

  /// A machine in the role asked for; `held` has the interfaces of each VIP that it holds.
  ///
  /// Where another program moves every VIP, and nobody asked for a role, the director is who holds one of them: on an
  /// interface that is not the real server's, which holds them all.
  public func node(
    _ machine: Machine, role: RoleRequest, holding held: [IPAddress: Set<String>]
  ) throws(NodeMismatch) -> Node {
    var node = try node(machine, role: role)
    guard role.isFileOwn, rolesFollowVIPs, node.directing != nil else { return node }
    let server = Node(name: node.name, directing: nil, realServer: node.realServer, leavesDirectorAlone: false)
    let others = target(for: server).scope.realServerInterfaces
    let isHolder = vips.contains { vip in held[vip.address].map { !$0.isSubset(of: others) } ?? false }
    node.directing?.role = isHolder ? .director : .standby
    return node
  }
}
