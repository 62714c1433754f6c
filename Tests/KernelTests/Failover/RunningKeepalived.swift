import Glibc
import LVSSystem

/// A keepalived on a machine of the test, for VRRP alone; it ends with the test.
final class RunningKeepalived {
  private let node: Namespace
  private let path: String
  private var process: RunningCommand
  /// What earlier ones in its place said.
  private var former = ""

  /// Writes the configuration and starts keepalived with it.
  init(_ node: Namespace, _ configuration: String) throws {
    self.node = node
    path = "/run/keepalived-\(node.name).conf"
    try write(configuration, to: path)
    process = try Self.start(node, path)
  }

  deinit { process.stop() }

  /// What was logged since the test began.
  var log: String { former + process.output + process.errors }

  private static func start(_ node: Namespace, _ path: String) throws -> RunningCommand {
    let files = [("-p", "\(path).pid"), ("-r", "\(path).vrrp.pid")]
    for (_, file) in files { unlink(file) }
    return try RunningCommand(
      ["keepalived", "--vrrp", "--dont-fork", "--log-console", "-f", path] + files.flatMap { [$0, $1] }, in: node.name,
      environment: ["LVSCTL_STATE_DIR=\(node.stateDirectory)"])
  }

  /// Kills all of its processes at once: nobody is left who would take the VIP away.
  func kill() { process.stop() }

  /// Ends it in good order.
  func end() {
    Glibc.kill(process.pid, SIGTERM)
    _ = process.wait(limit: 20)
  }

  /// Starts another one in the place of one that was killed, as a service manager does.
  func startAgain() throws {
    former = log
    process = try Self.start(node, path)
  }

  /// Stops all of its processes where they are, or lets them go on.
  func setFrozen(_ isFrozen: Bool) { Glibc.kill(-process.pid, isFrozen ? SIGSTOP : SIGCONT) }
}
