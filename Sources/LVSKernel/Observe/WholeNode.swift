import LVSModel
import LVSSystem

/// Everything of this machine that any cluster file could speak of.
package struct WholeNode: Equatable, Sendable {
  /// What it holds.
  package var state: HostState
  /// Sysctls that it has and whose value is not to be had.
  package var withheldSysctls: Set<String>
}

extension KernelConnection {
  /// What this machine holds, whatever file it may be compared with; changes nothing, and loads no module.
  ///
  /// Sysctls are those below net.ipv4, net.ipv6, net.core and net.netfilter; see ``SysctlTree``.
  package func observeWholeNode() throws(ObservationError) -> WholeNode {
    var query = ObservationQuery.everything
    query.modules = HostState.knownModules
    query.readsHostRoutes = true
    var state = try observe(query)
    do throws(SystemError) {
      let tree = try SysctlTree.read()
      state.sysctls = tree.values
      return WholeNode(state: state, withheldSysctls: tree.withheld)
    } catch {
      throw .system(error)
    }
  }
}
