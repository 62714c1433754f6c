import LVSConfig
import LVSKernel
import LVSModel
import LVSNode
import LVSSandbox
import LVSSystem
import LVSText

/// What a kernel has to have for machines and networks, beside IPVS itself, which apply loads.
struct KernelParts {
  private let needed: [String]
  /// Those without which a part is left out.
  private let wanted: [String]

  init(_ topology: Topology, _ files: [ClusterFile]) {
    let services = files.flatMap(\.services)
    var needed = ["veth", "bridge"]
    if topology.stations.contains(where: { !$0.dummies.isEmpty }) { needed.append("dummy") }
    // Each scheduler is a module of its own, and not every kernel has all of them.
    needed += Set(services.map { "ip_vs_\($0.settings.scheduler.name)" }).sorted()
    if topology.segments.contains(where: { $0.prefixes.contains { $0.family == .ipv6 } }) { needed.append("ipv6") }
    self.needed = needed
    wanted = (needed.contains("ipv6") ? [] : ["ipv6"]) + (services.contains { $0.id.isSCTP } ? ["sctp"] : [])
  }

  /// Loads what is not there; throws where the kernel cannot have it.
  func load() throws(NodeFailure) {
    for name in needed {
      guard let refusal = refusal(of: name) else { continue }
      throw NodeFailure(
        .noIPVS,
        """
        The rehearsal needs the kernel module \(name), and this kernel has none: \(refusal). Install the kernel's full \
        module package, or rehearse on another kernel: --kernel uml, --kernel namespaces.
        """)
    }
    for name in wanted { _ = refusal(of: name) }
  }

  private func refusal(of name: String) -> SystemError? {
    guard let module = KernelModule(name), !module.isLoaded else { return nil }
    do {
      try module.load()
      return nil
    } catch {
      return error
    }
  }
}

extension ServiceID {
  fileprivate var isSCTP: Bool { if case .address(.sctp, _, _) = self { true } else { false } }
}
