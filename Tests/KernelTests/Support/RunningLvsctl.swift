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
  func confirm(prefix: [String] = []) throws -> Outcome {
    try run(prefix + [lvsctlPath, "confirm"], environment: ["LVSCTL_STATE_DIR=\(stateDirectory)"])
  }

  /// The number of the namespace among those that are there.
  func number() throws -> UInt {
    var status = stat()
    guard stat("/run/netns/\(name)", &status) == 0 else { throw FileFailure("/run/netns/\(name)") }
    return status.st_ino
  }

  /// The file that this machine is remembered in.
  func memoryPath() throws -> String { "\(stateDirectory)/netns-\(try number()).json" }

  /// The file that the lock of this machine is on.
  func lockPath() throws -> String { "\(stateDirectory)/\(try number()).lock" }

  /// Who has the lock of this machine and who waits for it, by the kernel's own account (proc_locks(5)), and what its file
  /// says.
  func lock() throws -> (holders: Int, waiters: Int, text: String) {
    let path = try lockPath()
    var status = stat()
    guard stat(path, &status) == 0 else { return (0, 0, "") }
    let locks = try read("/proc/locks").lines.map(\.words).filter { words in
      words.contains("FLOCK") && words.contains { $0.hasSuffix(":\(status.st_ino)") }
    }
    let waiters = locks.count { $0.contains("->") }
    return (locks.count - waiters, waiters, try read(path).trimmed)
  }

  /// Starts an apply and waits until it is done and waits for a confirmation.
  func startUnconfirmed(_ cluster: String, within seconds: Int, prefix: [String] = []) throws -> RunningCommand {
    let apply = try startLvsctl("apply", cluster, "--confirm-within", "\(seconds)", prefix: prefix)
    try eventually("apply waits for a confirmation") { try lock().text == "\(apply.pid) awaits confirmation" }
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
