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

  /// Services that nobody serves: by the file, or by whoever sets external weights.
  func weightFindings() -> [Finding] {
    guard isDirecting else { return [] }
    return file.services.compactMap { service in
      guard !service.isHeldExternally, !service.realServers.isEmpty else { return nil }
      switch service.weights {
      case .fixed:
        guard service.realServers.allSatisfy({ $0.settings.weight == 0 }) else { return nil }
        return finding(
          .noWeight, .warning, service.id.description,
          "Every real server of \(service.id) has weight 0 in the file, so nobody serves it.",
          help: "Give one of them a weight.")
      case .external:
        guard let live = observed.services[service.id]?.realServers, !live.isEmpty,
          live.values.allSatisfy({ $0.weight == 0 })
        else { return nil }
        return finding(
          .noWeight, .warning, service.id.description,
          "Every real server of \(service.id) has weight 0 now, so nobody serves it.",
          help: "Ask whoever sets the weights (`weights: external`) why.")
      }
    }
  }
}
