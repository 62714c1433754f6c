import Glibc
import LVSSystem

/// An lvsctld on a machine of the test, started anew in its place as often as the test likes; it ends with the test.
final class RunningLvsctld {
  /// The machine.
  let node: Namespace
  /// The cluster file that it reads.
  let path: String
  private let options: [String]
  private let environment: [String]
  private(set) var process: RunningCommand
  /// What earlier ones in its place wrote to their logs.
  private var former = ""

  /// Writes the file and starts lvsctld with it.
  init(_ node: Namespace, _ cluster: String, _ options: [String], environment: [String]) throws {
    self.node = node
    path = "/run/kept-\(node.name).conf"
    self.options = options
    self.environment = ["LVSCTL_STATE_DIR=\(node.stateDirectory)"] + environment
    try write(cluster, to: path)
    process = try RunningCommand([lvsctldPath, path] + options, in: node.name, environment: self.environment)
  }

  deinit { process.stop() }

  /// What was logged since the test began.
  var log: String { former + process.errors }

  /// How often a text is in the log.
  func count(of text: String) -> Int { log.lines.count { $0.contains(text) } }

  /// Sends it a signal.
  func send(_ signal: Int32) { kill(process.pid, signal) }

  /// Puts another file in the place of the first, without a word to lvsctld.
  func rewrite(_ cluster: String) throws { try write(cluster, to: path) }

  /// Puts another file in the place of the first, has it read, and waits until the log says how that ended.
  func reload(_ cluster: String) throws {
    try rewrite(cluster)
    let before = count(of: path)
    send(SIGHUP)
    try eventually("lvsctld reads its file again: \(log)") {
      log.contains("\(path) ") && count(of: path) > before
    }
  }

  /// Ends it as nobody likes to be ended, and starts another one in its place.
  func killAndStartAgain() throws {
    process.stop()
    try startAgain()
  }

  /// Starts another one in the place of one that has ended.
  func startAgain() throws {
    former += process.errors
    process = try RunningCommand([lvsctldPath, path] + options, in: node.name, environment: environment)
  }
}

extension Namespace {
  /// Keeps this machine by lvsctld, and waits until it is what the file says for the first time.
  func keep(_ cluster: String, _ options: String..., environment: [String] = []) throws -> RunningLvsctld {
    let kept = try RunningLvsctld(self, cluster, options, environment: environment)
    try eventually("lvsctld at \(machine) has applied its file: \(kept.log)") {
      kept.log.contains("This node is \(machine)") || kill(kept.process.pid, 0) != 0
    }
    return kept
  }

  /// The weight of a real server of a service by ipvsadm; nil where it is not in the service.
  func weight(_ server: String, of service: String = "192.168.147.100:80") throws -> Int? {
    let line = try ipvs().first { $0.hasPrefix("-a ") && $0.contains(" \(service) -r \(server) ") }
    return line?.words.last.flatMap { Int($0) }
  }
}
