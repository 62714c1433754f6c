import LVSConfig
import LVSKernel
import LVSModel
import LVSNode
import LVSPlan

/// A node whose apply runs inside the test, on the real kernel, in the namespace of the thread.
struct NodeInProcess {
  let target: Target
  private let file: ClusterFile
  private let name: String
  private let role: RoleRequest

  /// The node of that name in a cluster file with this text.
  init(_ cluster: String, node: String, role: RoleRequest = .auto) throws {
    file = try readCluster(cluster)
    name = node
    self.role = role
    target = try NodeSession(file, named: node, role: role).target
  }

  /// The node over a connection to the kernel.
  func session(_ kernel: KernelConnection = KernelConnection()) throws -> NodeSession {
    try NodeSession(file, named: name, role: role, kernel: kernel)
  }

  func observe(_ kernel: KernelConnection = KernelConnection()) throws -> HostState {
    try session(kernel).observe().state
  }

  /// The plan from a state, with what the file does not name pruned: a test's states follow on each other.
  func plan(from observed: HostState) throws -> Plan { try Planner.plan(target, observed: observed, prune: true) }

  /// Applies the file through a kernel connection; `afterwards` runs when the steps are done, before the proof.
  @discardableResult
  func apply(
    through kernel: KernelConnection = KernelConnection(), keepsPartial: Bool = false,
    shouldStop: @escaping () -> Bool = { false }, afterwards: @escaping () throws -> Void = {}
  ) throws -> [Change] {
    let session = try session(kernel)
    let before = try session.observe().state
    let applier = Applier(
      sink: KernelSink(kernel, announcing: target.announced),
      observe: {
        try afterwards()
        return try session.observe().state
      }, replan: { try plan(from: $0) }, shouldStop: shouldStop)
    return try applier.apply(plan(from: before).changes, before: before, keepsPartial: keepsPartial)
  }
}

/// A cluster file with this text; one with faults is an error that lists them.
func readCluster(_ text: String) throws -> ClusterFile {
  let reading = ClusterFile.read(Array(text.utf8))
  if let file = reading.file { return file }
  let faults = reading.diagnostics.map { "\($0.code.rawValue): \($0.message)" }
  throw CommandFailure(description: "the file is refused: \(faults.joined(separator: "; ")): \(text)")
}
