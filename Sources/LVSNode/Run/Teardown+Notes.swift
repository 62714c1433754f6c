import LVSModel
import LVSPlan
import LVSText

extension TeardownRequest {
  /// Says what stays because nobody knows what it was.
  func tellForgotten(
    _ target: Target, _ observed: HostState, _ part: MachineMemory?, _ events: NodeEvents
  ) {
    let raised = target.state.links.keys.filter { part == nil && observed.links[$0]?.isUp == true }
    if !raised.isEmpty {
      events.note(
        """
        Whether these devices were up before the first apply is not remembered, so they are left up: \
        \(raised.sorted().joined(separator: ", ")).
        """)
    }
    let forgotten = target.state.sysctls.keys.filter { part?.sysctls[$0] == nil && observed.sysctls[$0] != nil }
    if !forgotten.isEmpty {
      events.note(
        """
        What these sysctls were before the first apply is not remembered, so they are left as they are: \
        \(forgotten.sorted().joined(separator: ", ")).
        """)
    }
  }

  /// Says which sysctls keep this machine mute to ARP, and for which VIPs.
  func tellWithheld(_ plan: Plan, _ target: Target, _ observed: HostState, _ events: NodeEvents) {
    guard !plan.withheld.isEmpty else { return }
    let vips = target.scope.vips.union(target.scope.formerVIPs)
    let staying = observed.addresses.keys.filter { id in
      vips.contains(id.address) && id.address.family == .ipv4
        && !plan.changes.contains { $0.subject == .address(id) }
    }
    events.note(
      """
      A VIP stays on this machine that lvsctl did not add: \(staying.sorted().map(\.description).joined(separator: ", ")). \
      It would answer ARP for it, so these sysctls are left as they are: \(plan.withheld.joined(separator: ", ")). Remove \
      the address (ip addr del), and run lvsctl teardown again.
      """)
  }
}
