import CSystem
import Glibc
import LVSSystem

/// A machine of a running network: a network namespace.
public struct Namespace: Sendable {
  /// What its network calls it.
  public let machine: String
  /// What `ip netns` calls it: the same in no two networks.
  public let name: String

  /// Runs a command in the namespace.
  @discardableResult
  public func run(_ command: String..., input: String = "", environment: [String] = []) throws -> Outcome {
    try run(command, input: input, environment: environment)
  }

  @discardableResult
  public func run(_ command: [String], input: String = "", environment: [String] = []) throws -> Outcome {
    try LVSSandbox.run(command, in: name, input: input, environment: environment)
  }

  /// Runs the words of a command line that is relied on; there is no shell and no quoting.
  @discardableResult
  public func succeed(_ commandLine: String, input: String = "") throws -> Outcome {
    try LVSSandbox.succeed(commandLine.words, in: name, input: input)
  }

  /// Runs `ip` command lines, without the word `ip`, that are relied on.
  public func ip(_ commandLines: String...) throws { try ip(commandLines) }

  /// The same with lines from a list.
  public func ip(_ commandLines: [String]) throws {
    try LVSSandbox.succeed(["ip", "-batch", "-"], in: name, input: commandLines.joined(separator: "\n") + "\n")
  }

  /// Starts a command in the namespace that runs beside its starter.
  public func start(_ command: String...) throws -> RunningCommand {
    try RunningCommand(command, in: name)
  }

  /// The value of a sysctl, by its path below /proc/sys: a dot in an interface's name stays a dot.
  public func sysctl(_ path: String) throws -> String {
    try inNamespace(name) { String(decoding: try contents(of: "/proc/sys/\(path)"), as: UTF8.self).trimmed }
  }

  /// Sets a sysctl, by its path below /proc/sys.
  public func setSysctl(_ path: String, _ value: Int) throws {
    try inNamespace(name) { try writeAtOnce(Array("\(value)".utf8), to: "/proc/sys/\(path)") }
  }
}

/// Runs `body` with this thread in the network namespace of that name, or where it is when there is none.
///
/// It spares every command the start of `ip netns exec`, which is what takes time in user-mode Linux. A thread that cannot
/// go home is an error, whatever `body` did: what it does next would be done to another machine.
public func inNamespace<Result>(_ name: String?, _ body: () throws -> Result) throws -> Result {
  guard let name else { return try body() }
  let home = try NamespaceFile("/proc/thread-self/ns/net")
  let there = try NamespaceFile("/run/netns/\(name)")
  try there.enter()
  let result = Swift.Result { try body() }
  try home.enter()
  return try result.get()
}

/// A network namespace by a file that stands for it.
private final class NamespaceFile {
  private let path: String
  private let descriptor: Int32

  init(_ path: String) throws(SystemError) {
    self.path = path
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    if descriptor < 0 { throw SystemError(errno: errno, subject: path) }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Takes this thread there.
  func enter() throws(SystemError) {
    guard csystem_setns(descriptor, Int32(CSYSTEM_CLONE_NEWNET)) == 0 else {
      throw SystemError(errno: errno, subject: "setns to \(path)")
    }
  }
}
