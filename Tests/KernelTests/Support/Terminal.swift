extension PseudoTerminal {
  /// Starts a command on a machine, as an operator there would.
  convenience init(_ command: [String], in machine: Namespace, columns: UInt16 = 80, rows: UInt16 = 24) throws {
    try self.init(
      command,
      environment: [
        "TERM=xterm", "NO_COLOR=1", "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
        "LVSCTL_STATE_DIR=\(machine.stateDirectory)",
      ], columns: columns, rows: rows,
      place: { start in try inNamespace(machine.name) { start() } })
  }
}
