import LVSModel

extension Plan {
  /// The steps that another health alone is about: from the services that a node holds to those it would hold if they were
  /// as the target says in what differs from an earlier target, and for some real servers in their weight in any case.
  ///
  /// Nothing else is touched: a real server that is not there and was to be stays away, and of one that is there only the
  /// weight is set. Those that come and weights come before those that leave.
  public static func healthSteps(
    from former: Target, to wanted: Target, of observed: HostState, weighing named: [ServiceID: Set<RealServerID>]
  ) -> Plan {
    var plan = Plan()
    for id in observed.services.keys.sorted() {
      guard let live = observed.services[id]?.realServers, let service = wanted.state.services[id],
        let before = former.state.services[id]?.realServers
      else { continue }
      let after = service.realServers
      let named = named[id] ?? []
      if before == after && named.isEmpty { continue }
      let isExternal = wanted.externallyWeighted.contains(id)
      var removals: [Change] = []
      for server in Set(before.keys).union(after.keys).sorted()
      where before[server] != after[server] || named.contains(server) {
        guard let settings = after[server] else {
          if let found = live[server] {
            removals.append(.realServer(id, server, Difference(before: found, after: nil)))
          }
          continue
        }
        guard let found = live[server] else {
          if before[server] == nil {
            plan.changes.append(.realServer(id, server, Difference(before: nil, after: settings)))
          }
          continue
        }
        // Whoever owns the weights may have given it one already, or another one.
        if isExternal && settings.weight > 0 && found.weight > 0 { continue }
        var weighted = found
        weighted.weight = settings.weight
        if weighted != found {
          plan.changes.append(.realServer(id, server, Difference(before: found, after: weighted)))
        }
      }
      plan.changes += removals
    }
    return plan
  }
}
