import LVSModel

/// Which node of a file this machine is to be, and in which role.
public struct NodeRequest: Equatable, Sendable {
  /// The node's name, or nil for the one whose address this machine holds.
  public var name: String?
  /// Whether it is that node also where this machine holds an address of another one.
  public var isForced: Bool
  /// The role that is asked for.
  public var role: RoleRequest

  /// Creates a request; as it is by itself this machine finds itself, in the role that the file says or that is remembered.
  public init(name: String? = nil, isForced: Bool = false, role: RoleRequest = .auto) {
    self.name = name
    self.isForced = isForced
    self.role = role
  }
}
