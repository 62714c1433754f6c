import Glibc

extension Namespace {
  /// Where `lvsctl` finds what it remembers of this machine.
  var stateDirectory: String { "/run/state-\(name)" }

  /// Starts `lvsctl COMMAND FILE OPTIONS…` on this machine, beside the test; `prefix` are the words before it.
  func startLvsctl(_ command: String, _ cluster: String, _ options: String..., prefix: [String] = []) throws
    -> RunningCommand
  {
    let file = "/run/cluster-\(name)-\(try runNumber()).conf"
    try write(cluster, to: file)
    return try RunningCommand(
      prefix + [lvsctlPath, command, file] + options, in: name, environment: ["LVSCTL_STATE_DIR=\(stateDirectory)"])
  }

  /// Runs `lvsctl confirm` on this machine.
  @discardableResult
  func confirm(prefix: [String] = []) throws -> Outcome { try run(prefix + [lvsctlPath, "confirm"]) }

  /// How often a socket with this abstract name is there: once for who listens, once for each who waits to be accepted.
  func sockets(named name: String) throws -> Int {
    try inNamespace(self.name) { try read("/proc/thread-self/net/unix").lines.count { $0.words.last == "@\(name)" } }
  }

  /// Starts an apply and waits until it is done and waits for a confirmation.
  func startUnconfirmed(_ cluster: String, within seconds: Int, prefix: [String] = []) throws -> RunningCommand {
    let apply = try startLvsctl("apply", cluster, "--confirm-within", "\(seconds)", prefix: prefix)
    try eventually("apply waits for a confirmation") { try sockets(named: "lvsctl.confirm") > 0 }
    return apply
  }

  /// A different file for every run, as two of them may be read at the same time.
  private func runNumber() throws -> Int {
    Self.runs += 1
    return Self.runs
  }

  // One test at a time uses it: RealKernel is serialized.
  nonisolated(unsafe) private static var runs = 0
}
