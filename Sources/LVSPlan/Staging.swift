import LVSModel

/// A plan in two stages: real servers that leave are first given no new connections, and removed when theirs are over.
public struct StagedPlan: Equatable, Sendable {
  /// Everything that can be done at once, with a weight of 0 in the place of removals.
  public var first: [Change] = []
  /// The real servers to wait for.
  public var draining: [Draining] = []
  /// Whether persistence binds clients to some of them, so that a weight of 0 alone does not keep new connections away.
  public var bindsClients = false
  /// The removals, and what has to wait for them.
  public var second: [Change] = []
}

extension Plan {
  /// The services of which this plan removes real servers, or which it removes.
  public var servicesWithRemovals: Set<ServiceID> {
    var services: Set<ServiceID> = []
    for change in changes where change.action == .delete {
      if let id = change.subject.service { services.insert(id) }
    }
    return services
  }

  /// The plan in two stages; `observed` is the state that it was made against.
  ///
  /// Every removal waits, also that of a real server without a connection: it may have one by the time it is removed.
  /// With the removals waits what would cut the connections: the VIPs of services that go, the VIPs that no service
  /// names where services of firewall marks lose real servers, the routes of both, and what the plan has behind a
  /// removal of sysctls that change, sync daemons that end or start, and devices that go down.
  ///
  /// A service scheduled by `sh` has its `sh-fallback` until then: without it, clients that the scheduler hashes to a
  /// real server of weight 0 are refused (ip_vs_sh_schedule).
  public func staged(observed: HostState) -> StagedPlan {
    var staged = StagedPlan()
    let waiting = WaitingVIPs(changes, observed)
    var hasRemovals = false
    /// A daemon that goes on until then keeps tunnels to the other family from coming (ip_vs_genl_set_cmd).
    var daemonsWait = false
    /// Services that stay and lose real servers, as they are by then.
    var losing: [ServiceID: ServiceSettings] = [:]
    var edited: [ServiceID: ServiceSettings] = [:]
    for change in changes {
      switch change.subject {
      case .realServer(let service, let id) where change.after == nil:
        losing[service] = edited[service] ?? observed.services[service]?.settings
        staged.drain(service, id, change.before?.realServer, observed)
        staged.second.append(change)
        hasRemovals = true
      case .service(let service) where change.after == nil:
        for (id, settings) in (observed.services[service]?.realServers ?? [:]).sorted(by: { $0.key < $1.key }) {
          staged.drain(service, id, settings, observed)
        }
        staged.second.append(change)
        hasRemovals = true
      case .address(let id) where change.after == nil && waiting.contains(id):
        staged.second.append(change)
      case .route(let id) where change.after == nil && waiting.contains(id.destination):
        staged.second.append(change)
      case .realServer(let service, let id) where daemonsWait && id.address.family != service.family:
        staged.second.append(change)
      case _ where hasRemovals && change.followsRemovals:
        if case .syncDaemon = change.subject { daemonsWait = true }
        staged.second.append(change)
      default:
        if case .service(let service) = change.subject { edited[service] = change.after?.service }
        staged.first.append(change)
      }
    }
    for (service, settings) in losing.sorted(by: { $0.key < $1.key }) { staged.letFallBack(service, settings) }
    return staged
  }
}

extension StagedPlan {
  fileprivate mutating func drain(
    _ service: ServiceID, _ id: RealServerID, _ settings: RealServerSettings?, _ observed: HostState
  ) {
    draining.append(Draining(service: service, realServer: id))
    if observed.services[service]?.settings.persistence != nil { bindsClients = true }
    guard let settings, settings.weight != 0 else { return }
    var resting = settings
    resting.weight = 0
    first.append(.realServer(service, id, Difference(before: settings, after: resting)))
  }

  fileprivate mutating func letFallBack(_ service: ServiceID, _ settings: ServiceSettings) {
    guard settings.scheduler.name == "sh", !settings.schedulerFlags.contains(.flag1) else { return }
    var fallingBack = settings
    fallingBack.schedulerFlags.insert(.flag1)
    first.append(.service(service, Difference(before: settings, after: fallingBack)))
    second.append(.service(service, Difference(before: fallingBack, after: settings)))
  }
}

/// The VIPs without which connections of waiting removals would be cut.
private struct WaitingVIPs {
  private var ofServices: Set<IPAddress> = []
  private var stay: Set<IPAddress> = []
  private var hasMarks = false
  /// Addresses that come, IPv6, by their place: the kernel takes one once for each interface, so an old one cannot wait.
  private var coming: Set<AddressID> = []

  init(_ changes: [Change], _ observed: HostState) {
    var going: Set<ServiceID> = []
    for change in changes {
      if case .address(let id) = change.subject, change.before == nil, id.address.family == .ipv6 {
        coming.insert(AddressID(id.address, interface: id.interface))
      }
      guard change.action == .delete else { continue }
      switch change.subject {
      case .service(let id):
        going.insert(id)
        if let vip = id.vip { ofServices.insert(vip) } else { hasMarks = true }
      case .realServer(.fwmark, _): hasMarks = true
      default: break
      }
    }
    // A VIP whose services stay leaves because another director takes it: that one is not to wait for it.
    if hasMarks { stay = Set(observed.services.keys.lazy.filter { !going.contains($0) }.compactMap(\.vip)) }
  }

  func contains(_ id: AddressID) -> Bool {
    contains(id.address) && !coming.contains(AddressID(id.address, interface: id.interface))
  }

  func contains(_ address: IPAddress) -> Bool {
    ofServices.contains(address) || (hasMarks && !stay.contains(address))
  }
}

extension Change {
  /// Whether this change stays behind the removals that the plan has before it.
  fileprivate var followsRemovals: Bool {
    switch subject {
    // Connections need forwarding and the like until they are over.
    case .sysctl: true
    // The kernel refuses to start one for as long as a tunnel leads to the other family (start_sync_thread).
    case .syncDaemon: true
    case .link: after?.link?.isUp != true
    default: false
    }
  }
}
