import Glibc

/// A machine of a running test network: a network namespace.
struct Namespace {
  /// What the test calls it.
  let machine: String
  /// What `ip netns` calls it: the same in no two networks.
  let name: String

  /// Runs a command in the namespace.
  @discardableResult
  func run(_ command: String..., input: String = "", environment: [String] = []) throws -> Outcome {
    try run(command, input: input, environment: environment)
  }

  @discardableResult
  func run(_ command: [String], input: String = "", environment: [String] = []) throws -> Outcome {
    try KernelTests.run(["ip", "netns", "exec", name] + command, input: input, environment: environment)
  }

  /// Runs the words of a command line that a test relies on; there is no shell and no quoting.
  @discardableResult
  func succeed(_ commandLine: String, input: String = "") throws -> Outcome {
    try KernelTests.succeed(["ip", "netns", "exec", name] + commandLine.words, input: input)
  }

  /// Starts a command in the namespace that runs beside the test.
  func start(_ command: String...) throws -> RunningCommand {
    try RunningCommand(["ip", "netns", "exec", name] + command)
  }

  /// The page at an address of port 80, without blanks at the end; nil where none came within two seconds.
  func get(_ address: String, port: Int = 80) throws -> String? {
    let host = address.contains(":") ? "[\(address)]" : address
    let outcome = try run("curl", "--silent", "--fail", "--globoff", "--max-time", "2", "http://\(host):\(port)/")
    return outcome.status == 0 ? outcome.output[...].trimmed : nil
  }

  /// How many of `count` requests got which answer; "none" counts those without.
  func answers(from address: String, count: Int, port: Int = 80) throws -> [String: Int] {
    var answers: [String: Int] = [:]
    for _ in 0..<count {
      answers[try get(address, port: port) ?? "none", default: 0] += 1
    }
    return answers
  }

  /// The hardware address of an interface.
  func hardwareAddress(_ interface: String = "ens33") throws -> String? {
    try json("link", "show", interface).elements.first?["address"].string
  }

  /// The hardware address that the machine's neighbour table has for an address.
  func neighbour(_ address: String) throws -> String? {
    try json("neigh", "show", address).elements.first?["lladdr"].string
  }

  /// What `ip -json` says.
  func json(_ arguments: String...) throws -> JSON {
    let text = try KernelTests.succeed(["ip", "-n", name, "-json"] + arguments).output
    return try text.lines.isEmpty ? [] : JSON(text)
  }
}
