import Glibc

/// A machine of a running test network: a network namespace.
package struct Namespace {
  /// What the test calls it.
  package let machine: String
  /// What `ip netns` calls it: the same in no two networks.
  package let name: String

  /// Runs a command in the namespace.
  @discardableResult
  package func run(_ command: String..., input: String = "", environment: [String] = []) throws -> Outcome {
    try run(command, input: input, environment: environment)
  }

  @discardableResult
  package func run(_ command: [String], input: String = "", environment: [String] = []) throws -> Outcome {
    try LVSSandbox.run(command, in: name, input: input, environment: environment)
  }

  /// Runs the words of a command line that a test relies on; there is no shell and no quoting.
  @discardableResult
  package func succeed(_ commandLine: String, input: String = "") throws -> Outcome {
    try LVSSandbox.succeed(commandLine.words, in: name, input: input)
  }

  /// Runs `ip` command lines, without the word `ip`, that a test relies on.
  package func ip(_ commandLines: String...) throws {
    try LVSSandbox.succeed(["ip", "-batch", "-"], in: name, input: commandLines.joined(separator: "\n") + "\n")
  }

  /// Starts a command in the namespace that runs beside the test.
  package func start(_ command: String...) throws -> RunningCommand {
    try RunningCommand(command, in: name)
  }

  /// The value of a sysctl, by its path below /proc/sys: a dot in an interface's name stays a dot.
  package func sysctl(_ path: String) throws -> String {
    try inNamespace(name) { try read("/proc/sys/\(path)").trimmed }
  }

  /// Sets a sysctl, by its path below /proc/sys.
  package func setSysctl(_ path: String, _ value: Int) throws {
    try inNamespace(name) { try write("\(value)", to: "/proc/sys/\(path)") }
  }
}

/// setns(2), which the Glibc module leaves out because its header shows it to _GNU_SOURCE alone.
private let setns: (@convention(c) (Int32, Int32) -> Int32)? = {
  guard let symbol = dlsym(nil, "setns") else { return nil }
  return unsafeBitCast(symbol, to: (@convention(c) (Int32, Int32) -> Int32).self)
}()

/// Runs `body` with this thread in the network namespace of that name, or where it is when there is none.
///
/// It spares every command the start of `ip netns exec`, which is what takes time in user-mode Linux.
package func inNamespace<Result>(_ name: String?, _ body: () throws -> Result) throws -> Result {
  guard let name else { return try body() }
  let home = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC)
  guard home >= 0 else { throw FileFailure("/proc/thread-self/ns/net") }
  defer { close(home) }
  let there = open("/run/netns/\(name)", O_RDONLY | O_CLOEXEC)
  guard there >= 0 else { throw FileFailure("/run/netns/\(name)") }
  defer { close(there) }
  let networkNamespace: Int32 = 0x4000_0000  // CLONE_NEWNET, sched.h
  guard let setns, setns(there, networkNamespace) == 0 else { throw FileFailure("setns to \(name)") }
  defer {
    // A thread that cannot go home would run other tests in this namespace.
    if setns(home, networkNamespace) != 0 { fatalError("setns: the thread cannot leave \(name)") }
  }
  return try body()
}
