import LVSConfig
import LVSText

/// What the file says of its services, as far as it cannot work.
extension Examination {
  /// A firewall mark has no address: the real servers take its packets for the VIPs that the file lists.
  func fwmarkFindings() -> [Finding] {
    let families = Set(file.vips.map(\.address.family))
    return file.services.compactMap { service in
      guard service.id.vip == nil, !families.contains(service.id.family) else { return nil }
      let isAddressed = service.realServers.contains { member in
        guard isDirecting || member.server == node.realServer else { return false }
        return !RealServerUse(member.settings.forward).isDisjoint(with: [.direct, .tunnel])
      }
      guard isAddressed else { return nil }
      return finding(
        .fwmarkWithoutVIP, .warning, service.id.description,
        "The service \(service.id) reaches its real servers without a change of address, and the file lists no VIP that "
          + "they could hold.",
        help: "List the addresses that are marked under `vips`, or choose `forward: nat`.")
    }
  }

  /// Services that nobody serves: by the file, by the health of their real servers, or by whoever sets external weights.
  func weightFindings() -> [Finding] {
    guard isDirecting else { return [] }
    return file.services.compactMap { service in
      guard !service.isHeldExternally, !service.realServers.isEmpty else { return nil }
      switch service.weights {
      case .fixed: return fixedWeightFinding(service)
      case .external:
        guard let live = observed.services[service.id]?.realServers, !live.isEmpty,
          live.values.allSatisfy({ $0.weight == 0 })
        else { return nil }
        let drained = service.realServers.count { health.healthOfFallback($0) != nil }
        let cause: Message =
          drained == 0
          ? "" : ": \(drained) of \(service.realServers.count) in the file \(drained == 1 ? "is" : "are") drained"
        return finding(
          .noWeight, .warning, service.id.description,
          "Every real server of \(service.id) has weight 0 now\(cause), so nobody serves it.",
          help: drained == 0
            ? "Ask whoever sets the weights (`weights: external`) why."
            : "lvsctl undrain brings back what is drained; of the others, ask whoever sets the weights (`weights: external`)."
        )
      }
    }
  }

  /// That nobody serves a service whose weights are the file's.
  private func fixedWeightFinding(_ service: ClusterFile.Service) -> Finding? {
    if service.realServers.allSatisfy({ $0.settings.weight == 0 }) {
      return finding(
        .noWeight, .warning, service.id.description,
        "Every real server of \(service.id) has weight 0 in the file, so nobody serves it.",
        help: "Give one of them a weight.")
    }
    if health.isEmpty { return nil }
    guard health.realServers(of: service).values.allSatisfy({ $0.weight == 0 }) else { return nil }
    var down: [String] = []
    var drained: [String] = []
    for member in service.realServers {
      let isFallback = service.health.hasFallback && member.id == service.fallback?.id
      let found = isFallback ? health.healthOfFallback(member) : health.health(of: member, in: service)
      switch found?.state {
      case .down?: down.append(file.realServers[member.server].name)
      case .drained?: drained.append(file.realServers[member.server].name)
      case .up?, .unknown?, nil: break
      }
    }
    var causes: [Message] = []
    if !down.isEmpty { causes.append("\(listed(down, atMost: 5)) \(down.count == 1 ? "is" : "are") down") }
    if !drained.isEmpty { causes.append("\(listed(drained, atMost: 5)) \(drained.count == 1 ? "is" : "are") drained") }
    let others = service.realServers.count - down.count - drained.count
    if others > 0 { causes.append("\(others) \(others == 1 ? "has" : "have") weight 0 in the file") }
    return finding(
      .noWeight, .warning, service.id.description,
      "Nobody serves \(service.id): \(causes.joined(separator: ", ")).",
      help: drained.isEmpty
        ? "lvsctl status says since when, and why." : "lvsctl undrain brings back what is drained.")
  }

  /// Services of which fewer real servers are up than the file says that it takes.
  func quorumFindings() -> [Finding] {
    guard isDirecting else { return [] }
    return file.services.compactMap { service in
      guard service.isChecked, let found = health.health(of: service), !found.isUp else { return nil }
      var causes: [Message] = []
      if found.down > 0 { causes.append("\(found.down) \(found.down == 1 ? "is" : "are") down") }
      if found.drained > 0 { causes.append("\(found.drained) \(found.drained == 1 ? "is" : "are") drained") }
      let cause: Message = causes.isEmpty ? "" : ", since \(causes.joined(separator: " and "))"
      return finding(
        .belowQuorum, .error, service.id.description,
        """
        The service \(service.id) does not count as up: it takes \(counted(found.quorum, "real server")), and \
        \(found.up == 0 ? "none" : String(found.up)) of \(found.up + found.down + found.drained) \
        \(found.up > 1 ? "are" : "is") up\(cause).
        """,
        facts: [Finding.Fact("up", String(found.up)), Finding.Fact("quorum", String(found.quorum))],
        help: "lvsctl status says of each real server since when it is so, and why.")
    }
  }
}
