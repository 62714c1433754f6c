/// The role an operator asks for with `--role`.
public enum RoleRequest: String, Sendable, CaseIterable {
  /// What was asked for last, else what the file says of this machine.
  case auto
  /// What the file says of this machine, whatever was asked for before.
  case file
  /// The active director, whichever director of the file this is.
  case director
  /// A standby, whichever director of the file this is.
  case standby
  /// The real server's part alone.
  case realserver
}

extension RoleRequest {
  /// Whether a later apply keeps it.
  public var isRemembered: Bool { self == .director || self == .standby }

  /// Whether it asks for nothing but what the file says.
  public var isFileOwn: Bool { self == .auto || self == .file }
}
