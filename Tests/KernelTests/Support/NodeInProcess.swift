import LVSConfig
import LVSKernel
import LVSModel
import LVSNode
import LVSPlan

/// A node whose apply runs inside the test, on the real kernel, in the namespace of the thread.
struct NodeInProcess {
  let target: Target

  /// The node of that name in a cluster file with this text.
  init(_ cluster: String, node: String, role: RoleRequest = .auto) throws {
    let reading = ClusterFile.read(Array(cluster.utf8))
    guard let file = reading.file else {
      throw CommandFailure(description: "\(reading.diagnostics.map(\.message)): \(cluster)")
    }
    target = file.target(for: try file.node(named: node, role: role))
  }

  func observe(_ kernel: KernelConnection = KernelConnection()) throws -> HostState {
    try kernel.observe(ObservationQuery(target)).state
  }

  /// The plan from a state, with what the file does not name pruned: a test's states follow on each other.
  func plan(from observed: HostState) throws -> Plan { try Planner.plan(target, observed: observed, prune: true) }

  /// Applies the file through a kernel connection; `afterwards` runs when the steps are done, before the proof.
  @discardableResult
  func apply(
    through kernel: KernelConnection = KernelConnection(), keepsPartial: Bool = false,
    shouldStop: @escaping () -> Bool = { false }, afterwards: @escaping () throws -> Void = {}
  ) throws -> [Change] {
    let before = try observe(kernel)
    let applier = Applier(
      sink: KernelSink(kernel),
      observe: {
        try afterwards()
        return try observe(kernel)
      }, replan: { try plan(from: $0) }, shouldStop: shouldStop)
    return try applier.apply(plan(from: before).changes, before: before, keepsPartial: keepsPartial)
  }
}

extension HostState {
  /// This state after some steps, as far as IPVS and addresses go.
  func after(_ changes: [Change]) -> HostState {
    var state = self
    for change in changes {
      switch change {
      case .service(let id, let difference):
        if let settings = difference.after {
          state.services[id, default: VirtualService(settings: settings)].settings = settings
        } else {
          state.services[id] = nil
        }
      case .realServer(let service, let id, let difference):
        state.services[service]?.realServers[id] = difference.after
      case .address(let id, let difference): state.addresses[id] = difference.after
      default: break
      }
    }
    return state
  }
}
