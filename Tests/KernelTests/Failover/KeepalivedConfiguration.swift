extension Namespace {
  /// This director's configuration of keepalived as `lvsctl export` writes it, for a cluster file by its path.
  func keepalivedConfiguration(_ path: String) throws -> String {
    try LVSSandbox.succeed(
      [lvsctlPath, "export", "keepalived", "--vrrp", path, "--node", machine], in: name
    ).output
  }
}
