/// Active connections of real servers, by service.
public typealias ActiveConnections = [ServiceID: [RealServerID: UInt32]]

/// A plan in two stages: real servers that hold connections are first given no new ones, and removed later.
public struct StagedPlan: Equatable, Sendable {
  /// A real server of a service that is to run empty.
  public struct Draining: Hashable, Sendable {
    /// The service.
    public var service: ServiceID
    /// The real server.
    public var realServer: RealServerID
  }

  /// Everything that can be done at once, with a weight of 0 in the place of removals.
  public var first: [Change] = []
  /// The real servers to wait for.
  public var draining: [Draining] = []
  /// The removals.
  public var second: [Change] = []
}

extension Plan {
  /// The services of which this plan removes real servers, or which it removes.
  public var servicesWithRemovals: Set<ServiceID> {
    var services: Set<ServiceID> = []
    for change in changes where change.action == .delete {
      switch change {
      case .service(let id, _), .realServer(let id, _, _): services.insert(id)
      default: break
      }
    }
    return services
  }

  /// The plan in two stages; `active` are the connections now, `observed` is the state that the plan was made against.
  ///
  /// A VIP that leaves waits with its services: without it their connections would be cut.
  public func staged(active: ActiveConnections, observed: HostState) -> StagedPlan {
    var staged = StagedPlan()
    var waitingVIPs: Set<IPAddress> = []
    for case .service(let id, let difference) in changes where difference.after == nil {
      if let vip = id.vip, active[id, default: [:]].values.contains(where: { $0 > 0 }) { waitingVIPs.insert(vip) }
    }
    for change in changes {
      switch change {
      case .realServer(let service, let id, let difference)
      where difference.after == nil && active[service]?[id] ?? 0 > 0:
        staged.drain(service, id, difference.before)
        staged.second.append(change)
      case .service(let service, let difference)
      where difference.after == nil && active[service, default: [:]].values.contains { $0 > 0 }:
        for (id, settings) in (observed.services[service]?.realServers ?? [:]).sorted(by: { $0.key < $1.key }) {
          staged.drain(service, id, settings)
        }
        staged.second.append(change)
      case .address(let id, let difference) where difference.after == nil && waitingVIPs.contains(id.address):
        staged.second.append(change)
      default: staged.first.append(change)
      }
    }
    return staged
  }
}

extension StagedPlan {
  fileprivate mutating func drain(_ service: ServiceID, _ id: RealServerID, _ settings: RealServerSettings?) {
    draining.append(Draining(service: service, realServer: id))
    guard let settings, settings.weight != 0 else { return }
    var resting = settings
    resting.weight = 0
    first.append(.realServer(service, id, Difference(before: settings, after: resting)))
  }
}
