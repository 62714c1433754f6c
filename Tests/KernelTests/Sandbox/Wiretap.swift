import LVSSystem

/// tcpdump on an interface of a machine: the sandbox's traffic by a tool that is not its own.
final class Wiretap {
  private let process: RunningCommand

  /// Begins to listen; from its return on nothing is missed.
  init(at machine: Namespace, on interface: String = "ens33", _ filter: String) throws {
    process = try machine.start(
      "tcpdump", "--immediate-mode", "-U", "-l", "-n", "-i", interface, "-Z", "root", filter)
    try eventually("tcpdump listens") { process.errors.contains("listening on") }
  }

  deinit { process.stop() }

  /// The packets, a line each, once there are so many.
  func packets(_ count: Int) throws -> [String] {
    try eventually("tcpdump sees \(count) packets, beside \(process.output)") { process.output.lines.count >= count }
    return process.output.lines
  }
}
