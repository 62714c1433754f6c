import LVSKernel
import LVSModel

extension Snapshot {
  /// What this whole machine holds, as the node of a file where there is one.
  public static func taken(as session: NodeSession?, _ events: NodeEvents) throws(NodeFailure) -> Snapshot {
    let kernel = session?.kernel ?? KernelConnection()
    let whole: Observed
    do {
      whole = try kernel.observe(.wholeNode)
    } catch {
      throw NodeFailure(describing: error)
    }
    let memory = session?.memory ?? .forLook(events)
    return Snapshot(
      cluster: session?.file.name, node: session?.node.name, role: session?.role, state: whole.state,
      withheldSysctls: whole.withheldSysctls, memory: memory.stored ?? MachineMemory(),
      health: try HealthSource.look(events).health(beside: memory, verdicts: nil))
  }
}
